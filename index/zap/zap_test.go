package zap_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	indexapi "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zapx "github.com/blevesearch/zapx/v17"
	"github.com/google/go-cmp/cmp"

	"broadsheet.example/index/zap"
)

const (
	textOptions    = indexapi.IndexField | indexapi.IncludeTermVectors
	keywordOptions = indexapi.IndexField | indexapi.SkipFreqNorm
)

// corpora are documents of all kinds that a segment is cut or written differently
// for.
var corpora = []struct {
	name            string
	docs            int
	words, tokens   int // of the vocabulary, and at most of a text
	keywords, every int // every so many documents have no text
}{
	{name: "one document", docs: 1, words: 50, tokens: 40, keywords: 3, every: 2},
	{name: "two documents", docs: 2, words: 5, tokens: 40, keywords: 3, every: 2},
	{name: "a batch", docs: 300, words: 2000, tokens: 200, keywords: 5, every: 7},
	{name: "several chunks", docs: 5000, words: 40, tokens: 30, keywords: 2, every: 9},
	{name: "several containers", docs: 66_000, words: 9, tokens: 2, keywords: 1, every: 5},
	{name: "nothing but ids", docs: 40, words: 1, tokens: 1, keywords: 0, every: 1},
}

// readable is up to how many documents a segment is read back too.
const readable = 10_000

// generate returns the documents of a corpus; twice called, twice the same.
func generate(docs, words, tokens, keywords, every int) []indexapi.Document {
	r := rand.New(rand.NewPCG(1, uint64(docs)))
	list := make([]indexapi.Document, docs)
	for i := range list {
		d := zap.NewDocument(fmt.Sprintf("doc-%d", r.Uint32()))
		if i%every > 0 || every == 2 {
			addText(d, r, words, 1+r.IntN(tokens))
		}
		for k := range keywords {
			d.Add(fmt.Sprintf("keyword%d", k), keywordOptions, 1, []zap.Term{{Text: word(r.IntN(words))}})
		}
		if i == docs/2 {
			d.Add("empty", textOptions, 0, nil)
		}
		d.Store("stored", []byte(strings.Repeat(word(i), r.IntN(9))))
		d.Store("another", []byte{byte(i)})
		d.AddIDField()
		list[i] = d
	}
	return list
}

func addText(d *zap.Document, r *rand.Rand, words, tokens int) {
	places := make(map[string]int)
	var terms []zap.Term
	for pos := range tokens {
		w := word(int(float64(words) * r.Float64() * r.Float64()))
		i, known := places[w]
		if !known {
			i = len(terms)
			places[w] = i
			terms = append(terms, zap.Term{Text: w})
		}
		terms[i].Freq += uint64(1 + r.IntN(200))
		terms[i].Positions = append(terms[i].Positions, uint32(1+pos*r.IntN(2)*3000+pos))
	}
	d.Add("text", textOptions, tokens, terms)
}

// word is a term: some are empty but for a letter, some long, some share a long
// beginning, some are not ASCII.
func word(i int) string {
	return []string{"", "w", "wordwordword", "é", "\x00"}[i%5] + fmt.Sprint(i) + strings.Repeat("x", i%13)
}

// TestEqualsZapx compares segments byte for byte with those that zapx builds, up
// to the list of the fields, where zapx writes also what no field has, in an order
// of chance.
func TestEqualsZapx(t *testing.T) {
	for _, c := range corpora {
		t.Run(c.name, func(t *testing.T) {
			docs := generate(c.docs, c.words, c.tokens, c.keywords, c.every)
			theirs := build(t, &zapx.ZapPlugin{}, docs)
			plugin := &zap.Plugin{}
			build(t, plugin, generate(7, 30, 20, 2, 3)) // what it leaves behind must not show
			ours := build(t, plugin, docs)

			got, want := layout(t, ours), layout(t, theirs)
			if !bytes.Equal(got.terms, want.terms) {
				t.Errorf("built %d bytes, zapx %d, the first %d alike", len(got.terms), len(want.terms), alike(got.terms, want.terms))
			}
			if got.stored != want.stored || got.docs != want.docs || got.mode != want.mode {
				t.Errorf("footer %+v, zapx %+v", got.footer, want.footer)
			}
			if c.docs > readable {
				return
			}
			if diff := cmp.Diff(fields(t, theirs, len(docs)), fields(t, ours, len(docs))); diff != "" {
				t.Errorf("read back (-zapx +ours):\n%s", diff)
			}
		})
	}
}

// TestMergesWithZapx merges a segment of ours with one of zapx: it must be what two
// of zapx merge to.
func TestMergesWithZapx(t *testing.T) {
	first, second := generate(200, 300, 50, 3, 7), generate(300, 300, 50, 3, 7)
	stock, plugin := &zapx.ZapPlugin{}, &zap.Plugin{}
	want := merged(t, build(t, stock, first), build(t, stock, second))
	got := merged(t, build(t, plugin, first), build(t, stock, second))
	if diff := cmp.Diff(fields(t, want, 500), fields(t, got, 500)); diff != "" {
		t.Errorf("merged (-zapx +ours):\n%s", diff)
	}
}

// foreign is a document that is not this package's.
type foreign struct{ *zap.Document }

func TestLeavesOthersToZapx(t *testing.T) {
	docs := generate(50, 30, 20, 2, 3)
	want := fields(t, build(t, &zapx.ZapPlugin{}, docs), len(docs))
	for i := range docs {
		docs[i] = foreign{docs[i].(*zap.Document)}
	}
	docs[0].(foreign).Add("values", indexapi.IndexField|indexapi.DocValues, 1, []zap.Term{{Text: "x", Freq: 1}})
	s := build(t, &zap.Plugin{}, docs)
	got := fields(t, s, len(docs))
	delete(got, "field values")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("built otherwise (-zapx +ours):\n%s", diff)
	}
	if visitable, ok := s.(segment.DocValueVisitable); !ok || !slices.Contains(visitableFields(t, visitable), "values") {
		t.Error("doc values of others' documents are lost")
	}
}

func visitableFields(t *testing.T, s segment.DocValueVisitable) []string {
	t.Helper()
	list, err := s.VisitableDocValueFields()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestRefuses(t *testing.T) {
	tests := []struct {
		name, want string
		change     func(d *zap.Document)
	}{
		{"a field twice", "twice", func(d *zap.Document) { d.Add("x", keywordOptions, 0, nil); d.Store("x", nil) }},
		{"doc values", "doc values", func(d *zap.Document) { d.Add("x", indexapi.DocValues, 0, nil) }},
		{"no name", "_id", func(*zap.Document) {}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := zap.NewDocument("a")
			test.change(d)
			if test.want != "_id" {
				d.AddIDField()
			}
			_, _, err := (&zap.Plugin{}).NewUsing([]indexapi.Document{d}, config())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}
