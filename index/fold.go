package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// apostrophes are the signs written for an apostrophe; all count as '.
const apostrophes = "’‘ʼ＇`´"

// foldAccents returns s without the marks on Latin and Greek letters, and with
// ligatures spelled out, so that "café" and "cafe" are one word. Other scripts
// are left alone, save that ё counts as е.
func foldAccents(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		foldRune(&b, r)
	}
	return b.String()
}

func foldRune(b *strings.Builder, r rune) {
	switch {
	case r < utf8.RuneSelf:
		b.WriteByte(byte(r))
	case spelled[r] != "":
		b.WriteString(spelled[r])
	case unicode.Is(unicode.Mn, r) && r < 0x370:
	case decomposes(r):
		base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
		b.WriteRune(base)
	default:
		b.WriteRune(r)
	}
}

// decomposes reports whether r is a Latin or Greek letter that may bear marks.
func decomposes(r rune) bool {
	return r < 0x250 || r >= 0x370 && r < 0x400 || r >= 0x1e00 && r < 0x2000
}

var spelled = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l",
	'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th", 'ı': "i", 'ё': "е", 'Ё': "е", 'ς': "σ",
}

// foldApostrophes writes every apostrophe as '.
func foldApostrophes(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(apostrophes, r) {
			return '\''
		}
		return r
	}, s)
}

// foldName is the form under which names of people, places, organizations,
// sources and sections are compared: lower case, no accents, single spaces.
func foldName(s string) string {
	s = strings.Join(strings.Fields(foldApostrophes(s)), " ")
	return foldAccents(strings.ToLower(s))
}

// joinAcronym writes "U.S" as "US": single letters with dots between them.
func joinAcronym(s string) string {
	if strings.IndexByte(s, '.') < 0 {
		return s
	}
	var b strings.Builder
	for part := range strings.SplitSeq(s, ".") {
		if r, n := utf8.DecodeRuneInString(part); n != len(part) || !unicode.IsLetter(r) {
			return s
		}
		b.WriteString(part)
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cut returns at most n bytes of s, never part of a rune.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
