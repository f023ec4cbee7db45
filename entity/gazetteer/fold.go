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
		foldRune(&b, r)
	}
	return b.String()
}

// foldRune writes the plain lower-case form of r.
func foldRune(b *strings.Builder, r rune) {
	switch r {
	case '’', '‘', 'ʼ', '`', '´':
		b.WriteByte('\'')
	case '‐', '‑', '–':
		b.WriteByte('-')
	case 'ø', 'Ø':
		b.WriteByte('o')
	case 'ł', 'Ł':
		b.WriteByte('l')
	case 'đ', 'Đ', 'ð', 'Ð':
		b.WriteByte('d')
	case 'ı':
		b.WriteByte('i')
	case 'ß':
		b.WriteString("ss")
	case 'æ', 'Æ':
		b.WriteString("ae")
	case 'œ', 'Œ':
		b.WriteString("oe")
	default:
		b.WriteRune(unicode.ToLower(r))
	}
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
// plain apostrophes.
func withoutAccents(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'ø':
			return 'o'
		case r == 'Ø':
			return 'O'
		case r == 'ł':
			return 'l'
		case r == 'Ł':
			return 'L'
		case r == 'đ':
			return 'd'
		case r == 'Đ':
			return 'D'
		case r == '’', r == '‘', r == 'ʼ':
			return '\''
		}
		return r
	}, norm.NFD.String(s))
}
