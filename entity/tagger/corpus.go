package tagger

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"broadsheet.example/entity/token"
)

// Labeled is a text and the names in it.
type Labeled struct {
	Text  string
	Names []Name
	// Partial says that groups, events and the like are not marked, so that a
	// word outside every name may be one.
	Partial bool
}

// Name is a name in a text: its bytes, and what labeled files call its type.
type Name struct {
	Start, End int
	Type       string
}

// sentencesPerParagraph is how many sentences of a labeled file are put into a
// paragraph of the text made from it.
const sentencesPerParagraph = 5

// ReadIOB2 reads documents of lines TOKEN TAB TAG, with an empty line after
// each sentence and a line -DOCSTART- before each document. The text is put
// together as it would be printed.
func ReadIOB2(in io.Reader) ([]Labeled, error) {
	var docs []Labeled
	b := &builder{}
	flush := func() {
		if len(b.doc.Names) > 0 || b.text.Len() > 0 {
			docs = append(docs, b.done())
		}
		b = &builder{}
	}
	lines := bufio.NewScanner(in)
	n := 0
	for lines.Scan() {
		n++
		line := lines.Text()
		tok, label, ok := strings.Cut(line, "\t")
		switch {
		case strings.HasPrefix(line, "-DOCSTART-"):
			flush()
		case strings.TrimSpace(line) == "":
			b.endSentence()
		case !ok || tok == "":
			return nil, fmt.Errorf("line %d: want a token, a tab and a tag", n)
		default:
			b.add(tok, label)
		}
	}
	flush()
	return docs, lines.Err()
}

// builder puts a document together.
type builder struct {
	doc       Labeled
	text      strings.Builder
	before    string // the token before in the sentence
	open      bool   // the last name may go on
	sentences int
}

func (b *builder) add(tok, label string) {
	switch {
	case b.before != "":
		if !closesUp(tok) && !opensUp(b.before) {
			b.text.WriteByte(' ')
		}
	case b.sentences > 0 && b.sentences%sentencesPerParagraph == 0:
		b.text.WriteString("\n\n")
	case b.sentences > 0:
		b.text.WriteByte(' ')
	}
	start := b.text.Len()
	b.text.WriteString(tok)
	b.before = tok
	position, kind, _ := strings.Cut(label, "-")
	if last := len(b.doc.Names) - 1; position == "I" && b.open && b.doc.Names[last].Type == kind {
		b.doc.Names[last].End = b.text.Len()
		return
	}
	if b.open = position == "B" || position == "I"; b.open {
		b.doc.Names = append(b.doc.Names, Name{start, b.text.Len(), kind})
	}
}

func (b *builder) endSentence() {
	if b.before != "" {
		b.sentences++
	}
	b.before, b.open = "", false
}

func (b *builder) done() Labeled {
	b.doc.Text = b.text.String()
	return b.doc
}

// closesUp reports tokens without a space before them, opensUp those without
// one after.
func closesUp(tok string) bool {
	switch tok {
	case ",", ".", ";", ":", "?", "!", ")", "]", "}", "%", "'s", "’s", "n't", "'", "”", "''", "...":
		return true
	}
	return false
}

func opensUp(tok string) bool {
	switch tok {
	case "(", "[", "{", "$", "“", "``", "#":
		return true
	}
	return false
}

// classOf returns the class of a type of name in a labeled file.
func classOf(kind string) class {
	switch kind {
	case "PER":
		return person
	case "LOC", "GPE", "FAC":
		return place
	case "ORG":
		return organization
	}
	return other
}

// project lays the names of a document over the tokens of its text. For a
// partial document it also says which tags may stand where. A name that begins
// with a handle's sign is left open: people and accounts go by the same there.
func project(l Labeled, text *token.Text) (gold []tag, allowed []uint32) {
	gold = make([]tag, len(text.Tokens))
	var unsure []span
	i := 0
	for _, n := range l.Names {
		for i < len(text.Tokens) && text.Tokens[i].End <= n.Start {
			i++
		}
		from := i
		for i < len(text.Tokens) && text.Tokens[i].Start < n.End {
			i++
		}
		if from == i {
			continue
		}
		s := span{from, i, classOf(n.Type)}
		if strings.HasPrefix(l.Text[n.Start:], "@") {
			unsure = append(unsure, s)
			continue
		}
		tagSpan(gold, s)
	}
	splitAtSentences(gold, text.Ends)
	if l.Partial {
		allowed = allow(gold, unsure)
	}
	return gold, allowed
}

// splitAtSentences cuts names that run over the end of a sentence.
func splitAtSentences(gold []tag, ends []int) {
	for _, end := range ends {
		if end < len(gold) && gold[end-1].open() {
			gold[end-1] = tagOf(gold[end-1].class(), closing(gold[end-1]))
			gold[end] = tagOf(gold[end].class(), opening(gold[end]))
		}
	}
}

// closing returns the position that ends a name at t, opening the one that
// begins it.
func closing(t tag) int {
	if t.position() == begin {
		return unit
	}
	return last
}

func opening(t tag) int {
	if t.position() == last {
		return unit
	}
	return begin
}

// allow returns the tags that a partial document leaves open.
func allow(gold []tag, unsure []span) []uint32 {
	allowed := make([]uint32, len(gold))
	for i, t := range gold {
		allowed[i] = 1 << t
		if t == outside {
			allowed[i] |= (1<<positions - 1) << tagOf(other, begin)
		}
	}
	for _, s := range unsure {
		for i := s.start; i < s.end; i++ {
			allowed[i] = anyTag
		}
	}
	return allowed
}
