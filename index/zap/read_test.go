package zap_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"

	indexapi "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// builder is what builds segments.
type builder interface {
	NewUsing(docs []indexapi.Document, config map[string]any) (segment.Segment, uint64, error)
}

func config() map[string]any { return map[string]any{segment.StatsKey: &segment.Stats{}} }

func build(t *testing.T, b builder, docs []indexapi.Document) segment.Segment {
	t.Helper()
	s, _, err := b.NewUsing(docs, config())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// footer is what a segment's last bytes say of it.
type footer struct {
	docs, stored uint64
	mode         uint32
}

type laidOut struct {
	footer
	terms []byte // all before the list of fields
}

// layout cuts up the bytes of a segment.
func layout(t *testing.T, s segment.Segment) laidOut {
	t.Helper()
	var file bytes.Buffer
	if _, err := s.(io.WriterTo).WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	const size = 8 + 8 + 8 + 4 + 4 + 4
	end := file.Bytes()[file.Len()-size:]
	list := file.Bytes()[binary.BigEndian.Uint64(end[16:]):]
	_, n := binary.Uvarint(list) // the number of fields
	return laidOut{
		footer: footer{binary.BigEndian.Uint64(end), binary.BigEndian.Uint64(end[8:]), binary.BigEndian.Uint32(end[24:])},
		terms:  file.Bytes()[:binary.BigEndian.Uint64(list[n:])],
	}
}

func alike(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// fields reads all that a segment tells: the postings of each field and what is
// stored.
func fields(t *testing.T, s segment.Segment, docs int) map[string]string {
	t.Helper()
	all := map[string]string{"size": fmt.Sprint(s.Count())}
	for _, name := range s.Fields() {
		var b strings.Builder
		if err := readField(&b, s, name); err != nil {
			t.Fatalf("field %s: %v", name, err)
		}
		all["field "+name] = b.String()
	}
	var b strings.Builder
	for doc := range docs {
		err := s.VisitStoredFields(uint64(doc), func(name string, kind byte, value []byte, at []uint64) bool {
			fmt.Fprintf(&b, "%d %s %c %q %v\n", doc, name, kind, value, at)
			return true
		})
		if err != nil {
			t.Fatalf("document %d: %v", doc, err)
		}
	}
	all["stored"] = b.String()
	return all
}

func readField(b *strings.Builder, s segment.Segment, name string) error {
	dict, err := s.Dictionary(name)
	if err != nil {
		return err
	}
	terms := dict.AutomatonIterator(nil, nil, nil)
	for {
		term, err := terms.Next()
		if err != nil || term == nil {
			return err
		}
		list, err := dict.PostingsList([]byte(term.Term), nil, nil)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "%q %d:", term.Term, list.Count())
		if err := readPostings(b, list.Iterator(true, true, true, nil)); err != nil {
			return err
		}
		b.WriteByte('\n')
	}
}

func readPostings(b *strings.Builder, postings segment.PostingsIterator) error {
	for {
		p, err := postings.Next()
		if err != nil || p == nil {
			return err
		}
		fmt.Fprintf(b, " %d=%d/%v", p.Number(), p.Frequency(), p.Norm())
		for _, l := range p.Locations() {
			fmt.Fprintf(b, ",%s:%d:%d:%d%v", l.Field(), l.Pos(), l.Start(), l.End(), l.ArrayPositions())
		}
	}
}
