package index

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"iter"
	"math"
	"sync"
	"time"

	"broadsheet.example/news"
)

const (
	// snapshotTTL is how long a cursor of a relevancy search can be continued.
	snapshotTTL = 2 * time.Minute
	// maxSnapshots and maxSnapshotBytes bound the states held for such cursors at
	// a time, and the memory that is held for them alone; beyond, those go first
	// that were used longest ago. States share what has not changed between them,
	// so that the bounds are for four changes a second, or for a rewrite of some
	// hundred thousand articles, within the time to live.
	maxSnapshots     = 512
	maxSnapshotBytes = 64 << 20
	// maxCursorBytes bounds a cursor as it comes from outside.
	maxCursorBytes = 1024
)

// Cursor is what [news.Result.NextCursor] carries, in JSON under base64. It names
// the hit to go on after and what keeps the walk consistent.
type Cursor struct {
	Query     uint64 `json:"q"`           // hash of the query it belongs to
	Rank      uint64 `json:"r"`           // bits of the position's rank
	Published int64  `json:"p"`           //
	ID        string `json:"i"`           //
	Bound     int64  `json:"b,omitempty"` // date sorts: articles first seen later stay out
	Epoch     uint64 `json:"e,omitempty"` // relevancy: the process
	View      uint64 `json:"v,omitempty"` // relevancy: the snapshot's generation
	Now       int64  `json:"n"`           // the time that decay and relative dates are measured from
	From      int64  `json:"f,omitempty"` // the query's bounds at that time
	To        int64  `json:"t,omitempty"` //
}

// String returns the cursor as callers hand it back.
func (c Cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // numbers and a string always marshal
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func (c Cursor) position() *position {
	return &position{rank: math.Float64frombits(c.Rank), published: c.Published, id: c.ID}
}

// ParseCursor reads the query's cursor and makes sure that it belongs to it.
func ParseCursor(q *news.Query) (Cursor, error) {
	var c Cursor
	text, err := base64.RawURLEncoding.DecodeString(cut(q.Cursor, maxCursorBytes))
	if err != nil || json.Unmarshal(text, &c) != nil {
		return c, &news.ParamError{Param: "cursor", Value: cut(q.Cursor, 40), Reason: "is not a cursor: use nextCursor as it was given"}
	}
	now := q.Now.UnixMilli()
	if c.Query != hashQuery(q) || !sameBound(bound(q.From), now, c.From, c.Now) || !sameBound(bound(q.To), now, c.To, c.Now) {
		return c, &news.ParamError{Param: "cursor", Value: cut(q.Cursor, 40), Reason: "belongs to another query: repeat the one that it was given for"}
	}
	return c, nil
}

// bound is a bound of a query in milliseconds, 0 for an open one.
func bound(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return ceilMillis(t)
}

// sameBound reports whether a bound given now is the cursor's: the same time, or
// as long before or after the time of its query.
func sameBound(given, now, kept, then int64) bool {
	if given == kept || given == 0 || kept == 0 {
		return given == kept
	}
	const tolerance = 1000 // milliseconds
	drift := (given - now) - (kept - then)
	return -tolerance < drift && drift < tolerance
}

// unbound is the reverse of bound.
func unbound(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// NewCursor returns a cursor of the query that names no hit yet.
func NewCursor(q *news.Query) Cursor {
	return Cursor{Query: hashQuery(q), Now: q.Now.UnixMilli(), From: bound(q.From), To: bound(q.To)}
}

// Restore sets the query's time and bounds to those of the walk's first page.
func (c Cursor) Restore(q *news.Query) {
	q.Now, q.From, q.To = time.UnixMilli(c.Now), unbound(c.From), unbound(c.To)
}

// hashQuery hashes what decides the order and the set of hits, but for the
// bounds, which may be relative to the time.
func hashQuery(q *news.Query) uint64 {
	h := fnv.New64a()
	expr := ""
	if q.Expr != nil {
		expr = q.Expr.String()
	}
	fmt.Fprintf(h, "%q %q %q %+v %q %q %q %q %q %q", expr, q.Match, q.SearchIn, q.Filters, q.DateField, q.Language, q.Sort, q.Recency, q.Collapse, q.Zone)
	return h.Sum64()
}

// nextCursor returns the cursor that continues after the last hit. A relevancy
// cursor has the run's view held.
func (r *run) nextCursor(last candidate) string {
	p := last.position()
	c := NewCursor(r.q)
	c.Rank, c.Published, c.ID = math.Float64bits(p.rank), p.published, p.id
	if r.q.Sort != news.SortRelevancy {
		c.Bound = r.bound
		return c.String()
	}
	c.Epoch, c.View = r.engine.held.epoch, r.view.generation
	r.engine.held.keep(r.view)
	return c.String()
}

// open picks the view of the run: a cursor's own, or the current one.
func (r *run) open() error {
	if r.q.Cursor == "" {
		r.view, r.bound = r.engine.acquire(), maxTime
		if r.q.Sort != news.SortRelevancy {
			r.bound = r.view.lastSeen
		}
		return nil
	}
	c, err := ParseCursor(r.q)
	if err != nil {
		return err
	}
	r.after, r.bound = c.position(), maxTime
	c.Restore(r.q)
	if r.q.Sort != news.SortRelevancy {
		r.view, r.bound = r.engine.acquire(), c.Bound
		return nil
	}
	r.view = r.engine.held.find(c.Epoch, c.View)
	if r.view == nil {
		return news.ErrCursorExpired
	}
	return nil
}

// snapshots holds views for the cursors that name them.
type snapshots struct {
	epoch uint64 // tells this process's cursors from those of others
	now   func() time.Time
	// most and mostBytes are the bounds.
	most      int
	mostBytes int64

	mu     sync.Mutex
	views  map[uint64]*snapshotHold
	pins   map[any]pin // what of memory the views have
	pinned int64       // its bytes
}

// pin is a part of memory that some of the views have.
type pin struct {
	views int
	bytes int64
}

type snapshotHold struct {
	view *view
	till time.Time
}

func newSnapshots(now func() time.Time) *snapshots {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return &snapshots{
		epoch: binary.BigEndian.Uint64(b[:]), now: now, most: maxSnapshots, mostBytes: maxSnapshotBytes,
		views: make(map[uint64]*snapshotHold), pins: make(map[any]pin),
	}
}

// keep holds the view for the time to live from now on. The caller holds it
// too.
func (s *snapshots) keep(v *view) {
	s.mu.Lock()
	defer s.mu.Unlock()
	till := s.now().Add(snapshotTTL)
	if h, ok := s.views[v.generation]; ok {
		h.till = till
		return
	}
	if v.hold() {
		s.views[v.generation] = &snapshotHold{v, till}
		s.count(v, 1)
	}
	for len(s.views) > 1 && (len(s.views) > s.most || s.bytes(v) > s.mostBytes) {
		s.dropOldest()
	}
}

// bytes is the memory of what the held views have and the newest does not.
func (s *snapshots) bytes(newest *view) int64 {
	sum := s.pinned
	for part := range newest.memory() {
		sum -= s.pins[part].bytes
	}
	return sum
}

// count notes by how many more of the held views have what the view has.
func (s *snapshots) count(v *view, by int) {
	for part, n := range v.memory() {
		p, known := s.pins[part]
		if !known {
			p.bytes = n
			s.pinned += n
		}
		if p.views += by; p.views > 0 {
			s.pins[part] = p
		} else {
			s.pinned -= p.bytes
			delete(s.pins, part)
		}
	}
}

// memory yields what the view's segments have in memory, which other views may
// have as well, with the bytes of each.
func (v *view) memory() iter.Seq2[any, int64] {
	return func(yield func(any, int64) bool) {
		for _, g := range v.segments {
			if !yield(g.cols, g.cols.bytes()) {
				return
			}
			if len(g.live) > 0 && !yield(&g.live[0], int64(8*len(g.live))) {
				return
			}
		}
	}
}

// dropOldest lets go of the view that was used longest ago.
func (s *snapshots) dropOldest() {
	var oldest *snapshotHold
	for _, h := range s.views {
		if oldest == nil || h.till.Before(oldest.till) || h.till.Equal(oldest.till) && h.view.generation < oldest.view.generation {
			oldest = h
		}
	}
	_ = s.drop(oldest.view) // only closes files; there is nobody to tell
}

// drop lets go of a view.
func (s *snapshots) drop(v *view) error {
	delete(s.views, v.generation)
	s.count(v, -1)
	return v.release()
}

// find returns the view of the generation, held for the caller, or nil when it
// has expired.
func (s *snapshots) find(epoch, generation uint64) *view {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.views[generation]
	if !ok || epoch != s.epoch || s.now().After(h.till) || !h.view.hold() {
		return nil
	}
	return h.view
}

// expire lets go of the views whose time is over.
func (s *snapshots) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.views {
		if s.now().After(h.till) {
			_ = s.drop(h.view)
		}
	}
}

func (s *snapshots) clear() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for _, h := range s.views {
		err = errors.Join(err, s.drop(h.view))
	}
	return err
}

func (s *snapshots) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.views)
}
