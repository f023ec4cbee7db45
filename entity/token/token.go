// Package token cuts news text into sentences of tokens with exact byte
// offsets.
//
// It knows what news is full of: U.S. and J.D. Vance, possessives, quotes,
// datelines, AT&T, addresses and handles. A hyphen is a token of its own, so
// that U.S.-led can hold a name and Port-au-Prince be one. It is no linguistic
// analyzer: it does not stem, fold or drop anything, and every byte that is not
// white space or unreadable lies in exactly one token. Start reading at [Split].
package token

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is a piece of text: byte offsets into it, End exclusive.
type Token struct {
	Start, End int
}

// Text is a text that has been cut. Offsets refer to Source.
type Text struct {
	Source string
	Tokens []Token
	// Ends holds, for each sentence, the index after its last token.
	Ends []int
}

// Word returns the text of token i.
func (t *Text) Word(i int) string { return t.Source[t.Tokens[i].Start:t.Tokens[i].End] }

// Split cuts s. It takes any bytes, in time linear in their number; invalid
// UTF-8 separates tokens as white space does.
func Split(s string) *Text {
	c := &cutter{s: s, out: make([]Token, 0, len(s)/5+4)}
	for c.pos < len(s) {
		c.next()
	}
	t := &Text{Source: s, Tokens: c.out}
	t.Ends = sentences(t)
	return t
}

// cutter holds the state of one Split.
type cutter struct {
	s   string
	pos int
	out []Token
}

// next consumes at least one byte and emits at most a few tokens.
func (c *cutter) next() {
	r, n := c.rune(c.pos)
	switch {
	case r == utf8.RuneError && n <= 1, isBlank(r):
		c.pos += n
	case isIdeograph(r):
		c.emit(c.pos + n)
	case isWord(r):
		c.word()
	case (r == '@' || r == '#') && c.wordAt(c.pos+n):
		end := c.pos + n
		for c.wordAt(end) || c.byteAt(end) == '_' {
			_, m := c.rune(end)
			end += m
		}
		c.emit(end)
	case r == '.' || r == '-' || r == '*' || r == '_' || r == '=':
		end := c.pos + 1
		for c.byteAt(end) == byte(r) {
			end++
		}
		c.emit(end)
	default:
		c.emit(c.pos + n)
	}
}

// word consumes a run of letters and digits with the punctuation that belongs
// inside words, and cuts it where it holds more than one.
func (c *cutter) word() {
	start := c.pos
	if end := c.address(); end > 0 {
		c.emit(end)
		return
	}
	end := start
	for end < len(c.s) {
		r, n := c.rune(end)
		if isWord(r) && !isIdeograph(r) {
			end += n
			continue
		}
		if joins(r) && end > start && c.joined(end, n) {
			end += n
			continue
		}
		break
	}
	c.cut(start, c.period(start, end))
}

// joins reports whether r may stand between the letters of one word.
func joins(r rune) bool {
	switch r {
	case '.', '\'', '’', '&', ',':
		return true
	}
	return false
}

// joined reports whether the joining rune at i, n bytes long, has the
// neighbors that make it part of a word.
func (c *cutter) joined(i, n int) bool {
	before, _ := utf8.DecodeLastRuneInString(c.s[:i])
	after, _ := c.rune(i + n)
	if !isWord(before) || !isWord(after) || isIdeograph(after) {
		return false
	}
	switch c.s[i] {
	case ',':
		return unicode.IsDigit(before) && unicode.IsDigit(after)
	case '&':
		return unicode.IsUpper(before) && unicode.IsUpper(after)
	case '.':
		return c.dotted(i, before, after)
	}
	return true
}

// dotted reports whether the period at i stands inside a word: in a number,
// between initials, or in a name such as example.com. "end.Next" is two words.
func (c *cutter) dotted(i int, before, after rune) bool {
	if unicode.IsDigit(before) && unicode.IsDigit(after) {
		return true
	}
	_, n := utf8.DecodeLastRuneInString(c.s[:i])
	single := i-n == c.pos || !c.wordBefore(i-n)
	if single {
		return true
	}
	return unicode.IsLower(after) && unicode.IsLower(before)
}

func (c *cutter) wordBefore(i int) bool {
	r, n := utf8.DecodeLastRuneInString(c.s[:i])
	return n > 0 && isWord(r)
}

// period takes the period after the word [start, end) into it when the word is
// an abbreviation.
func (c *cutter) period(start, end int) int {
	if c.byteAt(end) != '.' || c.byteAt(end+1) == '.' {
		return end
	}
	if isAbbreviation(c.s[start:end]) {
		return end + 1
	}
	return end
}

// address returns the end of the URL that starts here, or 0.
func (c *cutter) address() int {
	rest := c.s[c.pos:]
	if !strings.HasPrefix(rest, "http://") && !strings.HasPrefix(rest, "https://") && !strings.HasPrefix(rest, "www.") {
		return 0
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return isBlank(r) || r == '"' || r == '<' || r == '>' || r == utf8.RuneError })
	if end < 0 {
		end = len(rest)
	}
	end = len(strings.TrimRight(rest[:end], ".,;:!?)'"))
	return c.pos + end
}

// cut emits the word [start, end), cutting off a possessive.
func (c *cutter) cut(start, end int) {
	c.pos = start
	body := end
	if n := possessive(c.s[start:end]); n > 0 {
		body = start + n
	}
	c.emit(body)
	c.emit(end)
}

// emit adds the token from the current position to end and moves there.
func (c *cutter) emit(end int) {
	if end > c.pos {
		c.out = append(c.out, Token{c.pos, end})
		c.pos = end
	}
}

func (c *cutter) rune(i int) (rune, int) {
	if i >= len(c.s) {
		return 0, 0
	}
	if b := c.s[i]; b < utf8.RuneSelf {
		return rune(b), 1
	}
	return utf8.DecodeRuneInString(c.s[i:])
}

func (c *cutter) byteAt(i int) byte {
	if i < len(c.s) {
		return c.s[i]
	}
	return 0
}

func (c *cutter) wordAt(i int) bool {
	r, n := c.rune(i)
	return n > 0 && isWord(r)
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// isBlank reports white space and invisible characters.
func isBlank(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7f
	}
	return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u2060' || r == '\u00ad'
}

// isIdeograph reports letters of scripts written without spaces.
func isIdeograph(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
