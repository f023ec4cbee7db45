package extract

import (
	"net/url"
	"strings"
	"unicode"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// blocks finds the text of the article.
func (p *page) blocks() []string {
	u, err := url.Parse(p.url)
	if err != nil {
		u = &url.URL{}
	}
	parser := readability.NewParser()
	a, err := parser.ParseAndMutate(clone(p.doc), u)
	if err != nil || a.Node == nil {
		return nil
	}
	var out []string
	for _, b := range segment(a.Node) {
		if t := clean(b); t != "" {
			out = append(out, t)
		}
	}
	return out
}

func segment(root *html.Node) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if s := fold(b.String()); s != "" {
			out = append(out, s)
		}
		b.Reset()
	}
	for m := root; m != nil; {
		if m.Type == html.ElementNode && isHidden(m.DataAtom) {
			m = skipping(m, root)
			continue
		}
		if m.Type == html.TextNode {
			b.WriteString(m.Data)
		} else if breaksLine(m.DataAtom) {
			flush()
		}
		if m.FirstChild != nil {
			m = m.FirstChild
			continue
		}
		for m != root && m.NextSibling == nil {
			m = m.Parent
			if breaksLine(m.DataAtom) {
				flush()
			}
		}
		if m == root {
			break
		}
		m = m.NextSibling
	}
	flush()
	return out
}

// countWords counts words; in scripts without spaces two characters make one.
func countWords(s string) int {
	words, wide, inside := 0, 0, false
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			wide++
			inside = false
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if !inside {
				words++
			}
			inside = true
		case r != '\'' && r != '’' && !unicode.IsMark(r):
			inside = false
		}
	}
	return words + (wide+1)/2
}
