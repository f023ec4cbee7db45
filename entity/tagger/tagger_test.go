package tagger_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/model"
	"broadsheet.example/entity/tagger"
	"broadsheet.example/entity/token"
	"broadsheet.example/news"
	"github.com/google/go-cmp/cmp"
)

// lists loads the gazetteer and the embedded lexicon.
func lists(t testing.TB) (*gazetteer.Gazetteer, *tagger.Lexicon) {
	t.Helper()
	gaz, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	lex, err := tagger.LoadLexicon(model.Lexicon())
	if err != nil {
		t.Fatal(err)
	}
	return gaz, lex
}

// label returns the names in a text as "type:text".
func label(tg *tagger.Tagger, text string) []string {
	var out []string
	for _, m := range tg.Label(token.Split(text)) {
		out = append(out, string(m.Type)+":"+text[m.Start:m.End])
	}
	return out
}

func TestLabel(t *testing.T) {
	gaz, lex := lists(t)
	tg, err := tagger.Load(model.Weights(), gaz, lex)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, text string
		want       []string
	}{
		{"empty", "", nil},
		{"none", "The rain went on all night, and nobody minded.", nil},
		{
			"the three types",
			"Maria Lindqvist of the World Bank arrived in Nairobi on Monday.",
			[]string{"person:Maria Lindqvist", "organization:World Bank", "place:Nairobi"},
		},
		{
			"country before a noun",
			"U.S. troops left Iraq, the Pentagon said.",
			[]string{"place:U.S.", "place:Iraq", "organization:Pentagon"},
		},
		{
			"nationality",
			"Israeli and Palestinian officials met in Cairo.",
			[]string{"place:Cairo"},
		},
		{
			"clubs called by their city",
			"In Detroit, the pitcher struck out nine as Boston beat Cleveland for their third win of the season.",
			[]string{"place:Detroit", "organization:Boston", "organization:Cleveland"},
		},
		{
			"results",
			"Results of second division soccer matches played on Saturday:\nUtrecht 2 Breda 1\nGroningen 0 Almere 0",
			[]string{"organization:Utrecht", "organization:Breda", "organization:Groningen", "organization:Almere"},
		},
		{
			"cities in other news",
			"Trains between Boston and Cleveland were late, officials in Detroit said.",
			[]string{"place:Boston", "place:Cleveland", "place:Detroit"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, label(tg, tt.text)); diff != "" {
				t.Errorf("Label(%q) (-want +got)\n%s", tt.text, diff)
			}
		})
	}
}

// lessons is a tiny labeled file.
const lessons = `-DOCSTART-	O

Zorblat	B-PER
visited	O
Quaxville	B-LOC
.	O

The	O
Frobnitz	B-ORG
Corp.	I-ORG
hired	O
Zorblat	B-PER
.	O

-DOCSTART-	O

Plimsol	B-PER
visited	O
Wexton	B-LOC
.	O

The	O
Gnarf	B-ORG
Corp.	I-ORG
hired	O
Plimsol	B-PER
.	O

`

func TestReadIOB2(t *testing.T) {
	docs, err := tagger.ReadIOB2(strings.NewReader(lessons))
	if err != nil {
		t.Fatal(err)
	}
	want := tagger.Labeled{
		Text:  "Zorblat visited Quaxville. The Frobnitz Corp. hired Zorblat.",
		Names: []tagger.Name{{0, 7, "PER"}, {16, 25, "LOC"}, {31, 45, "ORG"}, {52, 59, "PER"}},
	}
	if len(docs) != 2 {
		t.Fatalf("got %d documents, want 2", len(docs))
	}
	if diff := cmp.Diff(want, docs[0]); diff != "" {
		t.Errorf("first document (-want +got)\n%s", diff)
	}
	if _, err := tagger.ReadIOB2(strings.NewReader("no tab\n")); err == nil {
		t.Error("a line without a tab: want an error")
	}
}

func TestTrain(t *testing.T) {
	gaz, lex := lists(t)
	docs, err := tagger.ReadIOB2(strings.NewReader(lessons))
	if err != nil {
		t.Fatal(err)
	}
	partial := docs[1]
	partial.Partial = true
	docs = append(docs, partial)
	settings := tagger.Training{Seed: 7, Epochs: 4, FirstEpochs: 2, Models: 2, Margin: 1, Log: io.Discard}
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := tagger.Train(b, docs, gaz, lex, settings); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same training gave different models")
	}
	tg, err := tagger.Load(first.String(), gaz, lex)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"person:Zorblat", "place:Quaxville", "organization:Frobnitz Corp.", "person:Zorblat"}
	if diff := cmp.Diff(want, label(tg, docs[0].Text)); diff != "" {
		t.Errorf("after training (-want +got)\n%s", diff)
	}
}

func TestReserve(t *testing.T) {
	gaz, lex := lists(t)
	docs, err := tagger.ReadIOB2(strings.NewReader(lessons))
	if err != nil {
		t.Fatal(err)
	}
	count := func(reserve float64) int {
		settings := tagger.Training{Seed: 7, Epochs: 4, FirstEpochs: 2, Models: 1, Margin: 1, Reserve: reserve, Log: io.Discard}
		var data bytes.Buffer
		if err := tagger.Train(&data, docs, gaz, lex, settings); err != nil {
			t.Fatal(err)
		}
		tg, err := tagger.Load(data.String(), gaz, lex)
		if err != nil {
			t.Fatal(err)
		}
		return len(label(tg, docs[0].Text))
	}
	if found := count(0); found == 0 {
		t.Error("without a reserve no name was found")
	}
	if found := count(1000); found != 0 {
		t.Errorf("%d names won by 1000", found)
	}
}

func TestLoadDamaged(t *testing.T) {
	gaz, lex := lists(t)
	data := model.Weights()
	for _, cut := range []int{0, 5, 100, 1500, len(data) / 2, len(data) - 1} {
		if _, err := tagger.Load(data[:cut], gaz, lex); err == nil {
			t.Errorf("the first %d bytes of a model: want an error", cut)
		}
	}
	if _, err := tagger.LoadLexicon(model.Lexicon()[:1000]); err == nil {
		t.Error("the first 1000 bytes of a lexicon: want an error")
	}
}

func TestLexicon(t *testing.T) {
	usages := []tagger.Usage{
		{Cluster: 1, Role: 63, Leads: 15, Trails: 1},
		{Cluster: 1, Role: 1, Leads: 2, Trails: 15},
		{Cluster: 2},
	}
	data, err := tagger.BuildLexicon([]string{"ministry", "agency", "walked"}, usages, []uint8{4, 9})
	if err != nil {
		t.Fatal(err)
	}
	lex, err := tagger.LoadLexicon(string(data))
	if err != nil {
		t.Fatal(err)
	}
	usages[0].Coarse, usages[1].Coarse, usages[2].Coarse = 5, 5, 10
	for i, word := range []string{"ministry", "agency", "walked", "unheard"} {
		want := tagger.Usage{}
		if i < len(usages) {
			want = usages[i]
		}
		if got := lex.Usage(word); got != want {
			t.Errorf("Usage(%q) = %+v, want %+v", word, got, want)
		}
	}
	for _, bad := range []tagger.Usage{{}, {Cluster: 3}, {Cluster: 1, Role: 64}, {Cluster: 1, Leads: 16}, {Cluster: 1, Trails: 16}} {
		if _, err := tagger.BuildLexicon([]string{"word"}, []tagger.Usage{bad}, []uint8{4, 9}); err == nil {
			t.Errorf("BuildLexicon with %+v: want an error", bad)
		}
	}
}

// A lexicon that somebody has tampered with is refused or answers something.
func FuzzLexicon(f *testing.F) {
	data, err := tagger.BuildLexicon([]string{"ministry", "agency"}, []tagger.Usage{{Cluster: 1}, {Cluster: 2, Role: 9}}, []uint8{4, 9})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data), "agency")
	f.Add(strings.ReplaceAll(string(data), "\x00", "\xff"), "agency")
	f.Fuzz(func(t *testing.T, data, word string) {
		if lex, err := tagger.LoadLexicon(data); err == nil {
			lex.Usage(word)
		}
	})
}

func FuzzLabel(f *testing.F) {
	gaz, lex := lists(f)
	tg, err := tagger.Load(model.Weights(), gaz, lex)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("President J. B. O’Hara of Acme - Corp. met\n\nTHE U.N. IN \xff NEW YORK")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, m := range tg.Label(token.Split(text)) {
			if m.Start < at || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("mention %+v after byte %d of %d", m, at, len(text))
			}
			switch m.Type {
			case news.Person, news.Place, news.Organization:
			default:
				t.Fatalf("mention %+v has no type", m)
			}
			at = m.End
		}
	})
}
