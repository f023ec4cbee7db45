package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isBlank reports whether r separates words.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// isQuote reports whether r opens and closes a phrase. Each closes what any of
// them opened, since keyboards and editors mix them.
func isQuote(r rune) bool {
	switch r {
	case '"', '“', '”', '„', '‟', '＂':
		return true
	}
	return false
}

// isDelimiter reports whether r ends a word.
func isDelimiter(r rune) bool { return isBlank(r) || isQuote(r) || r == '(' || r == ')' }

// isWordRune reports whether r makes a word more than punctuation.
func isWordRune(r rune) bool {
	return unicode.In(r, unicode.Letter, unicode.Number, unicode.Mark, unicode.So)
}

// hasWord reports whether s holds anything that can be searched for.
func hasWord(s string) bool { return strings.ContainsFunc(s, isWordRune) }

// run is a stretch of text without blanks, quotes and parentheses.
type run struct {
	text    string // without the escaping backslashes and the star
	star    bool   // it ended in an unescaped star
	escaped bool   // it held a backslash that escapes
}

// scanner reads a query from left to right.
type scanner struct {
	src string
	pos int
}

func (s *scanner) rest() string { return s.src[s.pos:] }

func (s *scanner) end() bool { return s.pos >= len(s.src) }

// peek returns the next rune and its width; width 0 at the end.
func (s *scanner) peek() (rune, int) { return utf8.DecodeRuneInString(s.rest()) }

// skipBlanks moves to the next rune that is not blank.
func (s *scanner) skipBlanks() {
	s.pos = len(s.src) - len(strings.TrimLeftFunc(s.rest(), isBlank))
}

// take moves over r if it stands next.
func (s *scanner) take(r byte) bool {
	if !strings.HasPrefix(s.rest(), string(rune(r))) {
		return false
	}
	s.pos++
	return true
}

// word returns the stretch up to the next delimiter, as written, and does not move.
func (s *scanner) word() string {
	rest := s.rest()
	if i := strings.IndexFunc(rest, isDelimiter); i >= 0 {
		return rest[:i]
	}
	return rest
}

// keyword moves over the operator name if it stands next as a word of its own.
func (s *scanner) keyword(name string) bool {
	s.skipBlanks()
	if s.word() != name {
		return false
	}
	s.pos += len(name)
	s.skipBlanks()
	return true
}

// name moves over letters and a colon, and returns the letters; "" if no name
// and colon stand next.
func (s *scanner) name() string {
	rest := s.rest()
	i := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if i <= 0 || rest[i] != ':' {
		return ""
	}
	s.pos += i + 1
	return rest[:i]
}

// run reads a stretch of text. A backslash takes the meaning from what follows.
func (s *scanner) run() run {
	var b strings.Builder
	var out run
	stars := 0 // unescaped ones at the end of b
	for !s.end() {
		r, width := s.peek()
		if isDelimiter(r) {
			break
		}
		s.pos += width
		plain := true
		if r == '\\' && !s.end() {
			r, width = s.peek()
			s.pos += width
			plain, out.escaped = false, true
		}
		if r == '*' && plain {
			stars++
		} else {
			stars = 0
		}
		b.WriteRune(r)
	}
	text := b.String()
	out.text, out.star = text[:len(text)-stars], stars > 0
	return out
}

// quoted reads the text of a phrase whose opening quote has been read, and its
// closing quote. Blanks are folded; within, a backslash takes the meaning from a
// quote or a backslash. It reports whether the closing quote was there.
func (s *scanner) quoted() (string, bool) {
	var b strings.Builder
	for !s.end() {
		r, width := s.peek()
		s.pos += width
		switch {
		case isQuote(r):
			return strings.Join(strings.FieldsFunc(b.String(), isBlank), " "), true
		case r == '\\':
			if next, w := s.peek(); isQuote(next) || next == '\\' {
				r = next
				s.pos += w
			}
		}
		b.WriteRune(r)
	}
	return "", false
}
