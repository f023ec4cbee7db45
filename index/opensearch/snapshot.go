package opensearch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

const (
	// keepAlive is how long a snapshot lives that nobody asks: as long as a cursor
	// of a relevancy search can be continued.
	keepAlive = "2m"
	// snapshotAge is how old a snapshot, or what is known of the index, may be
	// while others write to it.
	snapshotAge = 2 * time.Second
	// maxSnapshots bounds those held at a time; the oldest go first.
	maxSnapshots = 48
	// snapshotLimit is the setting that says how many shards' states a node holds
	// for everybody: 300, unless it is told otherwise.
	snapshotLimit = "search.max_open_pit_context"
	// warnEvery is how often, at most, the log says that there are none to be had:
	// while that lasts, every relevancy search meets it.
	warnEvery = time.Minute
)

// errNoSnapshots is reported when the cluster holds as many snapshots as it may.
var errNoSnapshots = errors.New("OpenSearch holds no more snapshots")

// snapshot is one state of the index, a point in time of OpenSearch's. All
// relevancy searches of a moment share one.
type snapshot struct {
	id     string
	opened time.Time
	used   bool // by a cursor
}

// number names a snapshot in a cursor.
func (s *snapshot) number() uint64 {
	h := fnv.New64a()
	h.Write([]byte(s.id))
	return h.Sum64()
}

// facts is what is known of the index as a whole.
type facts struct {
	sets map[string]index.SetStats // of the live articles of each field set
	at   time.Time
}

// views is the states of the index in use.
type views struct {
	mu      sync.Mutex
	changes uint64 // rises with every write of this engine
	current *snapshot
	seen    uint64 // changes when current was opened
	held    []*snapshot
	facts   facts
	counted uint64 // changes when facts were taken
	warned  time.Time
}

// renew has the next search see what was written.
func (e *Engine) renew() {
	e.views.mu.Lock()
	defer e.views.mu.Unlock()
	e.views.changes++
}

// State names what is searched now. Since other processes may write too, it
// changes with time.
func (e *Engine) State() string {
	e.views.mu.Lock()
	defer e.views.mu.Unlock()
	return fmt.Sprintf("%d.%d", e.views.changes, e.cfg.Now().Truncate(snapshotAge).Unix())
}

// facts returns what is known of the index.
func (e *Engine) facts(ctx context.Context) (facts, error) {
	v := &e.views
	v.mu.Lock()
	known, changes, fresh := v.facts, v.changes, v.facts.sets != nil && v.counted == v.changes
	v.mu.Unlock()
	if fresh && e.cfg.Now().Sub(known.at) < snapshotAge {
		return known, nil
	}
	sums := object{}
	for _, field := range news.TextFields() {
		sums[field] = object{"sum": object{"field": lengthField(field)}}
	}
	body := object{
		"size": 0, "query": term(fieldDeleted, false), "track_total_hits": false,
		"aggs": object{fieldSet: object{"terms": object{"field": fieldSet, "size": len(index.Sets())}, "aggs": sums}},
	}
	var r reply
	if err := e.client.search(ctx, e.cfg.Prefix, nil, body, &r); err != nil {
		return facts{}, fmt.Errorf("count articles: %w", err)
	}
	now := facts{sets: make(map[string]index.SetStats), at: e.cfg.Now()}
	for _, b := range r.Aggregations[fieldSet].Buckets {
		if set, ok := b.Key.(string); ok {
			now.sets[set] = index.SetStats{Articles: b.Count, Tokens: [3]int64{b.Title.sum(), b.Description.sum(), b.Content.sum()}}
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.facts, v.counted = now, changes
	return now, nil
}

// fresh returns a snapshot of a state that is new enough.
func (e *Engine) fresh(ctx context.Context) (*snapshot, error) {
	v := &e.views
	v.mu.Lock()
	current, changes := v.current, v.changes
	stale := current == nil || v.seen != v.changes
	v.mu.Unlock()
	if !stale && e.cfg.Now().Sub(current.opened) < snapshotAge {
		return current, nil
	}
	id, err := e.pointInTime(ctx)
	if errors.Is(err, errNoSnapshots) {
		e.release(ctx, v.giveUp())
		id, err = e.pointInTime(ctx)
	}
	if err != nil {
		return nil, err
	}
	s := &snapshot{id: id, opened: e.cfg.Now()}
	v.mu.Lock()
	v.current, v.seen = s, changes
	v.held = append(v.held, s)
	gone := v.spare()
	v.mu.Unlock()
	e.release(ctx, gone)
	return s, nil
}

// pointInTime has OpenSearch hold a state of all that is searched.
func (e *Engine) pointInTime(ctx context.Context) (string, error) {
	var said struct {
		shards
		ID string `json:"pit_id"`
	}
	params := url.Values{"keep_alive": {keepAlive}, "allow_partial_pit_creation": {"false"}}
	err := e.client.do(ctx, http.MethodPost, "/"+e.cfg.Prefix+"/_search/point_in_time", params, nil, &said)
	if s, ok := errors.AsType[*statusError](err); ok && strings.Contains(s.reason, snapshotLimit) {
		return "", fmt.Errorf("%w: raise %s of the cluster, of which each takes one for every shard (%s)", errNoSnapshots, snapshotLimit, s.reason)
	}
	if err == nil {
		err = said.whole()
	}
	if err != nil {
		return "", fmt.Errorf("open snapshot: %w", err)
	}
	return said.ID, nil
}

// giveUp takes out all snapshots but the one in use, for want of room: the
// cursors that name them expire early.
func (v *views) giveUp() []*snapshot {
	v.mu.Lock()
	defer v.mu.Unlock()
	gone := v.held
	v.held, v.current = nil, nil
	return gone
}

// spare takes out the snapshots that nobody needs any more. Those that a search
// may still read are young.
func (v *views) spare() []*snapshot {
	var kept, gone []*snapshot
	for i, s := range v.held {
		old := v.current.opened.Sub(s.opened) > snapshotAge
		if s != v.current && (old && !s.used || len(v.held)-i > maxSnapshots) {
			gone = append(gone, s)
			continue
		}
		kept = append(kept, s)
	}
	v.held = kept
	return gone
}

// release gives snapshots back. They would end by themselves.
func (e *Engine) release(ctx context.Context, list []*snapshot) {
	if len(list) == 0 {
		return
	}
	ids := make([]string, len(list))
	for i, s := range list {
		ids[i] = s.id
	}
	if err := e.client.do(ctx, http.MethodDelete, "/_search/point_in_time", nil, object{"pit_id": ids}, nil); err != nil {
		e.log.Debug("give snapshots back", "err", err)
	}
}

// warnOfShifts logs that a search has to do without a snapshot.
func (e *Engine) warnOfShifts(err error) {
	v, now := &e.views, e.cfg.Now()
	v.mu.Lock()
	due := now.Sub(v.warned) >= warnEvery
	if due {
		v.warned = now
	}
	v.mu.Unlock()
	if due {
		e.log.Warn("search without a snapshot: the pages that follow may shift", "err", err)
	}
}

// lost reports whether a search failed because its snapshot is no longer held
// whole: it has expired, or a node that held part of it is gone. Shards that have
// too much to do are no loss.
func lost(err error) bool {
	e, ok := errors.AsType[*statusError](err)
	if !ok {
		return false
	}
	switch e.kind {
	case "rejected_execution_exception", "circuit_breaking_exception", "task_cancelled_exception":
		return false
	default:
		return e.status == http.StatusNotFound || e.status >= 500
	}
}

// drop forgets a snapshot that is lost, and gives back what is left of it.
func (e *Engine) drop(ctx context.Context, gone *snapshot) {
	v := &e.views
	v.mu.Lock()
	if v.current == gone {
		v.current = nil
	}
	v.held = slices.DeleteFunc(v.held, func(s *snapshot) bool { return s == gone })
	v.mu.Unlock()
	e.release(ctx, []*snapshot{gone})
}

// held returns the snapshot that a cursor names, which another process may have
// opened; nil when it has expired.
func (e *Engine) held(ctx context.Context, number uint64) (*snapshot, error) {
	v := &e.views
	v.mu.Lock()
	for _, s := range v.held {
		if s.number() == number {
			v.mu.Unlock()
			return s, nil
		}
	}
	v.mu.Unlock()
	var r struct {
		PITs []struct {
			ID string `json:"pit_id"`
		} `json:"pits"`
	}
	err := e.client.do(ctx, http.MethodGet, "/_search/point_in_time/_all", nil, nil, &r)
	if err != nil && !isStatus(err, http.StatusNotFound) {
		return nil, fmt.Errorf("look up snapshot: %w", err)
	}
	for _, p := range r.PITs {
		if s := (&snapshot{id: p.ID}); s.number() == number {
			return s, nil
		}
	}
	return nil, nil
}

// open picks what the search reads: the snapshot of its cursor, a new one, or the
// newest state.
func (s *search) open(ctx context.Context) error {
	var err error
	if s.q.Cursor == "" {
		if s.q.Sort == news.SortRelevancy && s.q.Size > 0 {
			s.snapshot, err = s.engine.fresh(ctx)
		}
		if errors.Is(err, errNoSnapshots) {
			s.engine.warnOfShifts(err)
			return nil
		}
		return err
	}
	c, err := index.ParseCursor(s.q)
	if err != nil {
		return err
	}
	c.Restore(s.q)
	s.after = &c
	if s.q.Sort != news.SortRelevancy || c.View == 0 {
		return nil
	}
	if s.snapshot, err = s.engine.held(ctx, c.View); err == nil && s.snapshot == nil {
		return news.ErrCursorExpired
	}
	return err
}

// position is where the search goes on, in the form of its order.
func (s *search) position() []any {
	rank := math.Float64frombits(s.after.Rank)
	if s.q.Sort != news.SortRelevancy {
		return []any{int64(rank), s.after.Published, s.after.ID}
	}
	return []any{json.Number(fmt.Sprint(float32(rank))), s.after.Published, s.after.ID}
}

// cursorAfter returns the cursor that continues after a hit in the order of
// OpenSearch, of which passed hits of the window have been shown; 0 when all have.
func (s *search) cursorAfter(ctx context.Context, last *found, passed int) (string, error) {
	c := index.NewCursor(s.q)
	c.Rank, c.Published, c.ID = math.Float64bits(last.rank()), last.number(fieldPublished), last.text(fieldID)
	c.Epoch = uint64(passed)
	switch {
	case s.snapshot != nil:
		c.View = s.snapshot.number()
		s.engine.views.mu.Lock()
		s.snapshot.used = true
		s.engine.views.mu.Unlock()
	case s.q.Sort == news.SortRelevancy: // without a snapshot
	case s.after != nil:
		c.Bound = s.after.Bound
	default:
		bound, err := s.engine.lastSeen(ctx)
		if err != nil {
			return "", err
		}
		c.Bound = bound
	}
	return c.String(), nil
}

// lastSeen is the newest time of first sight. OpenSearch reads it from the bounds
// of the segments.
func (e *Engine) lastSeen(ctx context.Context) (int64, error) {
	body := object{"size": 0, "track_total_hits": false, "aggs": object{fieldSeen: object{"max": object{"field": fieldSeen}}}}
	var r reply
	if err := e.client.search(ctx, e.cfg.Prefix, nil, body, &r); err != nil {
		return 0, fmt.Errorf("find newest article: %w", err)
	}
	if v := r.Aggregations[fieldSeen].Value; v != nil {
		return int64(*v), nil
	}
	return 0, nil
}
