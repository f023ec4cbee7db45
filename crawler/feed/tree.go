package feed

import "strings"

// node is an element of a document, or a run of its text when tag is empty.
type node struct {
	tag   string // the name as written
	ns    string // canonical prefix of the vocabulary; nsNative for the feed's own
	name  string // local name in lower case
	attrs []attr
	kids  []*node

	text    string // of a text node, decoded
	literal bool   // text came from CDATA: markup in it is escaped markup
}

// document is what readTree makes of a body.
type document struct {
	root      *node
	rootURI   string // namespace of the root element
	netscape  bool   // a DOCTYPE named Netscape's RSS 0.91
	truncated bool   // the end of the root was never reached
	size      int    // in bytes
}

// attr returns the value of the attribute with the qualified name, ignoring
// case, "" if there is none.
func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if strings.EqualFold(a.name, name) {
			return a.value
		}
	}
	return ""
}

// native reports whether n belongs to the feed's own vocabulary, or to Atom
// embedded in it.
func (n *node) native() bool { return n.tag != "" && (n.ns == nsNative || n.ns == nsAtom) }

// is reports whether n is the element of a vocabulary.
func (n *node) is(ns, name string) bool { return n.tag != "" && n.ns == ns && n.name == name }

// child returns the first native child element with the name, or nil.
func (n *node) child(name string) *node {
	for _, k := range n.kids {
		if k.native() && k.name == name {
			return k
		}
	}
	return nil
}

// hasElements reports whether any child is an element.
func (n *node) hasElements() bool {
	for _, k := range n.kids {
		if k.tag != "" {
			return true
		}
	}
	return false
}

// plain returns the text of n and everything in it, in NFC, without the white
// space around it.
func (n *node) plain() string { return normal(n.raw()) }

// raw is plain without normalization, for addresses: there a character's form
// is part of the name.
func (n *node) raw() string {
	if len(n.kids) == 1 && n.kids[0].tag == "" {
		return strings.TrimSpace(n.kids[0].text)
	}
	var b strings.Builder
	n.appendText(&b)
	return strings.TrimSpace(b.String())
}

func (n *node) appendText(b *strings.Builder) {
	for _, k := range n.kids {
		if k.tag == "" {
			b.WriteString(k.text)
		} else {
			k.appendText(b)
		}
	}
}
