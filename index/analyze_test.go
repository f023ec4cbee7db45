package index

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
)

func testAnalyzers(t testing.TB) [numSets]*analyzer {
	t.Helper()
	list, err := newAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAnalyze(t *testing.T) {
	analyzers := testAnalyzers(t)
	tests := []struct {
		name, language, text string
		want                 string // term@position
	}{
		{"stemmed", "en", "Elections elected", "elect@1 elect@2"},
		{"stop words leave gaps", "en", "President of the Republic", "presid@1 republ@4"},
		{"possessive", "en", "Minister's minister’s ministers'", "minist@1 minist@2 minist@3"},
		{"acronym", "en", "the U.S. said u.s and U.S.A.", "us@2 said@3 us@4 usa@6"},
		{"not an acronym", "en", "example.com v2.0", "example.com@1 v2.0@2"},
		{"quotes", "en", "“don’t” don't", "don't@1 don't@2"},
		{"accents", "en", "Café CAFÉS naïve Øresund Straße", "cafe@1 cafe@2 naiv@3 oresund@4 strass@5"},
		{"hyphen", "en", "two-state", "two@1 state@2"},
		{"numbers", "en", "1,000 3.5 COVID-19", "1,000@1 3.5@2 covid@3 19@4"},
		{"no letters", "en", "a — b … ___ c", "b@2 c@3"},
		{"empty", "en", "", ""},
		{"unknown language", "", "The Elections", "the@1 elections@2"},
		{"language with region", "en-GB", "elections", "elect@1"},
		{"german", "de", "Häuser der Stadt", "haus@1 stadt@3"},
		{"french elision", "fr", "l'élection d’aujourd’hui", "election@1 aujourd'hui@2"},
		{"spanish", "es", "elecciones", "eleccion@1"},
		{"italian", "it", "dell'economia", "econom@1"},
		{"portuguese", "pt", "eleições", "eleica@1"},
		{"dutch", "nl", "verkiezingen", "verkiez@1"},
		{"russian", "ru", "выборы Её ёлка", "выбор@1 елк@3"},
		{"bigrams", "ja", "日本経済 NHK", "日本@1 本経@2 経済@3 nhk@4"},
		{"full width", "zh", "ＡＢＣ", "abc@1"},
		{"long word", "en", strings.Repeat("x", 500), strings.Repeat("x", maxTermBytes) + "@1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, tok := range analyzers[setOf(tt.language)].analyze(tt.text) {
				got = append(got, fmt.Sprintf("%s@%d", tok.term, tok.pos))
			}
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("got %s, want %s", text, tt.want)
			}
		})
	}
}

// segmenterWords are the words of a text by Bleve's segmenter alone.
func segmenterWords(text string) []string {
	var list []string
	for _, tok := range unicode.NewUnicodeTokenizer().Tokenize([]byte(text)) {
		if w := text[tok.Start:tok.End]; strings.ContainsFunc(w, isWordRune) {
			list = append(list, w)
		}
	}
	return list
}

func FuzzSplitWords(f *testing.F) {
	for _, s := range []string{"don't stop 1,000.50 U.S.A. a_b x:y 'q' a'b'c 1.a a.1 ,a, 3;4 foo__bar", "Café l’été", "日本 abc", "a\u0300 b", "\u200da", "x\u2019y z'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "")
		var got []string
		for _, w := range splitWords(text, nil) {
			if s := text[w.start:w.end]; strings.ContainsFunc(s, isWordRune) {
				got = append(got, s)
			}
		}
		if want := segmenterWords(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	})
}

// FuzzAnalyze checks what every analyzer must keep whatever the text: offsets
// inside it, positions that never fall, terms that are not empty, and the same
// tokens from the cache as without it.
func FuzzAnalyze(f *testing.F) {
	f.Add("The Ministers' vote in the U.S. — l'été 日本経済 Häuser")
	f.Add("\xff\xfe broken ’’ ''")
	analyzers := testAnalyzers(f)
	f.Fuzz(func(t *testing.T, text string) {
		for set, a := range analyzers {
			first := a.analyze(text)
			if again := a.analyze(text); !slices.Equal(first, again) {
				t.Errorf("%s: %q gives %v, then %v", fieldSet(set), text, first, again)
			}
			end, pos := 0, 0
			for _, tok := range first {
				if tok.start < 0 || tok.end > len(text) || tok.start >= tok.end || tok.pos < pos || tok.term == "" {
					t.Errorf("%s: %q gives token %+v after offset %d, position %d", fieldSet(set), text, tok, end, pos)
				}
				end, pos = tok.end, tok.pos
			}
		}
	})
}

func TestFoldName(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"case and blanks", "  Jake   SULLIVAN ", "jake sullivan"},
		{"accents", "José Pérez", "jose perez"},
		{"curly", "O’Brien", "o'brien"},
		{"greek", "Αθήνα", "αθηνα"},
		{"cyrillic keeps й", "Зелёный", "зеленый"},
		{"hangul is whole", "서울", "서울"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := foldName(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
