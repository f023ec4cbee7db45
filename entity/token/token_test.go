package token_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet.example/entity/token"
	"github.com/google/go-cmp/cmp"
)

// render writes tokens separated by spaces and sentences by " | ".
func render(s string) string {
	t := token.Split(s)
	var b strings.Builder
	i := 0
	for n, end := range t.Ends {
		if n > 0 {
			b.WriteString(" | ")
		}
		for first := i; i < end; i++ {
			if i > first {
				b.WriteByte(' ')
			}
			b.WriteString(t.Word(i))
		}
	}
	return b.String()
}

func TestSplit(t *testing.T) {
	tests := []struct {
		name, text, want string
	}{
		{"plain", "Hello, world.", "Hello , world ."},
		{"initials", "The U.S. and J.D. Vance met.", "The U.S. and J.D. Vance met ."},
		{"initials end", "He left the U.S. The flight was late.", "He left the U.S. | The flight was late ."},
		{"initials go on", "The U.S. Senate voted.", "The U.S. Senate voted ."},
		{"middle initial", "George W. Bush spoke.", "George W. Bush spoke ."},
		{"title", "Sen. Chris Murphy said so. Dr. Who agreed.", "Sen. Chris Murphy said so . | Dr. Who agreed ."},
		{"company", "Acme Inc. said it. Foo Corp. The end.", "Acme Inc. said it . | Foo Corp. | The end ."},
		{"possessive", "Biden's plan, the people’s choice", "Biden 's plan , the people ’s choice"},
		{"contraction", "don't, O'Brien, N'Djamena", "don't , O'Brien , N'Djamena"},
		{"compound", "U.S.-led, London-based, anti-Western", "U.S. - led , London - based , anti - Western"},
		{"hyphened name", "Port-au-Prince, Ki-moon, al-Qaida", "Port - au - Prince , Ki - moon , al - Qaida"},
		{"compound possessive", "the Hamas-run ministry's count", "the Hamas - run ministry 's count"},
		{"numbers", "1,000.5 people, 3.5%", "1,000.5 people , 3.5 %"},
		{"ampersand", "AT&T and Johnson & Johnson", "AT&T and Johnson & Johnson"},
		{"glued sentences", "It ended.Then it began.", "It ended . | Then it began ."},
		{"address", "See https://example.com/a?b=c. Then example.org, too.", "See https://example.com/a?b=c . | Then example.org , too ."},
		{"quotes", `"We won." He left. "They lost," she said.`, `" We won . " | He left . | " They lost , " she said .`},
		{"curly quotes", "“We won.” He left.", "“ We won . ” | He left ."},
		{"dateline", "WASHINGTON (AP) — The vote", "WASHINGTON ( AP ) — The vote"},
		{"paragraphs", "A headline\n\nJerusalem is old", "A headline | Jerusalem is old"},
		{"short lines", "Zoom in\nJerusalem is old", "Zoom in | Jerusalem is old"},
		{"wrapped line", "a line that is long enough to have been wrapped by a machine by\nJerusalem time", "a line that is long enough to have been wrapped by a machine by Jerusalem time"},
		{"ellipsis", "Well... no", "Well ... no"},
		{"handle", "@reuters said #news", "@reuters said #news"},
		{"ideographs", "习近平在北京。", "习 近 平 在 北 京 。"},
		{"cyrillic", "Путин в Москве. Он сказал", "Путин в Москве . | Он сказал"},
		{"invisible", "a\u200bb\u00a0c\xffd", "a b c d"},
		{"empty", " \n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, render(tt.text)); diff != "" {
				t.Errorf("Split(%q) (-want +got)\n%s", tt.text, diff)
			}
		})
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("Mr. Smith's U.S.-led \"plan.\" He said… 3.5 http://a.b/ 習近平\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := token.Split(s)
		at := 0
		for i, tok := range got.Tokens {
			if tok.Start < at || tok.End <= tok.Start || tok.End > len(s) {
				t.Fatalf("token %d is %v after %d", i, tok, at)
			}
			if utf8.ValidString(s) && !utf8.ValidString(got.Word(i)) {
				t.Fatalf("token %d cuts a rune: %q", i, got.Word(i))
			}
			at = tok.End
		}
		if n := len(got.Ends); len(got.Tokens) > 0 && got.Ends[n-1] != len(got.Tokens) {
			t.Fatalf("sentences end at %v, there are %d tokens", got.Ends, len(got.Tokens))
		}
	})
}
