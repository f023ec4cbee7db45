package feed

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/mmcdole/gofeed"
)

// runGofeed has gofeed read a canonical document or JSON Feed. A panic inside
// gofeed becomes an error; the guards before it have made sure that nothing
// worse can happen.
func runGofeed(canonical string) (parsed *gofeed.Feed, err error) {
	defer func() {
		if p := recover(); p != nil {
			parsed, err = nil, fmt.Errorf("gofeed panicked: %v\n%s", p, debug.Stack())
		}
	}()
	parser := gofeed.NewParser()
	// Pictures inside content are found without building a tree of it.
	parser.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	parsed, err = parser.Parse(strings.NewReader(canonical))
	if err != nil {
		return nil, fmt.Errorf("gofeed: %w", err)
	}
	return parsed, nil
}

// fromGofeed converts what gofeed read. Dates are left to fill, which knows
// more forms and more zones.
func fromGofeed(g *gofeed.Feed) *Feed {
	f := &Feed{
		Title:       normal(g.Title),
		Link:        g.Link,
		Description: normal(g.Description),
		Language:    g.Language,
		Rights:      normal(g.Copyright),
		Generator:   normal(strings.TrimSpace(g.Generator)),
	}
	if g.Image != nil && g.Image.URL != "" {
		f.Image = &Image{URL: g.Image.URL, Title: normal(g.Image.Title)}
	}
	for _, i := range g.Items {
		f.Items = append(f.Items, itemFromGofeed(i))
	}
	return f
}

func itemFromGofeed(g *gofeed.Item) Item {
	i := Item{
		ID:      normal(strings.TrimSpace(g.GUID)),
		Title:   normal(g.Title),
		Link:    tidyAddress(g.Link),
		Summary: normal(g.Description),
		Content: normal(g.Content),
	}
	if g.Image != nil {
		i.ImageURL = g.Image.URL
	}
	return i
}
