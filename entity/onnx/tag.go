package onnx

import (
	"strings"
	"unicode/utf8"

	"broadsheet.example/entity/token"
	"broadsheet.example/news"
)

// tag is what a label of the model says of a word. The zero tag is for words
// outside of names.
type tag struct {
	kind   news.EntityType // empty for what is none of ours
	class  string          // what the model calls the kind
	begins bool            // a name begins here, whatever is before
	ends   bool            // a name ends here, whatever follows
}

// parseTag reads a label of the schemes IO, IOB, IOBES and BILOU.
func parseTag(label string) tag {
	label = strings.ToUpper(strings.TrimSpace(label))
	var t tag
	t.class = label
	if prefix, class, ok := strings.Cut(label, "-"); ok && len(prefix) == 1 && strings.Contains("BIELSUMO", prefix) {
		t.class = class
		t.begins = strings.Contains("BSU", prefix)
		t.ends = strings.Contains("ELSU", prefix)
	}
	if t.kind = kindOf(t.class); t.kind == "" {
		return tag{}
	}
	return t
}

// kindOf returns the type that common label sets call so, or "".
func kindOf(class string) news.EntityType {
	switch class {
	case "PER", "PERSON", "PERS":
		return news.Person
	case "LOC", "LOCATION", "GPE", "FAC", "FACILITY", "PLACE":
		return news.Place
	case "ORG", "ORGANIZATION", "ORGANISATION":
		return news.Organization
	}
	return ""
}

// goesOn reports whether the word after one tagged t, which is tagged next, is
// part of the same name.
func (t tag) goesOn(next tag) bool { return t.class == next.class && !t.ends && !next.begins }

// mentions puts the tags of a text's words together into names. A name stays
// within its sentence, and has no broken bytes in it.
func mentions(cut *token.Text, tags []tag) []news.Mention {
	var names []news.Mention
	first := 0
	for _, end := range cut.Ends {
		open := tag{}
		for i := first; i < end; i++ {
			t := tags[i]
			switch {
			case t.kind == "":
			case open.kind != "" && open.goesOn(t) && utf8.ValidString(cut.Source[cut.Tokens[i-1].End:cut.Tokens[i].Start]):
				names[len(names)-1].End = cut.Tokens[i].End
			default:
				names = append(names, news.Mention{Start: cut.Tokens[i].Start, End: cut.Tokens[i].End, Type: t.kind})
			}
			open = t
		}
		first = end
	}
	return names
}
