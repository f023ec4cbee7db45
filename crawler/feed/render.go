package feed

import (
	"cmp"
	"slices"
	"strings"
)

// Namespaces that markup taken out of a feed declares anew, to stand by itself.
const (
	uriSVG   = "http://www.w3.org/2000/svg"
	uriMath  = "http://www.w3.org/1998/Math/MathML"
	uriXLink = "http://www.w3.org/1999/xlink"
)

// renderInner writes the children of n as HTML.
func renderInner(n *node, b base) string {
	var out strings.Builder
	renderKids(&out, n, b.within(n))
	return out.String()
}

func renderKids(out *strings.Builder, n *node, b base) {
	for _, k := range n.kids {
		switch {
		case k.tag != "":
			renderElement(out, k, n.ns, b.within(k))
		case k.literal: // escaped markup beside real markup: both were meant
			out.WriteString(b.resolveHTML(k.text))
		default:
			escapeText(out, k.text)
		}
	}
}

// renderElement writes an element that stands inside one of the vocabulary
// outer.
func renderElement(out *strings.Builder, n *node, outer string, b base) {
	name := markupName(n)
	out.WriteString("<" + name)
	for _, a := range markupAttrs(n, outer) {
		value := a.value
		if isAddress(n.name, strings.ToLower(strings.TrimPrefix(a.name, "xlink:"))) {
			value = b.resolve(value)
		}
		out.WriteString(" " + a.name + `="`)
		escapeAttr(out, value)
		out.WriteByte('"')
	}
	if len(n.kids) == 0 && isVoid(n) {
		out.WriteString(" />")
		return
	}
	out.WriteByte('>')
	renderKids(out, n, b)
	out.WriteString("</" + name + ">")
}

// markupName returns the name an element has in HTML, where the vocabularies
// that HTML knows have no prefix.
func markupName(n *node) string {
	switch n.ns {
	case nsXHTML, nsSVG, nsMath:
		return n.tag[strings.IndexByte(n.tag, ':')+1:]
	}
	return n.tag
}

// markupAttrs returns the attributes to write, by name: those that are neither
// declarations nor XML's own, and the declarations that the element needs.
func markupAttrs(n *node, outer string) []attr {
	var out []attr
	linked := false
	for _, a := range n.attrs {
		if _, declares := declaredPrefix(a.name); declares || strings.HasPrefix(a.name, "xml:") {
			continue
		}
		linked = linked || strings.HasPrefix(a.name, "xlink:")
		out = append(out, a)
	}
	if linked {
		out = append(out, attr{"xmlns:xlink", uriXLink})
	}
	switch {
	case n.ns == outer:
	case n.ns == nsSVG:
		out = append(out, attr{"xmlns", uriSVG})
	case n.ns == nsMath:
		out = append(out, attr{"xmlns", uriMath})
	}
	slices.SortStableFunc(out, func(x, y attr) int { return cmp.Compare(x.name, y.name) })
	return out
}
