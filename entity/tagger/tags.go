package tagger

import "broadsheet.example/news"

// class is what a name is about, for the labeler. Groups, events, works and
// the like are a class of their own that nobody outside sees, so that they do
// not end up among the others.
type class uint8

const (
	person class = iota
	place
	organization
	other
	classes = 4
)

// tag says of a token that it is outside every name, or its position in a name
// of a class: begin, inside, last, or unit for a name of one token.
type tag uint8

// The positions of a tag within its class, and the number of tags.
const (
	begin = iota
	inside
	last
	unit
	positions = 4

	outside tag = 0
	tags        = 1 + classes*positions
)

func tagOf(c class, position int) tag { return tag(1 + int(c)*positions + position) }

// class and position take a tag apart; it must not be outside.
func (t tag) class() class  { return class((t - 1) / positions) }
func (t tag) position() int { return int((t - 1) % positions) }

// open reports whether a name goes on after the tag.
func (t tag) open() bool { return t != outside && t.position() <= inside }

// continues reports whether the tag goes on with a name.
func (t tag) continues() bool {
	return t != outside && (t.position() == inside || t.position() == last)
}

// entityType returns the type that a class stands for outside, "" for none.
func (c class) entityType() news.EntityType {
	switch c {
	case person:
		return news.Person
	case place:
		return news.Place
	case organization:
		return news.Organization
	case other:
	}
	return ""
}

// span is a name: tokens [start, end) of a sentence or a text.
type span struct {
	start, end int
	class      class
}

// spansOf reads the names off a well-formed sequence of tags.
func spansOf(seq []tag) []span {
	var out []span
	start := 0
	for i, t := range seq {
		if t == outside {
			continue
		}
		if !t.continues() {
			start = i
		}
		if !t.open() {
			out = append(out, span{start, i + 1, t.class()})
		}
	}
	return out
}

// tagSpan writes the tags of a name into seq.
func tagSpan(seq []tag, s span) {
	if s.end-s.start == 1 {
		seq[s.start] = tagOf(s.class, unit)
		return
	}
	seq[s.start] = tagOf(s.class, begin)
	for i := s.start + 1; i < s.end-1; i++ {
		seq[i] = tagOf(s.class, inside)
	}
	seq[s.end-1] = tagOf(s.class, last)
}
