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

// fromGofeed converts what gofeed read, addresses still as written. Dates are
// left to fill, which knows more forms and more zones.
func fromGofeed(g *gofeed.Feed) *Feed {
	f := &Feed{
		Title:       g.Title,
		Link:        g.Link,
		Description: g.Description,
		Language:    g.Language,
		Rights:      g.Copyright,
		Generator:   strings.TrimSpace(g.Generator),
		Items:       make([]Item, 0, len(g.Items)),
	}
	if g.Image != nil && g.Image.URL != "" {
		f.Image = &Image{URL: g.Image.URL, Title: g.Image.Title}
	}
	for _, i := range g.Items {
		f.Items = append(f.Items, itemFromGofeed(i))
	}
	return f
}

func itemFromGofeed(g *gofeed.Item) Item {
	i := Item{
		ID:      strings.TrimSpace(g.GUID),
		Title:   g.Title,
		Link:    g.Link,
		Summary: g.Description,
		Content: g.Content,
	}
	if g.Image != nil {
		i.ImageURL = g.Image.URL
	}
	return i
}
