package feed

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// maxRef bounds a character reference: the longest HTML entity has 33 bytes.
const maxRef = 40

// decodeText replaces the character references of XML character data, those of
// HTML included, and drops what is no character. A reference that names nothing
// stays as written: it may be the text itself, unescaped.
func decodeText(s string, r *repairs) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = decodeRefs(s, r)
	}
	return cleanChars(s, r)
}

func decodeRefs(s string, r *repairs) string {
	var b strings.Builder
	b.Grow(len(s))
	for {
		amp := strings.IndexByte(s, '&')
		if amp < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:amp])
		s = s[amp:]
		text, size, repair := decodeRef(s)
		r.note(repair)
		b.WriteString(text)
		s = s[size:]
	}
}

// decodeRef decodes the reference at the start of s, which begins with '&', and
// returns how many bytes of s it took.
func decodeRef(s string) (text string, size int, repair string) {
	end := strings.IndexByte(s[:min(len(s), maxRef)], ';')
	if end < 2 || strings.ContainsAny(s[1:end], " \t\r\n&<>") {
		return "&", 1, repairAmp
	}
	if s[1] == '#' {
		if !isNumber(s[2:end]) {
			return "&", 1, repairAmp
		}
		text, repair = decodeNumber(s[2:end])
		return text, end + 1, repair
	}
	if decoded := html.UnescapeString(s[:end+1]); !strings.HasSuffix(decoded, ";") {
		return decoded, end + 1, ""
	}
	return "&", 1, repairAmp
}

// isNumber reports whether digits is the number of a character reference.
func isNumber(digits string) bool {
	if digits != "" && digits[0]|0x20 == 'x' {
		return len(digits) > 1 && strings.Trim(digits[1:], "0123456789abcdefABCDEF") == ""
	}
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}

// decodeNumber returns the character of a numeric reference: nothing for a
// control character, the replacement character for what can never be one.
func decodeNumber(digits string) (text, repair string) {
	base := 10
	if digits[0]|0x20 == 'x' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	switch {
	case err != nil || n > utf8.MaxRune || n >= 0xD800 && n < 0xE000:
		return "\uFFFD", repairRef
	case n >= 0x80 && n <= 0x9F: // HTML says that windows-1252 was meant
		return string(charmap.Windows1252.DecodeByte(byte(n))), ""
	case !isChar(rune(n)):
		return "", repairRef
	}
	return string(rune(n)), ""
}

// cleanChars drops control characters and noncharacters, and reads C1 controls
// as the windows-1252 characters they were meant to be.
func cleanChars(s string, r *repairs) string {
	if strings.IndexFunc(s, isUnclean) < 0 {
		return s
	}
	r.note(repairControl)
	return strings.Map(func(c rune) rune {
		if c >= 0x80 && c <= 0x9F {
			c = charmap.Windows1252.DecodeByte(byte(c))
		}
		if isUnclean(c) {
			return -1
		}
		return c
	}, s)
}

func isUnclean(c rune) bool { return c >= 0x80 && c <= 0x9F || !isChar(c) }

// isChar reports whether c may stand in a document.
func isChar(c rune) bool {
	return c >= 0x20 && c != 0x7F && c != 0xFFFE && c != 0xFFFF || c == '\t' || c == '\n' || c == '\r'
}

// normal returns s in NFC.
func normal(s string) string { return norm.NFC.String(s) }

// escapeText escapes character data so that it reads the same inside markup.
func escapeText(b *strings.Builder, s string) { writeEscaped(b, s, false) }

// escapeAttr escapes an attribute's value for double quotes.
func escapeAttr(b *strings.Builder, s string) { writeEscaped(b, s, true) }

func writeEscaped(b *strings.Builder, s string, quotes bool) {
	last := 0
	for i := 0; i < len(s); i++ {
		var esc string
		switch s[i] {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '"':
			if quotes {
				esc = "&quot;"
			}
		}
		if esc != "" {
			b.WriteString(s[last:i])
			b.WriteString(esc)
			last = i + 1
		}
	}
	b.WriteString(s[last:])
}
