package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of templates.
const (
	maxTemplates   = 4   // of one page
	minTemplateLen = 200 // bytes
)

// unfoldTemplates puts in place the articles that a page keeps in a template
// inside the element for its text, for scripts to show, as Google's blogs do.
func unfoldTemplates(doc *html.Node) {
	var found []*html.Node
	for n := range nodes(doc) {
		if n.DataAtom == atom.Script && isArticleTemplate(n) && len(found) < maxTemplates {
			found = append(found, n)
		}
	}
	for _, n := range found {
		parts, err := html.ParseFragment(strings.NewReader(n.FirstChild.Data), n.Parent)
		if err != nil {
			continue
		}
		for _, part := range parts {
			n.Parent.InsertBefore(part, n)
		}
	}
}

// isArticleTemplate reports whether a script is a template that stands in the
// element for the article's text.
func isArticleTemplate(n *html.Node) bool {
	if n.FirstChild == nil || len(n.FirstChild.Data) < minTemplateLen || n.Parent == nil || n.Parent.Type != html.ElementNode {
		return false
	}
	return strings.EqualFold(attr(n, "type"), "text/template") && hintsOf(classNames(n.Parent))&hintBody != 0
}
