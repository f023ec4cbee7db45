package language

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// script is a way of writing, and who writes so.
type script struct {
	letters *unicode.RangeTable
	codes   string // of the languages, separated by spaces, the first unless something tells
	many    bool   // which of them it is, the detector tells
}

// latin is the script of all languages that are not among those of another, and
// of some that are.
var latin = &script{letters: unicode.Latin, codes: "sr uz az ku bs", many: true}

// kana tells Japanese, which has more ideographs than kana, from Chinese.
var kana = &script{letters: unicode.Hiragana, codes: "ja"}

// others are the scripts besides.
var others = []*script{
	{unicode.Cyrillic, "ru uk be bg mk sr kk ky tg mn uz tt ba cv os ce ab bs az", true},
	{unicode.Arabic, "ar fa ur ps ug ku sd ks", true},
	{unicode.Devanagari, "hi mr ne sa bh sd ks", true},
	{unicode.Hebrew, "he yi", true},
	{unicode.Ethiopic, "am ti", true},
	kana,
	{unicode.Katakana, "ja", false},
	{unicode.Han, "zh ja", false},
	{unicode.Hangul, "ko", false},
	{unicode.Greek, "el", false},
	{unicode.Thai, "th", false},
	{unicode.Armenian, "hy", false},
	{unicode.Georgian, "ka", false},
	{unicode.Bengali, "bn as", false},
	{unicode.Tamil, "ta", false},
	{unicode.Telugu, "te", false},
	{unicode.Kannada, "kn", false},
	{unicode.Malayalam, "ml", false},
	{unicode.Gujarati, "gu", false},
	{unicode.Gurmukhi, "pa", false},
	{unicode.Oriya, "or", false},
	{unicode.Sinhala, "si", false},
	{unicode.Myanmar, "my", false},
	{unicode.Khmer, "km", false},
	{unicode.Lao, "lo", false},
	{unicode.Tibetan, "bo dz", false},
	{unicode.Thaana, "dv", false},
}

// has reports whether code is in the list of s.
func (s *script) has(code string) bool { return strings.Contains(" "+s.codes+" ", " "+code+" ") }

// fits reports whether a language may be written in s.
func (s *script) fits(code string) bool {
	if s == nil || code == "" || s.has(code) {
		return code != ""
	}
	return s == latin && !slices.ContainsFunc(others, func(o *script) bool { return o.has(code) })
}

// scriptOf returns the script that most letters of a text are of, nil when they
// are of none that is known, and how many letters there are. An ideograph counts
// for as much as it says.
func scriptOf(text string) (*script, int) {
	var inLatin, letters int
	counts := make([]int, len(others))
	last := 0 // where the letter before was found
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			if 'a' <= r|0x20 && r|0x20 <= 'z' {
				inLatin++
			}
		case !unicode.IsLetter(r) && !unicode.IsMark(r):
		case unicode.Is(unicode.Latin, r):
			inLatin++
		case unicode.Is(others[last].letters, r):
			counts[last]++
		default:
			if i := slices.IndexFunc(others, func(o *script) bool { return unicode.Is(o.letters, r) }); i >= 0 {
				last = i
				counts[i]++
			} else {
				letters++
			}
		}
	}
	return dominant(inLatin, letters, counts)
}

// dominant weighs the counts of letters by script; unknown are those of none.
func dominant(inLatin, unknown int, counts []int) (*script, int) {
	best, most, letters := latin, inLatin, inLatin+unknown
	var ideographs, syllables int
	for i, n := range counts {
		switch others[i].letters {
		case unicode.Han:
			ideographs = n
			n *= lettersPerIdeograph
		case unicode.Hiragana, unicode.Katakana:
			syllables += n
			n *= lettersPerSyllable
		}
		if letters += n; n > most {
			best, most = others[i], n
		}
	}
	switch {
	case most == 0 || 2*unknown > letters:
		return nil, letters
	case best.letters == unicode.Han && syllables*leastKana > ideographs:
		return kana, letters
	}
	return best, letters
}

// What letters of East Asia are worth, in letters of alphabets, and one in how
// many ideographs a kana at least comes with in Japanese.
const (
	lettersPerIdeograph = 3
	lettersPerSyllable  = 2
	leastKana           = 10
)
