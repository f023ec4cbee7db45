package gazetteer

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the form under which names are compared: lower case, without
// accents, with plain apostrophes and hyphens and single spaces.
func Fold(s string) string {
	if folded, ok := foldASCII(s); ok {
		return folded
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\ufffd")) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		switch r {
		case '‐', '‑', '–':
			b.WriteByte('-')
		default:
			b.WriteString(strings.ToLower(plain(r)))
		}
	}
	return b.String()
}

// plain returns what r is written as where only plain letters and apostrophes are
// at hand. Case stays; accents are another matter.
func plain(r rune) string {
	switch r {
	case '’', '‘', 'ʼ', '`', '´':
		return "'"
	case 'ø':
		return "o"
	case 'Ø':
		return "O"
	case 'ł':
		return "l"
	case 'Ł':
		return "L"
	case 'đ', 'ð':
		return "d"
	case 'Đ', 'Ð':
		return "D"
	case 'ı':
		return "i"
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'Æ':
		return "AE"
	case 'œ':
		return "oe"
	case 'Œ':
		return "OE"
	}
	return string(r)
}

// foldASCII folds plain text without going through Unicode; ok is false when s
// is not plain.
func foldASCII(s string) (folded string, ok bool) {
	lower := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x80 || c == '`' || c < ' ' || c == ' ' && (i == 0 || i+1 == len(s) || s[i+1] == ' ') {
			return "", false
		}
		lower = lower && (c < 'A' || c > 'Z')
	}
	if lower {
		return s, true
	}
	return strings.ToLower(s), true
}

// withoutAccents returns s with plain letters where it has some with marks, and
// plain apostrophes. Dashes stay: in a text they part names.
func withoutAccents(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteString(plain(r))
		}
	}
	return b.String()
}
