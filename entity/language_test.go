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

// TestIsEnglish judges texts of unknown language, those without many words too.
func TestIsEnglish(t *testing.T) {
	const results = "SOCCER - DUTCH FIRST DIVISION RESULTS\nAMSTERDAM 1997-03-16\nResults of first division soccer matches played at the weekend:\n" +
		"Heerenveen 2 Sparta Rotterdam 1\nVolendam 0 PSV Eindhoven 3\nNEC Nijmegen 1 Utrecht 1\nRKC Waalwijk 2 Willem II 2\n" +
		"Groningen 4 Vitesse Arnhem 0\nTwente Enschede 2 AZ Alkmaar 0\nTabulate under played, won, drawn, lost, points:\n" +
		"Twente 26 17 6 3 57\nPSV 25 16 5 4 53\nVitesse 26 14 6 6 48\nHeerenveen 26 12 7 7 43\nUtrecht 25 8 8 9 32\n"
	tests := []struct {
		name, text string
		want       bool
	}{
		{"results", results, true},
		{"capitals", strings.Repeat("ATLANTA AT PITTSBURGH\nMONTREAL AT SAN DIEGO\n", 20), true},
		{"prose", strings.Repeat("The council said that the wall would be raised by two meters before winter storms arrive. ", 3), true},
		{"nothing", "", true},
		{"Danish", strings.Repeat("Byrådet meddelte tirsdag, at havnemuren vil blive hævet med to meter, for at den kan holde til stormene. ", 3), false},
		{"Dutch", strings.Repeat("De gemeenteraad heeft dinsdag besloten dat de havenmuur nog voor de winter met twee meter wordt verhoogd. ", 3), false},
		{"Greek", strings.Repeat("Το δημοτικό συμβούλιο αποφάσισε την Τρίτη. ", 5), false},
	}
	for _, tt := range tests {
		if got := isEnglish("", tt.text); got != tt.want {
			t.Errorf("%s: got %t, want %t", tt.name, got, tt.want)
		}
	}
	if isEnglish("nl", results) {
		t.Error("what is stated does not count")
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
