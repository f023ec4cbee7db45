package source

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// nameKey is what two spellings of a name have in common: letters and digits in
// lower case without accents, without "the" at the front.
func nameKey(name string) string {
	words := keyWords(name)
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	return strings.Join(words, "")
}

// keyWords are the words of a name, folded.
func keyWords(name string) []string {
	return strings.FieldsFunc(foldAccents(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

func foldAccents(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}

// generic are words that a name may carry or lack without naming anybody else.
func generic(word string) bool {
	switch word {
	case "the", "news", "online", "com", "net", "org", "newspaper", "media", "group", "digital", "staff", "tv", "www",
		"inc", "ltd", "llc", "co", "gmbh", "noticias", "nachrichten", "actualites", "international", "world", "live", "today",
		"sport", "sports", "business", "politics", "magazine", "press", "publishing", "limited", "company", "uk", "us":
		return true
	}
	return false
}

// core is a name without its generic words, or the whole when there are no
// others.
func core(name string) string {
	var kept []string
	for _, w := range keyWords(name) {
		if !generic(w) {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		return nameKey(name)
	}
	return strings.Join(kept, "")
}

// sameName reports whether two names are variants of one: equal up to generic
// words, or one the beginning or the initials of the other.
func sameName(a, b string) bool {
	x, y := core(a), core(b)
	if x == "" || y == "" {
		return x == y
	}
	if len(x) > len(y) {
		x, y, a, b = y, x, b, a
	}
	return x == y || len(x) >= 4 && strings.HasPrefix(y, x) || initials(b) == x && len(x) > 1
}

func initials(name string) string {
	var b strings.Builder
	for _, w := range keyWords(name) {
		if w != "the" {
			b.WriteRune([]rune(w)[0])
		}
	}
	return b.String()
}

// slug is an id made of a name.
func slug(name string) string {
	words := keyWords(name)
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	return strings.Join(words, "-")
}
