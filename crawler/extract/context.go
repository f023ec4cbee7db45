package extract

import (
	"math"
	"sort"
)

// Numbers of the second stage's features.
const (
	// contextReach is how far the first stage's single opinions are seen.
	contextReach    = 5
	opinionFeatures = 2*contextReach + 1 + 4 + 3 + 3 + 5 + 1
	contextFeatures = features + opinionFeatures
	// likely is the first opinion from which a block counts as found.
	likely = 0.5
	// farAway stands for the distance to a found block when there is none near.
	farAway = 99
)

// opinions are the first stage's probabilities and what follows from them.
type opinions struct {
	seg     *segmenter
	p       []float32
	sums    []float64 // of p, before each block
	weights []float64 // of p times letters, before each block
	found   []int     // blocks that are likely
	boxes   map[*box]*mean
	styles  map[uint32]*mean
	best    float32
}

// mean averages opinions, once by letters and once by blocks.
type mean struct{ weighted, runes, sum, n float64 }

func newOpinions(seg *segmenter, p []float32) *opinions {
	o := &opinions{
		seg: seg, p: p, sums: make([]float64, len(p)+1), weights: make([]float64, len(p)+1),
		boxes: map[*box]*mean{}, styles: map[uint32]*mean{},
	}
	for i, x := range p {
		b := &seg.blocks[i]
		o.sums[i+1] = o.sums[i] + float64(x)
		o.weights[i+1] = o.weights[i] + float64(x)*float64(b.runes)
		o.best = max(o.best, x)
		if x > likely {
			o.found = append(o.found, i)
		}
		addMean(o.boxes, b.box.parent, float64(x), float64(b.runes))
		addMean(o.styles, b.style(), float64(x), float64(b.runes))
	}
	return o
}

func addMean[K comparable](sums map[K]*mean, key K, p, runes float64) {
	m := sums[key]
	if m == nil {
		m = &mean{}
		sums[key] = m
	}
	m.weighted += p * runes
	m.runes += runes
	m.sum += p
	m.n++
}

func (m *mean) values() (byRunes, byBlocks float32) {
	return float32(m.weighted / (m.runes + 1e-6)), float32(m.sum / m.n)
}

// describe appends what the opinions say about a block to its vector.
func (o *opinions) describe(v *vector, i int) []float32 {
	out := append(make([]float32, 0, contextFeatures), v[:]...)
	for j := i - contextReach; j <= i+contextReach; j++ {
		if j < 0 || j >= len(o.p) {
			out = append(out, -1)
		} else {
			out = append(out, o.p[j])
		}
	}
	b := &o.seg.blocks[i]
	byRunes, byBlocks := o.boxes[b.box.parent].values()
	out = append(out, byRunes, byBlocks)
	byRunes, byBlocks = o.styles[b.style()].values()
	out = append(out, byRunes, byBlocks)
	for _, reach := range [...]int{3, 8, 20} {
		lo, hi := max(0, i-reach), min(len(o.p), i+reach+1)
		out = append(out, float32((o.sums[hi]-o.sums[lo])/float64(hi-lo)))
	}
	all := o.weights[len(o.p)]
	out = append(out, o.best, float32(len(o.found)), float32(math.Log1p(all)))
	out = o.position(out, i)
	return append(out, float32(o.weights[i+1]/(all+1e-6)))
}

// position appends where the block stands among those found.
func (o *opinions) position(out []float32, i int) []float32 {
	if len(o.found) == 0 {
		return append(out, farAway, farAway, 0, 0, 0)
	}
	before := sort.SearchInts(o.found, i)
	after := sort.SearchInts(o.found, i+1)
	back, ahead := farAway, farAway
	if before > 0 {
		back = min(farAway, i-o.found[before-1])
	}
	if after < len(o.found) {
		ahead = min(farAway, o.found[after]-i)
	}
	n := float32(len(o.p))
	return append(out, float32(back), float32(ahead), float32(before)/float32(len(o.found)),
		float32(i-o.found[0])/n, float32(i-o.found[len(o.found)-1])/n)
}
