package api

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// How a stream of new matches works.
const (
	maxStreams     = 2_000            // open at once
	streamTick     = time.Second      // between two looks at the index
	streamBeat     = 15 * time.Second // between two signs of life
	streamRetry    = 5_000            // milliseconds after which a browser tries again
	streamOverlap  = 30 * time.Second // articles may become searchable in another order than they were stored
	streamPage     = news.MaxSize     // matches per look
	generationLife = streamTick / 2   // for which all streams share one look at the index's state
)

// stream answers GET /v1/stream: articles that match, as they become searchable,
// as server-sent events. Last-Event-ID continues where another stream ended.
func (s *Server) stream(c *fiber.Ctx) error {
	values, err := parameters(c)
	if err != nil {
		return err
	}
	w, err := s.newWatch(values, c.Get("Last-Event-ID"))
	if err != nil {
		return err
	}
	if s.streams.Add(1) > maxStreams {
		s.streams.Add(-1)
		return problem(fiber.StatusServiceUnavailable, CodeUnavailable, "too many streams are open")
	}
	missed, err := w.look(c.UserContext()) // a query that cannot be answered is refused as such
	if err != nil {
		s.streams.Add(-1)
		return err
	}
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("X-Accel-Buffering", "no") // or nginx would hold events back
	if c.Method() == fiber.MethodHead {
		s.streams.Add(-1)
		return nil
	}
	conn := c.Context().Conn()
	ctx := context.WithoutCancel(c.UserContext()) // which ends when this function does
	c.Context().SetBodyStreamWriter(func(out *bufio.Writer) {
		defer s.streams.Add(-1)
		if err := w.run(ctx, out, conn, missed); err != nil {
			s.log.Debug("stream ended", "err", err)
		}
	})
	return nil
}

// watch is one stream: what it looks for and what it has sent.
type watch struct {
	server     *Server
	query      news.Query
	since      mark
	newest     time.Time            // of what was sent
	sent       map[string]time.Time // of the last streamOverlap
	generation string
}

// mark is the place of an article in the order in which articles were stored. It
// is the id of an event.
type mark struct {
	at time.Time
	id string
}

func (m mark) String() string { return strconv.FormatInt(m.at.UnixMilli(), 10) + "." + m.id }

func (m mark) before(a news.Article) bool {
	at, seen := m.at.UnixMilli(), a.FirstSeen.UnixMilli()
	return seen > at || seen == at && a.ID > m.id
}

func parseMark(s string) (mark, error) {
	millis, id, ok := strings.Cut(s, ".")
	n, err := strconv.ParseInt(millis, 10, 64)
	if !ok || err != nil || n < 0 || !news.IsID(id) {
		return mark{}, &news.ParamError{Param: "Last-Event-ID", Value: clip(s), Reason: "is no id of an event: leave it out, or use one as it was given"}
	}
	return mark{time.UnixMilli(n), id}, nil
}

func (s *Server) newWatch(values url.Values, last string) (*watch, error) {
	q, err := param.ParseNarrow(values)
	if err != nil {
		return nil, err
	}
	if !q.From.IsZero() || !q.To.IsZero() || q.DateField != news.DatePublished {
		return nil, &news.ParamError{Param: param.From, Reason: "a stream takes no dates: it begins now, or after Last-Event-ID"}
	}
	w := &watch{server: s, query: q, since: mark{at: time.Now().Truncate(time.Millisecond)}, sent: map[string]time.Time{}}
	if last != "" {
		if w.since, err = parseMark(last); err != nil {
			return nil, err
		}
	}
	if q.Match == news.MatchDefault {
		w.query.Match = news.MatchMost
	}
	w.query.DateField, w.query.Sort, w.query.Size, w.query.Highlight.On = news.DateIndexed, news.SortOldest, streamPage, true
	w.newest = w.since.at
	return w, nil
}

// run writes the events that were missed and those to come, until the server
// stops or the client is gone.
func (w *watch) run(ctx context.Context, out *bufio.Writer, conn net.Conn, missed []byte) error {
	if err := send(out, conn, append(fmt.Appendf(nil, "retry: %d\n\n", streamRetry), missed...)); err != nil {
		return err
	}
	tick, beat := time.NewTicker(streamTick), time.NewTicker(streamBeat)
	defer tick.Stop()
	defer beat.Stop()
	for {
		var text []byte
		var err error
		select {
		case <-w.server.done:
			return nil
		case <-beat.C:
			text = []byte(":\n\n")
		case <-tick.C:
			if text, err = w.look(ctx); err != nil {
				return err
			}
		}
		if len(text) == 0 {
			continue
		}
		if err := send(out, conn, text); err != nil {
			return err
		}
	}
}

// send writes and gives the client a time to take it.
func send(out *bufio.Writer, conn net.Conn, text []byte) error {
	if err := conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	if _, err := out.Write(text); err != nil {
		return err
	}
	return out.Flush()
}

// look returns the events of what has become searchable since the last look.
func (w *watch) look(ctx context.Context) ([]byte, error) {
	generation := w.server.sharedGeneration.get(w.server.deps.Generation)
	if generation != "" && generation == w.generation {
		return nil, nil
	}
	index, err := w.server.index()
	if err != nil {
		return nil, err
	}
	var events bytes.Buffer
	q := w.query
	q.Now, q.From = time.Now(), w.newest.Add(-streamOverlap)
	if q.From.Before(w.since.at) {
		q.From = w.since.at
	}
	for {
		ctx, cancel := context.WithTimeout(ctx, w.server.cfg.Timeout)
		result, err := index.Search(ctx, q)
		cancel()
		if err != nil {
			return nil, err
		}
		for _, h := range result.Hits {
			if err := w.event(&events, h); err != nil {
				return nil, err
			}
		}
		if q.Cursor = result.NextCursor; q.Cursor == "" {
			w.generation = generation
			w.forget()
			return events.Bytes(), nil
		}
	}
}

// event writes a hit, unless it was sent before.
func (w *watch) event(b *bytes.Buffer, h news.Hit) error {
	if _, known := w.sent[h.Article.ID]; known || !w.since.before(h.Article) {
		return nil
	}
	shaped, err := w.server.hitReply(&h, nil)
	if err != nil {
		return err
	}
	text, err := encodeJSON(shaped)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "id: %s\nevent: article\ndata: %s\n", mark{h.Article.FirstSeen, h.Article.ID}, text)
	w.sent[h.Article.ID] = h.Article.FirstSeen
	if h.Article.FirstSeen.After(w.newest) {
		w.newest = h.Article.FirstSeen
	}
	return nil
}

// forget drops what the next look will not find again.
func (w *watch) forget() {
	for id, seen := range w.sent {
		if seen.Before(w.newest.Add(-streamOverlap)) {
			delete(w.sent, id)
		}
	}
}

// sharedValue is a value that is asked for at most once in generationLife.
type sharedValue struct {
	mu    sync.Mutex
	value string
	at    time.Time
}

func (v *sharedValue) get(ask func() string) string {
	if ask == nil {
		return ""
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if time.Since(v.at) > generationLife {
		v.value, v.at = ask(), time.Now()
	}
	return v.value
}
