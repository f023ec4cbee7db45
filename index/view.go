package index

import (
	"fmt"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// view is one consistent state of the index: Bleve's snapshot with our columns
// over it. It holds the snapshot, and with it the files, until the last holder
// releases it.
type view struct {
	generation uint64
	snapshot   *scorch.IndexSnapshot
	segments   []*segmentView
	stats      [numSets]setStats
	live       int
	lastSeen   int64 // the newest time of first sight among live articles
	holders    atomic.Int64
}

// segmentView is one segment as a view sees it.
type segmentView struct {
	id      uint64
	seg     segment.Segment
	deleted *roaring.Bitmap
	cols    *columns
	live    bitset // neither deleted nor a tombstone
	whole   bool   // live is the whole segment
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

// newView puts columns over a snapshot. It takes the columns of segments it
// knows from known, by segment id. The view has one holder.
func newView(generation uint64, snapshot *scorch.IndexSnapshot, known map[uint64]*columns, dicts *[numFacets]*dictionary) (*view, error) {
	v := &view{generation: generation, snapshot: snapshot}
	v.holders.Store(1)
	for _, s := range snapshot.Segments() {
		cols := known[s.Id()]
		if cols == nil {
			var err error
			if cols, err = buildColumns(s.Segment(), dicts); err != nil {
				return nil, fmt.Errorf("columns of segment %d: %w", s.Id(), err)
			}
		}
		sv := &segmentView{id: s.Id(), seg: s.Segment(), deleted: s.Deleted(), cols: cols}
		sv.mask()
		v.segments = append(v.segments, sv)
		v.take(sv)
	}
	return v, nil
}

func (s *segmentView) mask() {
	s.live = fullBitset(s.cols.size)
	s.live.removeAll(s.deleted)
	if s.cols.tombs != nil {
		s.live.andNot(s.cols.tombs)
	}
	s.whole = s.cols.tombs == nil && (s.deleted == nil || s.deleted.IsEmpty())
}

// take adds a segment's live articles to the view's statistics.
func (v *view) take(s *segmentView) {
	for doc := range s.live.all() {
		st := &v.stats[s.cols.set[doc]]
		st.articles++
		for f := range st.tokens {
			st.tokens[f] += int64(s.cols.lengths[f][doc])
		}
		v.live++
		v.lastSeen = max(v.lastSeen, s.cols.seen[doc])
	}
}

// hold notes one more holder. It fails when the view is gone already.
func (v *view) hold() bool {
	for {
		n := v.holders.Load()
		if n <= 0 {
			return false
		}
		if v.holders.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release ends one hold.
func (v *view) release() error {
	if v.holders.Add(-1) > 0 {
		return nil
	}
	return v.snapshot.Close()
}

// versions returns the version, and whether it is a tombstone, of each of the
// ids that is known.
func (v *view) versions(ids []string) (map[string]held, error) {
	found := make(map[string]held, len(ids))
	for _, s := range v.segments {
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
