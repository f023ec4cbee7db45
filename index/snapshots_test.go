package index

import (
	"testing"
	"time"
)

// plainView returns a view, held by its maker, of the segments.
func plainView(generation uint64, segments ...*segmentView) *view {
	v := &view{generation: generation, segments: segments}
	v.begin()
	return v
}

// plainSegment returns a segment of n documents that holds nothing of them.
func plainSegment(n int) *segmentView {
	c := &columns{size: n, version: make([]int64, n), published: make([]int64, n)}
	c.updated = c.published
	return &segmentView{cols: c, live: newBitset(n).fill(n)}
}

// TestSnapshotsLive lets articles arrive twice a second, with a cursor given for
// every state, and continues the first one for as long as is promised.
func TestSnapshotsLive(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	begin := now
	s := newSnapshots(func() time.Time { return now })
	archive := plainSegment(1_000_000)
	generation := uint64(0)
	for ; now.Sub(begin) <= snapshotTTL; now = now.Add(500 * time.Millisecond) {
		generation++
		v := plainView(generation, archive, plainSegment(50))
		s.keep(v)
		if v := s.find(s.epoch, 1); v == nil {
			t.Fatalf("the first cursor is gone after %v, with %d states held", now.Sub(begin), s.size())
		} else if err := v.release(); err != nil {
			t.Fatal(err)
		}
	}
	if s.find(s.epoch, 1) != nil {
		t.Error("the first cursor lives longer than is promised")
	}
	s.expire()
	if n := s.size(); n != int(generation)-1 {
		t.Errorf("%d states are held, want all but the first of %d", n, generation)
	}
}

func TestSnapshotsBounded(t *testing.T) {
	const documents = 1000
	one := plainSegment(documents).cols.bytes()
	for _, tt := range []struct {
		name      string
		most      int
		mostBytes int64
		kept      []uint64
	}{
		{"by number", 3, 1 << 40, []uint64{1, 4, 5}},
		{"by bytes", 100, 2*one + documents, []uint64{1, 4, 5}}, // the newest is searched anyway
		{"one is always kept", 1, 0, []uint64{5}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			s := newSnapshots(func() time.Time { return now })
			s.most, s.mostBytes = tt.most, tt.mostBytes
			views := make([]*view, 6)
			for g := uint64(1); g <= 5; g++ {
				now = now.Add(time.Second)
				views[g] = plainView(g, plainSegment(documents))
				s.keep(views[g])
				s.keep(views[1]) // which is read on
			}
			for _, g := range tt.kept {
				if s.find(s.epoch, g) == nil {
					t.Errorf("state %d is gone", g)
				}
			}
			if s.size() != len(tt.kept) {
				t.Errorf("%d states are held, want %d", s.size(), len(tt.kept))
			}
		})
	}
}
