package extract

import (
	"iter"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// nodes yields root and everything below it in document order without
// recursion, so that no depth can exhaust the stack. The tree may not change
// meanwhile.
func nodes(root *html.Node) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		for n := root; n != nil; n = following(n, root) {
			if !yield(n) {
				return
			}
		}
	}
}

// following is the node after n in document order, within root.
func following(n, root *html.Node) *html.Node {
	if n.FirstChild != nil {
		return n.FirstChild
	}
	return skipping(n, root)
}

// skipping is the node after n and all that n holds, within root.
func skipping(n, root *html.Node) *html.Node {
	for n != root && n != nil {
		if n.NextSibling != nil {
			return n.NextSibling
		}
		n = n.Parent
	}
	return nil
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// textOf is the visible text below n on one line, or the first maxStated bytes
// of it.
func textOf(n *html.Node) string {
	var b strings.Builder
	for m := n; m != nil && b.Len() < maxStated; {
		if m.Type == html.ElementNode && isHidden(m.DataAtom) {
			m = skipping(m, n)
			continue
		}
		switch {
		case m.Type == html.TextNode:
			b.WriteString(m.Data)
		case m.Type == html.ElementNode && breaksLine(m.DataAtom):
			b.WriteByte(' ')
		}
		m = following(m, n)
	}
	return fold(b.String())
}

// fold makes one space of each run of white space and trims the ends.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// isHidden reports whether an element's text is never part of the page's.
func isHidden(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Svg, atom.Head, atom.Select,
		atom.Button, atom.Textarea, atom.Object, atom.Canvas, atom.Audio, atom.Video, atom.Math, atom.Noembed, atom.Noframes,
		atom.Rt, atom.Rp:
		return true
	}
	return false
}

// breaksLine reports whether an element starts a new block.
func breaksLine(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Ul, atom.Ol, atom.Li, atom.H1, atom.H2, atom.H3,
		atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Pre, atom.Table, atom.Tr, atom.Td, atom.Th, atom.Figure,
		atom.Figcaption, atom.Dl, atom.Dt, atom.Dd, atom.Hr, atom.Br, atom.Header, atom.Footer, atom.Aside, atom.Nav,
		atom.Form, atom.Details, atom.Summary, atom.Body, atom.Center, atom.Address, atom.Fieldset, atom.Tbody,
		atom.Thead, atom.Caption, atom.Hgroup, atom.Menu, atom.Dialog:
		return true
	}
	return false
}
