package extract

import (
	"bytes"
	"fmt"

	"golang.org/x/net/html"
)

// depthCaps are the nesting depths tried, one after another, on a page nested
// deeper than the parser accepts. The parser adds elements of its own, so that
// the first is not always low enough.
var depthCaps = [...]int{400, 200, 100}

// parse builds the tree of a page, flattening what nests too deep and unfolding
// the templates of articles.
func parse(page []byte) (*html.Node, error) {
	doc, err := html.Parse(bytes.NewReader(page))
	for _, limit := range depthCaps {
		if err == nil {
			break
		}
		doc, err = html.Parse(bytes.NewReader(capDepth(page, limit)))
	}
	if err != nil {
		return nil, fmt.Errorf("parse page: %w", err)
	}
	unfoldTemplates(doc)
	return doc, nil
}

// capDepth rewrites a page so that at most limit elements nest: start tags
// beyond it go, with their end tags. It works on tokens in linear time.
func capDepth(page []byte, limit int) []byte {
	f := flattener{limit: limit, dropped: map[string]int{}}
	f.out.Grow(len(page))
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return f.out.Bytes()
		}
		raw := bytes.Clone(z.Raw())
		keep := true
		switch kind {
		case html.StartTagToken:
			name, _ := z.TagName()
			keep = f.open(string(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			keep = f.close(string(name))
		}
		if keep {
			f.out.Write(raw)
		}
	}
}

// flattener follows the nesting of a token stream.
type flattener struct {
	out     bytes.Buffer
	limit   int
	depth   int
	stack   []openTag
	dropped map[string]int // start tags left out whose end tags are still to come
}

type openTag struct {
	name   string
	weight int
}

// closeWindow is how far up an end tag looks for its start tag.
const closeWindow = 64

func (f *flattener) open(name string) bool {
	weight := tagWeight(name)
	if weight == 0 {
		return f.depth < f.limit || !isTablePart(name)
	}
	if impliesEnd(name) && len(f.stack) > 0 && f.stack[len(f.stack)-1].name == name {
		f.depth -= f.stack[len(f.stack)-1].weight
		f.stack = f.stack[:len(f.stack)-1]
	}
	if f.depth+weight > f.limit {
		f.dropped[name]++
		return false
	}
	f.depth += weight
	f.stack = append(f.stack, openTag{name, weight})
	return true
}

func (f *flattener) close(name string) bool {
	if f.dropped[name] > 0 {
		f.dropped[name]--
		return false
	}
	for i := len(f.stack) - 1; i >= max(0, len(f.stack)-closeWindow); i-- {
		if f.stack[i].name != name {
			continue
		}
		for _, t := range f.stack[i:] {
			f.depth -= t.weight
		}
		f.stack = f.stack[:i]
		break
	}
	return true
}

// tagWeight is how many levels an element may add to the tree: a table brings
// its row and cell, formatting elements are reopened in each paragraph, void
// elements and those the parser places by itself add none.
func tagWeight(name string) int {
	switch name {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
		"html", "head", "body", "tr", "td", "th", "tbody", "thead", "tfoot":
		return 0
	case "table":
		return 4
	case "b", "i", "a", "em", "font", "strong", "code", "u", "s", "small", "big", "tt", "nobr", "strike":
		return 2
	}
	return 1
}

func isTablePart(name string) bool {
	return name == "td" || name == "tr" || name == "th" || name == "tbody"
}

func impliesEnd(name string) bool {
	switch name {
	case "p", "li", "option", "dd", "dt":
		return true
	}
	return false
}
