package entity

import "broadsheet.example/news"

// Labeler marks names in place of the embedded model, such as a transformer. It
// must be safe for concurrent use.
type Labeler interface {
	// Label returns the names in a text of any language, in order, none
	// overlapping another, with the bytes from Start to End of the text. ok is
	// false when it cannot, which leaves the text to the embedded model.
	Label(text string) (names []news.Mention, ok bool)
}

// With returns a Recognizer that leaves the marking of names to l. What the
// names come to is for r to say as before.
func (r *Recognizer) With(l Labeler) *Recognizer {
	with := *r
	with.labeler = l
	return &with
}
