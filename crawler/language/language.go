// Package language tells the language of a text: from the text first, and from
// what its page and feed state.
//
// It knows some eighty languages by their sequences of three letters, a few by
// their small words, and many by their script alone. It does not tell apart the
// languages of one text. Start reading at [Choose].
package language

import (
	"slices"
	"strings"

	"github.com/RadhiFadlillah/whatlanggo"
)

// How many letters of a text are needed. A word of English has five.
const (
	few  = 20  // fewer say nothing
	some = 100 // from here the text decides between page and feed
	long = 200 // from here it may overrule both
)

// What the detector's confidence is worth, which goes from 0 to 1.
const (
	sure    = 0.5  // without anything stated, and to decide between page and feed
	surer   = 0.25 // the same in scripts of few languages, for some letters
	certain = 0.9  // against what is stated
)

// Choose returns the code of a text's language in ISO 639-1, "" when nothing
// tells. What is stated of it (by the page, then by the feed) counts, unless the
// text is in a script that the language is not written in, or is long and
// certainly in another language, as on sites that call every page English. When
// page and feed state two languages the text decides.
func Choose(text string, stated ...string) string {
	s := sample(text)
	codes := codesOf(stated)
	if s.letters < few {
		return first(codes)
	}
	codes = slices.DeleteFunc(codes, func(code string) bool { return !s.script.fits(code) })
	if len(codes) > 0 && s.script == latin && confirms(s.text, codes[0]) {
		return codes[0]
	}
	code, confidence := detect(s)
	stands := first(codes)
	switch {
	case code == "" || code == stands:
		return stands
	case stands == "" || slices.Contains(codes, code) && s.letters >= some:
		if confidence >= s.sure() {
			return code
		}
	case s.letters >= long && confidence > certain && isKnown(stands) && !areNear(stands, code):
		return code
	}
	return stands
}

// sure is the confidence from which the detector is believed of an excerpt.
func (e excerpt) sure() float64 {
	if e.script != latin && e.letters >= some {
		return surer
	}
	return sure
}

func first(codes []string) string {
	if len(codes) == 0 {
		return ""
	}
	return codes[0]
}

// detect returns the language of a text, "" when it cannot be told, and how
// certain that is.
func detect(s excerpt) (code string, confidence float64) {
	switch {
	case s.script == nil:
		return "", 0
	case !s.script.many:
		code, _, _ = strings.Cut(s.script.codes, " ")
		return code, 1
	}
	info := whatlanggo.Detect(s.text)
	if code = Code(info.Lang.Iso6391()); !s.script.fits(code) {
		return "", 0 // such as Kazakh, which is taken for the Turkmen of former times
	}
	return code, info.Confidence
}

// isKnown reports whether the detector knows a language, so that not finding it
// means something.
func isKnown(code string) bool {
	for lang := range whatlanggo.Langs {
		if Code(lang.Iso6391()) == code {
			return true
		}
	}
	return false
}

// areNear reports languages that the detector knows and takes for each other,
// in one of their scripts at least.
func areNear(a, b string) bool {
	for _, near := range [...]string{"hr sr sl", "da no", "rw rn", "hi bh mr ne", "id jv"} {
		if strings.Contains(near, a) && strings.Contains(near, b) {
			return true
		}
	}
	return false
}
