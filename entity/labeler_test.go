package entity_test

import (
	"strings"
	"testing"

	"broadsheet.example/news"
	"github.com/google/go-cmp/cmp"
)

// finder marks one name wherever it stands, and cannot read texts without it.
type finder string

func (f finder) Label(text string) ([]news.Mention, bool) {
	var names []news.Mention
	for at := 0; ; {
		i := strings.Index(text[at:], string(f))
		if i < 0 {
			return names, len(names) > 0
		}
		names = append(names, news.Mention{Start: at + i, End: at + i + len(f), Type: news.Organization})
		at += i + len(f)
	}
}

func TestWith(t *testing.T) {
	plain := recognizer(t)
	r := plain.With(finder("blue lantern Co-op"))
	tests := []struct{ name, title, text, language, want string }{
		{"the labeler's names alone", "A vote at the blue lantern Co-op", "Ada Reyes of the blue lantern Co-op spoke.", "en", "organization:blue lantern Co-op x2 "},
		{"in any language", "Abstimmung", "Die blue lantern Co-op stimmt in Berlin ab.", "de", "organization:blue lantern Co-op x1 "},
		{"left to the model", "A vote in France", "President Ada Reyes spoke.", "en", "place:France x1 fr person:Ada Reyes x1 "},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(strings.TrimSpace(tt.want), strings.TrimSpace(strings.Join(counted(r.Recognize(tt.title, tt.text, tt.language)), " "))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if got := plain.Mentions("The blue lantern Co-op votes."); len(got) > 0 && got[0].Text == "blue lantern Co-op" {
		t.Error("With changed the recognizer that it was called on")
	}
}
