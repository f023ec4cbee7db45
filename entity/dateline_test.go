package entity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDatelines shows what a line has to begin with for its brackets to hold an
// agency.
func TestDatelines(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // type and text
	}{
		{"state and agency", "ST. PETERSBURG, Russia (AP) — The talks went on.", []string{"place ST. PETERSBURG", "place Russia", "organization AP"}},
		{"hyphen", "TEHRAN (Tasnim) - The talks went on.", []string{"place TEHRAN", "organization Tasnim"}},
		{"date", "BEIJING, Nov. 3 (Xinhua) -- The talks went on.", []string{"place BEIJING", "organization Xinhua"}},
		{"a town that nobody knows", "QAVARSUP (dpa) – The talks went on.", []string{"place QAVARSUP", "organization dpa"}},
		{"second line", "The talks went on.\n\nNAIROBI (RFE/RL) - They went on.", []string{"place NAIROBI", "organization RFE/RL"}},
		{"city alone", "SOFIA — Boyan Zahariev moved in.", []string{"place SOFIA", "person Boyan Zahariev"}},
		{"town and country", "ITEN, Kenya — The agreement is written on a card.", []string{"place ITEN", "place Kenya"}},
		{"city and date", "BEIJING, Nov. 3 - The talks went on.", []string{"place BEIJING"}},
		{"a club's town", "Hull beat Carlisle 2-1 in the second round of the cup.\n\nHULL — The goalkeeper made 11 saves as Hull won the match.", []string{
			"organization Hull", "organization Carlisle", "place HULL", "organization Hull",
		}},
		{"a label", "UPDATE — The talks went on.", nil},
		{"no agency", "The vote (50) - he won a race again.", nil},
		{"a byline", "Anna Kowalska (BBC) - The talks went on.", []string{"person Anna Kowalska", "organization BBC"}},
		{"a number", "12 (AP) - The talks went on.", []string{"organization AP"}},
		{"a comma", ", (AP) - The talks went on.", []string{"organization AP"}},
		{
			"a name from the line before", "The governor, who had been away for two weeks and more, went back to the old city of New\nORLEANS — The talks went on.",
			[]string{"place New\nORLEANS"},
		},
		{"never closed", "The talks (", nil},
	}
	r := recognizer(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, m := range r.Mentions(tt.text) {
				got = append(got, string(m.Type)+" "+m.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("mentions of %q (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}
