package tagger

import (
	"testing"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/token"
)

// read makes a document of a text, with a lexicon that knows next to nothing.
func read(t *testing.T, text string) *document {
	t.Helper()
	gaz, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	data, err := BuildLexicon([]string{"the"}, []Usage{{Cluster: 1}}, []uint8{0})
	if err != nil {
		t.Fatal(err)
	}
	lex, err := LoadLexicon(string(data))
	if err != nil {
		t.Fatal(err)
	}
	return newDocument(token.Split(text), gaz, lex)
}

func TestMeasureSport(t *testing.T) {
	const council = "The council said on Tuesday that the wall would be raised by two meters before the winter storms. "
	tests := []struct {
		name, text string
		want       sport
	}{
		{"politics", council + "Its leader won the vote after a long night.", someSport},
		{"much politics", council + council + council + council + council + "Its leader won the vote.", noSport},
		{"a match", "The captain scored twice as Essex beat Kent in the second match of the season.", muchSport},
		{"in capitals", "BASEBALL LEAGUE STANDINGS\nATLANTA 82 51\nFLORIDA 65 69", muchSport},
		{"nothing", "", noSport},
		{"numbers", "1 2 3", noSport},
	}
	for _, tt := range tests {
		if got := read(t, tt.text).sport; got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestLine(t *testing.T) {
	for text, want := range map[string]uint64{
		"Kent lost.": 0, "Kent at Essex": 1, "Kent 2 Essex 0": 2,
		"One two three four five six seven eight nine ten eleven twelve thirteen 14": 0,
	} {
		d := read(t, text)
		s := sentence{doc: d, end: len(d.ids)}
		if got := s.line(); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}
