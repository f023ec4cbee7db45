package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// place is a set of elements that a block may stand in.
type place uint32

const (
	inArticle place = 1 << iota
	inMain
	inHeader
	inFooter
	inNav
	inAside
	inForm
	inTable
	inFigure
	inList
	inQuote
	inDetails
	inHidden
	inItemBody // itemprop=articleBody

	places = 14 // how many of these the model knows

	// Places that the model does not know, but rules do.
	inComments = place(1 << places)       // readers' comments
	inCaption  = place(1 << (places + 1)) // the caption of a figure
)

// commentNames matches the names of an element that holds readers' comments.
var commentNames = regexp.MustCompile(`(?:^|[\s_-])(?:comments?|comment-?(?:list|section|area|wrap|wrapper|container|thread|body|content|text)s?|commentlist|disqus_thread|disqus|respond|fb-comments|livefyre|user-?comments|kommentare?|comentarios)(?:$|\s)`)

// placeOf is the place that an element opens for what stands in it.
func placeOf(n *html.Node) place {
	var p place
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			p |= inHidden
		case "aria-hidden":
			if a.Val == "true" {
				p |= inHidden
			}
		case "style":
			if hidesElement(a.Val) {
				p |= inHidden
			}
		case "itemprop":
			if strings.Contains(strings.ToLower(a.Val), "articlebody") {
				p |= inItemBody
			}
		case "role":
			p |= placeOfRole(a.Val)
		}
	}
	return p | placeOfTag(n.DataAtom)
}

func hidesElement(style string) bool {
	style = strings.ReplaceAll(strings.ToLower(style), " ", "")
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

func placeOfRole(role string) place {
	switch role {
	case "main":
		return inMain
	case "article":
		return inArticle
	case "navigation", "menu":
		return inNav
	case "complementary":
		return inAside
	case "contentinfo":
		return inFooter
	case "banner":
		return inHeader
	}
	return 0
}

func placeOfTag(a atom.Atom) place {
	switch a {
	case atom.Article:
		return inArticle
	case atom.Main:
		return inMain
	case atom.Header, atom.Hgroup:
		return inHeader
	case atom.Footer:
		return inFooter
	case atom.Nav, atom.Menu:
		return inNav
	case atom.Aside:
		return inAside
	case atom.Form, atom.Fieldset, atom.Dialog:
		return inForm
	case atom.Table:
		return inTable
	case atom.Figcaption:
		return inFigure | inCaption
	case atom.Figure, atom.Caption:
		return inFigure
	case atom.Ul, atom.Ol, atom.Dl:
		return inList
	case atom.Blockquote:
		return inQuote
	case atom.Details:
		return inDetails
	}
	return 0
}
