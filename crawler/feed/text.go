package feed

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// maxText bounds what Text returns, in bytes.
const maxText = 1 << 20

// Text returns the words of an HTML fragment: tags, scripts and styles dropped,
// entities decoded, white space folded, paragraphs separated by a blank line.
// The result is NFC, at most 1 MiB, and empty for a fragment without words.
func Text(fragment string) string {
	var b textBuilder
	z := html.NewTokenizer(strings.NewReader(fragment))
	for b.out.Len() < maxText {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.words(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			b.open(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			b.close(atom.Lookup(name))
		default: // comments and doctypes say nothing
		}
	}
	return b.String()
}

// textBuilder gathers words and the breaks between them.
type textBuilder struct {
	out    strings.Builder
	gap    string    // what stands between the last word and the next
	hidden atom.Atom // the element whose text is not words, while inside it
}

// words appends the words of s; white space at its edges separates.
func (b *textBuilder) words(s string) {
	if b.hidden != 0 {
		return
	}
	for i, word := range strings.Fields(s) {
		if i > 0 || isSpace(s[0]) {
			b.space(" ")
		}
		if b.out.Len() > 0 {
			b.out.WriteString(b.gap)
		}
		b.gap = ""
		b.out.WriteString(word)
	}
	if s != "" && isSpace(s[len(s)-1]) {
		b.space(" ")
	}
}

// space asks for a separator before the next word; the widest asked for wins.
func (b *textBuilder) space(gap string) {
	if len(gap) > len(b.gap) || b.gap == " " {
		b.gap = gap
	}
}

func (b *textBuilder) open(tag atom.Atom) {
	switch tag {
	case atom.Script, atom.Style, atom.Template, atom.Noscript:
		if b.hidden == 0 {
			b.hidden = tag
		}
	case atom.Br:
		if b.gap == "\n" { // two of them part paragraphs
			b.space("\n\n")
		}
		b.space("\n")
	default:
		b.block(tag)
	}
}

func (b *textBuilder) close(tag atom.Atom) {
	if tag == b.hidden {
		b.hidden = 0
	}
	b.block(tag)
}

// block separates the words before and after a block-level tag.
func (b *textBuilder) block(tag atom.Atom) {
	switch tag {
	default: // inline: nothing separates
	case atom.P, atom.Div, atom.Blockquote, atom.Pre, atom.Ul, atom.Ol, atom.Table, atom.Figure, atom.Section,
		atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Hr,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		b.space("\n\n")
	case atom.Li, atom.Tr, atom.Dt, atom.Dd, atom.Figcaption:
		b.space("\n")
	case atom.Td, atom.Th:
		b.space(" ")
	}
}

// String returns the text so far, cut at the limit.
func (b *textBuilder) String() string {
	return norm.NFC.String(cut(b.out.String(), maxText))
}

// cut returns at most n bytes of s, never splitting a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// oneLine folds all white space of s to single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }
