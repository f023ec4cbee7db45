package index

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"golang.org/x/sync/errgroup"
)

// view is one consistent state of the index: a state of each partition. It holds
// them, and with them the files, until the last holder releases it.
type view struct {
	generation uint64
	parts      []*partState
	segments   []*segmentView
	stats      [numSets]setStats
	live       int
	lastSeen   int64 // the newest time of first sight among live articles
	holders
}

// partState is one consistent state of a partition: Bleve's snapshot with our
// columns over it.
type partState struct {
	snapshot *scorch.IndexSnapshot
	segments []*segmentView
	live     int
	holders
}

// segmentView is one segment as a view sees it.
type segmentView struct {
	id      uint64
	seg     segment.Segment
	deleted *roaring.Bitmap
	cols    *columns
	live    bitset // neither deleted nor a tombstone
	whole   bool   // live is the whole segment

	stats    [numSets]setStats // of the live articles
	lastSeen int64             // likewise
}

// setStats are the statistics of the live articles of a field set.
type setStats struct {
	articles int
	tokens   [numTextFields]int64
}

// averages returns the mean length of each field, at least a trifle.
func (s setStats) averages() [numTextFields]float64 {
	var a [numTextFields]float64
	for f, n := range s.tokens {
		a[f] = max(float64(n)/float64(max(s.articles, 1)), 1e-9)
	}
	return a
}

// newView returns the view of the partitions' states, with one holder.
func newView(generation uint64, parts []*partition) *view {
	v := &view{generation: generation, parts: make([]*partState, len(parts))}
	v.begin()
	for i, p := range parts {
		p.state.hold()
		v.parts[i] = p.state
		for _, s := range p.state.segments {
			v.segments = append(v.segments, s)
			v.add(s)
		}
	}
	return v
}

// newPartState puts columns over a snapshot. It takes what does not change from
// an earlier state, which may be nil. The new one has one holder.
func newPartState(instance uint64, snapshot *scorch.IndexSnapshot, old *partState, maker columnMaker) (*partState, error) {
	known := make(map[uint64]*segmentView)
	if old != nil {
		for _, s := range old.segments {
			known[s.id] = s
		}
	}
	st := &partState{snapshot: snapshot, segments: make([]*segmentView, len(snapshot.Segments()))}
	st.begin()
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range snapshot.Segments() {
		group.Go(func() (err error) {
			defer recovered(&err)
			id := segmentID(instance, s)
			if st.segments[i], err = newSegmentView(id, s, known[id], maker); err != nil {
				return fmt.Errorf("columns of segment %d: %w", s.Id(), err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, s := range st.segments {
		for _, set := range s.stats {
			st.live += set.articles
		}
	}
	return st, nil
}

// newSegmentView returns a segment as the snapshot sees it, given what is known
// of it from an earlier view, if anything.
func newSegmentView(id uint64, s *scorch.SegmentSnapshot, known *segmentView, maker columnMaker) (*segmentView, error) {
	v := &segmentView{id: id, seg: s.Segment(), deleted: s.Deleted()}
	if known != nil {
		v.cols = known.cols
		if known.deletions() == v.deletions() { // deletions only ever grow
			v.live, v.whole, v.stats, v.lastSeen = known.live, known.whole, known.stats, known.lastSeen
			return v, nil
		}
	} else {
		var err error
		if v.cols, err = maker.build(v.seg); err != nil {
			return nil, err
		}
	}
	v.mask()
	v.measure()
	return v, nil
}

// segmentID names a segment for as long as the engine is open. Bleve numbers
// segments anew when it is opened again.
func segmentID(instance uint64, s *scorch.SegmentSnapshot) uint64 { return instance<<40 | s.Id() }

func (s *segmentView) deletions() uint64 {
	if s.deleted == nil {
		return 0
	}
	return s.deleted.GetCardinality()
}

// mask fills live and whole.
func (s *segmentView) mask() {
	s.live = newBitset(s.cols.size).fill(s.cols.size)
	s.live.removeAll(s.deleted)
	if s.cols.tombs != nil {
		s.live.andNot(s.cols.tombs)
	}
	s.whole = s.cols.tombs == nil && (s.deleted == nil || s.deleted.IsEmpty())
}

// measure fills stats and lastSeen.
func (s *segmentView) measure() {
	for doc := range s.live.all() {
		st := &s.stats[s.cols.set[doc]]
		st.articles++
		for f := range st.tokens {
			st.tokens[f] += int64(s.cols.lengths[f][doc])
		}
		s.lastSeen = max(s.lastSeen, s.cols.seen[doc])
	}
}

// add takes a segment into the view's statistics.
func (v *view) add(s *segmentView) {
	for set, st := range s.stats {
		v.stats[set].articles += st.articles
		v.live += st.articles
		for f, n := range st.tokens {
			v.stats[set].tokens[f] += n
		}
	}
	v.lastSeen = max(v.lastSeen, s.lastSeen)
}

// holders counts who holds a state.
type holders struct{ n atomic.Int64 }

// begin notes the first holder.
func (h *holders) begin() { h.n.Store(1) }

// hold notes one more holder. It fails when the state is gone already.
func (h *holders) hold() bool {
	for {
		n := h.n.Load()
		if n <= 0 {
			return false
		}
		if h.n.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// end ends one hold and reports whether it was the last.
func (h *holders) end() bool { return h.n.Add(-1) == 0 }

// release ends one hold.
func (v *view) release() error {
	if !v.end() {
		return nil
	}
	var err error
	for _, p := range v.parts {
		err = errors.Join(err, p.release())
	}
	return err
}

func (p *partState) release() error {
	if !p.end() {
		return nil
	}
	return p.snapshot.Close()
}

// versions returns the version, and whether it is a tombstone, of each of the
// ids that is known.
func (p *partState) versions(ids []string) (map[string]held, error) {
	found := make(map[string]held, len(ids))
	for _, s := range p.segments {
		docs, err := s.seg.DocNumbers(ids)
		if err != nil {
			return nil, fmt.Errorf("look up ids: %w", err)
		}
		for it := docs.Iterator(); it.HasNext(); {
			doc := it.Next()
			if s.deleted != nil && s.deleted.Contains(doc) {
				continue
			}
			found[string(s.cols.ids.at(doc))] = held{s.cols.version[doc], s.cols.tombs != nil && s.cols.tombs.has(doc)}
		}
	}
	return found, nil
}

// held is the state in which the index has an article.
type held struct {
	version int64
	deleted bool
}
