package demo

import (
	"bytes"
	"fmt"
	"hash/fnv"
)

// drawing makes a small abstract picture, always the same for the same seed: a sky,
// a sun and three ridges.
func drawing(seed string) []byte {
	h := fnv.New32a()
	h.Write([]byte(seed))
	n := h.Sum32()
	hue, sunX, sunY := n>>9%360, 150+n/7%900, 110+n/11%180
	var b bytes.Buffer
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="675" viewBox="0 0 1200 675">`)
	fmt.Fprintf(&b, `<rect width="1200" height="675" fill="hsl(%d 42%% 82%%)"/>`, hue)
	fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="70" fill="hsl(%d 70%% 92%%)"/>`, sunX, sunY, (hue+40)%360)
	for i := range uint32(3) {
		y, bend, peak := 330+i*95, 60+n>>(i*5)%170, 200+n>>(i*7)%500
		fmt.Fprintf(&b, `<path d="M0 %d Q%d %d %d %d T1200 %d V675 H0Z" fill="hsl(%d 38%% %d%%)"/>`,
			y, peak, y-bend, peak+250, y, y-bend/2, (hue+i*14)%360, 62-i*16)
	}
	b.WriteString(`</svg>`)
	return b.Bytes()
}
