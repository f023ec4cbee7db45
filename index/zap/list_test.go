package zap_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"broadsheet.example/index/zap"
)

// posting is a document with the frequency of a term in it.
type posting struct {
	doc  uint32
	freq uint64
}

// TestFind compares what is read of each term with what zapx says of it, in
// segments as they are built and in merged ones, which keep terms of one document
// in the dictionary.
func TestFind(t *testing.T) {
	for _, c := range corpora {
		t.Run(c.name, func(t *testing.T) {
			s := build(t, &zap.Plugin{}, generate(c.docs, c.words, c.tokens, c.keywords, c.every))
			if list, err := zap.Find(s, "text", "w1"); list != nil || err != nil {
				t.Errorf("in memory: got %v, %v", list, err)
			}
			for _, file := range []segment.Segment{merged(t, s), merged(t, s, s)} {
				for _, field := range file.Fields() {
					compareField(t, file, field)
				}
				if list, err := zap.Find(file, "text", "not there"); err != nil || list.Count() != 0 {
					t.Errorf("no such term: got %v, %v", list, err)
				}
				if list, err := zap.Find(file, "no such field", "w1"); err != nil || list.Count() != 0 {
					t.Errorf("no such field: got %v, %v", list, err)
				}
			}
		})
	}
}

// merged returns the segments as one on disk.
func merged(t *testing.T, list ...segment.Segment) segment.Segment {
	t.Helper()
	path := filepath.Join(t.TempDir(), "merged.zap")
	plugin := &zap.Plugin{}
	if _, _, err := plugin.MergeUsing(list, make([]*roaring.Bitmap, len(list)), path, nil, nil, config()); err != nil {
		t.Fatal(err)
	}
	s, err := plugin.OpenUsing(path, config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // nothing was written
	return s
}

func compareField(t *testing.T, s segment.Segment, field string) {
	t.Helper()
	dict, err := s.Dictionary(field)
	if err != nil {
		t.Fatal(err)
	}
	terms := dict.AutomatonIterator(nil, nil, nil)
	for {
		term, err := terms.Next()
		if err != nil {
			t.Fatal(err)
		}
		if term == nil {
			return
		}
		if field == "text" {
			comparePositions(t, s, dict, term.Term)
		}
		want, got := theirs(t, dict, term.Term), ours(t, s, field, term.Term)
		if len(want) != len(got) {
			t.Fatalf("field %s, term %q: read %d postings, zapx %d", field, term.Term, len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("field %s, term %q, posting %d: read %v, zapx %v", field, term.Term, i, got[i], want[i])
			}
		}
	}
}

func theirs(t *testing.T, dict segment.TermDictionary, term string) []posting {
	t.Helper()
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := list.Iterator(true, true, false, nil)
	var out []posting
	for {
		p, err := all.Next()
		if err != nil {
			t.Fatal(err)
		}
		if p == nil {
			return out
		}
		out = append(out, posting{uint32(p.Number()), p.Frequency()})
	}
}

func ours(t *testing.T, s segment.Segment, field, term string) []posting {
	t.Helper()
	list, err := zap.Find(s, field, term)
	if err != nil || list == nil {
		t.Fatalf("field %s, term %q: got %v, %v", field, term, list, err)
	}
	const few = 100
	docs, freqs := make([]uint32, few), make([]uint64, few)
	var out []posting
	for {
		n, err := list.Read(docs, freqs)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
		for i := range n {
			out = append(out, posting{docs[i], freqs[i]})
		}
	}
	if list.Count() != len(out) {
		t.Errorf("field %s, term %q: counted %d, read %d", field, term, list.Count(), len(out))
	}
	return out
}

// comparePositions compares the positions of a term in every document with those
// in every third, the others passed over.
func comparePositions(t *testing.T, s segment.Segment, dict segment.TermDictionary, term string) {
	t.Helper()
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := zap.Find(s, "text", term)
	if err != nil {
		t.Fatal(err)
	}
	every, some, skipped := found.Positions(), found.Positions(), 0
	all := list.Iterator(true, true, true, nil)
	for i := 0; ; i++ {
		p, err := all.Next()
		if err != nil {
			t.Fatal(err)
		}
		if p == nil {
			break
		}
		want := []int{}
		for _, l := range p.Locations() {
			want = append(want, int(l.Pos()))
		}
		got, err := every.Append([]int{})
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("term %q, posting %d: positions %v (%v), zapx %v", term, i, got, err, want)
		}
		if i%3 < 2 {
			skipped++
			continue
		}
		err = some.Skip(skipped)
		if got, _ := some.Append([]int{}); err != nil || !slices.Equal(got, want) {
			t.Fatalf("term %q, posting %d after %d others: positions %v (%v), zapx %v", term, i, skipped, got, err, want)
		}
		skipped = 0
	}
	if _, err := every.Append(nil); !errors.Is(err, zap.ErrDamaged) {
		t.Errorf("term %q: got error %v beyond the last posting", term, err)
	}
}
