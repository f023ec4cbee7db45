package tagger

import (
	"testing"

	"broadsheet.example/entity/gazetteer"
)

// What the lexicon does not hold with its accents is looked up without.
func TestWordWithoutAccents(t *testing.T) {
	data, err := BuildLexicon([]string{"zurich", "köln"}, []Usage{{Cluster: 1, Role: 5}, {Cluster: 1, Role: 7}}, []uint8{0})
	if err != nil {
		t.Fatal(err)
	}
	lex, err := LoadLexicon(string(data))
	if err != nil {
		t.Fatal(err)
	}
	gaz, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	for text, role := range map[string]uint64{"Zürich": 5, "ZURICH": 5, "Köln": 7, "Koln": 0} {
		if w := newWord(text, gaz, lex); w.Role != role {
			t.Errorf("%s: role %d, want %d", text, w.Role, role)
		}
	}
	if w := newWord("ŁÓDŹ", gaz, lex); w.kinds&gazetteer.AnyPlace == 0 {
		t.Error("ŁÓDŹ is not looked up as Łódź")
	}
}
