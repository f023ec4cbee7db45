package entity

import (
	"os"
	"strings"
	"testing"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

// TestLanguages scores names in languages that no model was trained for, where
// few mistakes matter more than few gaps.
func TestLanguages(t *testing.T) {
	tests := []struct {
		language                    string
		leastPrecision, leastRecall float64
	}{
		{"de", 0.9, 0.3},
		{"fr", 0.9, 0.3},
		{"es", 0.9, 0.3},
	}
	gaz, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := &Recognizer{gaz: gaz} // without the model of English
	for _, tt := range tests {
		t.Run(tt.language, func(t *testing.T) {
			set, err := os.ReadFile("testdata/languages/" + tt.language + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			found, there, right := 0, 0, 0
			for line := range strings.Lines(string(set)) {
				if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") {
					continue
				}
				text, labeled := readLabeled(t, line)
				want := map[news.Mention]bool{}
				for _, l := range labeled {
					want[l.Mention] = true
				}
				got := r.label(text, tt.language)
				for _, m := range got {
					if want[m] {
						right++
					} else {
						t.Logf("not labeled so: %s %s", m.Type, text[m.Start:m.End])
					}
				}
				found, there = found+len(got), there+len(want)
			}
			precision, recall := float64(right)/float64(max(found, 1)), float64(right)/float64(max(there, 1))
			t.Logf("%s: %d of %d found are right, %d of %d are found: P %.3f R %.3f", tt.language, right, found, right, there, precision, recall)
			if precision < tt.leastPrecision || recall < tt.leastRecall {
				t.Errorf("%s: P %.3f R %.3f, want at least %.2f and %.2f", tt.language, precision, recall, tt.leastPrecision, tt.leastRecall)
			}
		})
	}
}

// TestWhereNamesBegin shows what before a name is no part of it.
func TestWhereNamesBegin(t *testing.T) {
	tests := []struct {
		text, language, want string
	}{
		{"Die Europäische Union wartet ab.", "de", "organization Europäische Union"},
		{"Präsidentin von der Leyen wartet ab.", "de", "person von der Leyen"},
		{"Un médecin de la Universidad de Salamanca.", "es", "organization Universidad de Salamanca"},
		{"Investigadores de la Universidad de Salamanca esperan.", "es", "organization Universidad de Salamanca"},
		{"El Salvador espera.", "es", "place El Salvador"},
		{"Los Angeles espera.", "es", "place Los Angeles"},
	}
	gaz, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := &Recognizer{gaz: gaz} // without the model of English
	for _, tt := range tests {
		var got []string
		for _, m := range r.label(tt.text, tt.language) {
			got = append(got, string(m.Type)+" "+tt.text[m.Start:m.End])
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, s, tt.want)
		}
	}
}
