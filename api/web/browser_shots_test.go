package web_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

var (
	shots = flag.String("shots", "", "folder to take pictures of every page into")
	site  = flag.String("site", "http://127.0.0.1:8080", "address of the running server to take pictures of")
)

// TestScreenshots takes pictures of every page of a running server, on a desk and
// on a phone, in both themes. The README's are some of those of the demo:
//
//	broadsheet demo &
//	go test ./api/web -run Screenshots -shots /tmp/shots
func TestScreenshots(t *testing.T) {
	if *shots == "" {
		t.Skip("takes pictures of a running server: give -shots FOLDER")
	}
	b := open(t, newWorld(t))
	b.base = *site
	for _, screen := range []struct {
		name          string
		width, height int64
	}{{"desk", 1280, 960}, {"phone", 390, 844}} {
		b.run(chromedp.EmulateViewport(screen.width, screen.height))
		for _, theme := range []string{"light", "dark"} {
			b.theme(theme)
			for name, path := range b.tour() {
				b.visit(path)
				var picture []byte
				b.run(chromedp.CaptureScreenshot(&picture))
				file := filepath.Join(*shots, name+"-"+screen.name+"-"+theme+".png")
				if err := os.WriteFile(file, picture, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// tour finds a page of every kind by its links.
func (b *tab) tour() map[string]string {
	b.t.Helper()
	link := func(on, selector string) string {
		b.visit(on)
		return b.eval(`document.querySelector(` + "`" + selector + "`" + `).getAttribute("href")`)
	}
	paths := map[string]string{
		"front": "/", "help": "/help/query", "health": "/health", "nowhere": "/nowhere", "signin": "/sign-in",
		"search": search("q", "strike"), "none": search("q", "zeppelinx"), "error": search("q", `(strike OR`),
		"narrowed": search("q", "strike", "from", "30d"), "all": search("sortBy", "newest"),
	}
	paths["article"] = link(paths["search"], ".details")
	paths["source"] = link(paths["article"], ".story .source")
	paths["entity"] = link(paths["article"], `aside [href^="/entities/"]`)
	paths["place"] = link(link(paths["search"], `aside [data-key^="place:"]`), ".about a")
	return paths
}
