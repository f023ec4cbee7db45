package api

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

type statusReply struct {
	Status        string    `json:"status"`
	Version       string    `json:"version"`
	StartedAt     time.Time `json:"startedAt"`
	UptimeSeconds int       `json:"uptimeSeconds"`
	Ready         bool      `json:"ready"`
	NotReady      string    `json:"notReady,omitempty"` // why

	Articles  int          `json:"articles"`
	Revisions int          `json:"revisions"`
	Removed   int          `json:"removed"`
	Feeds     feedsStatus  `json:"feeds"`
	Pages     pagesStatus  `json:"pages"`
	Outbox    outboxStatus `json:"outbox"`
	Disk      diskStatus   `json:"disk"`
	Digest    *digestReply `json:"digest,omitempty"`
}

type feedsStatus struct {
	Enabled  int `json:"enabled"`
	Disabled int `json:"disabled"`
	Due      int `json:"due"`
	// Health counts enabled feeds; those never polled are "new".
	Health map[string]int `json:"health"`
}

type pagesStatus struct {
	Due    int            `json:"due"`
	Leased int            `json:"leased"` // feeds and pages being fetched now
	Next   *time.Time     `json:"next,omitempty"`
	States map[string]int `json:"states"`
}

type outboxStatus struct {
	Pending    int        `json:"pending"`
	Oldest     *time.Time `json:"oldest,omitempty"`
	LagSeconds float64    `json:"lagSeconds"`
}

type diskStatus struct {
	StoreBytes int64  `json:"storeBytes"`
	FreeBytes  *int64 `json:"freeBytes,omitempty"` // absent where the system does not tell
}

type digestReply struct {
	Store digest `json:"store"`
	Index digest `json:"index"`
	Equal bool   `json:"equal"`
}

// digest is a news.Digest whose sum is a text, since not every reader of JSON
// keeps 64 bits.
type digest struct {
	Articles int    `json:"articles"`
	Sum      string `json:"sum"`
}

// status answers GET /v1/status.
func (s *Server) status(c *fiber.Ctx) error {
	values, err := only(c, "digest")
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	held, err := readState(ctx, s.deps)
	if err != nil {
		return err
	}
	reply := held.reply()
	reply.Version, reply.StartedAt = s.deps.Version, s.deps.Started.UTC()
	reply.UptimeSeconds = int(time.Since(s.deps.Started).Seconds())
	if s.deps.Free != nil {
		if free, err := s.deps.Free(); err == nil {
			reply.Disk.FreeBytes = &free
		}
	}
	reply.Ready = true
	if err := s.deps.Ready(); err != nil {
		reply.Ready, reply.NotReady = false, err.Error()
	}
	want, err := wantDigest(values.Get("digest"))
	if err != nil {
		return err
	}
	if want {
		if reply.Digest, err = s.digests(ctx); err != nil {
			return err
		}
	}
	if s.deps.Status == nil {
		return c.JSON(reply)
	}
	sections, err := withSections(reply, s.deps.Status(ctx))
	if err != nil {
		return err
	}
	return c.JSON(sections)
}

// withSections adds the sections of other parts of the process.
func withSections(reply statusReply, sections map[string]any) (map[string]json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	if err := merge(all, sections); err != nil {
		return nil, err
	}
	return all, merge(all, reply)
}

func wantDigest(s string) (bool, error) {
	if s == "" {
		return false, nil
	}
	want, err := strconv.ParseBool(s)
	if err != nil {
		return false, &news.ParamError{Param: "digest", Value: clip(s), Reason: "must be true or false"}
	}
	return want, nil
}

// digests compares what the store and the index hold.
func (s *Server) digests(ctx context.Context) (*digestReply, error) {
	index, err := s.index()
	if err != nil {
		return nil, err
	}
	stored, err := s.deps.Store.Digest(ctx)
	if err != nil {
		return nil, err
	}
	indexed, err := index.Digest(ctx)
	if err != nil {
		return nil, err
	}
	return &digestReply{Store: shapeDigest(stored), Index: shapeDigest(indexed), Equal: stored == indexed}, nil
}

func shapeDigest(d news.Digest) digest {
	return digest{Articles: d.Articles, Sum: fmt.Sprintf("%016x", d.Sum)}
}

// state is what the store holds and has before it, at one time.
type state struct {
	at      time.Time
	stats   store.Stats
	due     store.Due
	backlog store.Backlog
}

func readState(ctx context.Context, deps Deps) (state, error) {
	st := state{at: time.Now()}
	var err error
	if st.stats, err = deps.Store.Stats(ctx); err != nil {
		return st, err
	}
	if st.due, err = deps.Store.Due(ctx); err != nil {
		return st, err
	}
	if reader := deps.Reader(); reader != "" {
		st.backlog, err = deps.Store.Backlog(ctx, reader)
	}
	return st, err
}

// lag is the age of the oldest change that is not searchable yet.
func (st state) lag() time.Duration {
	if st.backlog.Oldest.IsZero() {
		return 0
	}
	return max(st.at.Sub(st.backlog.Oldest), 0)
}

// health counts enabled feeds by their state in a word.
func (st state) health() map[string]int {
	counts := map[string]int{}
	for h, n := range st.stats.Feeds {
		counts[healthName(h)] += n
	}
	return counts
}

// healthName names the health of a feed that was never polled, too.
func healthName(h news.FeedHealth) string {
	if h == "" {
		return "new"
	}
	return string(h)
}

func (st state) reply() statusReply {
	states := map[string]int{}
	for name, n := range st.stats.Pages {
		states[string(name)] = n
	}
	enabled := 0
	for n := range maps.Values(st.stats.Feeds) {
		enabled += n
	}
	return statusReply{
		Status: statusOK, Articles: st.stats.Articles, Revisions: st.stats.Revisions, Removed: st.stats.Removed,
		Feeds:  feedsStatus{Enabled: enabled, Disabled: st.stats.Disabled, Due: st.due.FeedsDue, Health: st.health()},
		Pages:  pagesStatus{Due: st.due.PagesDue, Leased: st.due.Leased, Next: ifSet(st.due.Next), States: states},
		Outbox: outboxStatus{Pending: st.backlog.Pending, Oldest: ifSet(st.backlog.Oldest), LagSeconds: st.lag().Seconds()},
		Disk:   diskStatus{StoreBytes: st.stats.Bytes},
	}
}

// ifSet leaves the zero time out of JSON.
func ifSet(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

type shortReply struct {
	Status string `json:"status"`
}

// healthz answers GET /healthz: the process is alive.
func (s *Server) healthz(c *fiber.Ctx) error { return c.JSON(shortReply{statusOK}) }

// readyz answers GET /readyz: searches can be answered.
func (s *Server) readyz(c *fiber.Ctx) error {
	if err := s.deps.Ready(); err != nil {
		return problem(fiber.StatusServiceUnavailable, CodeUnavailable, err.Error())
	}
	return c.JSON(shortReply{statusOK})
}
