package api

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/errgroup"

	"broadsheet.example/store"
)

// ndjsonType is one JSON value a line.
const ndjsonType = "application/x-ndjson"

type importReply struct {
	Status string `json:"status"`
	// Stored counts the lines that were taken in, Failed those with an error.
	Stored  int          `json:"stored"`
	Failed  int          `json:"failed"`
	Results []lineResult `json:"results"`
}

// lineResult says what became of one line. Either Kind or Error is set.
type lineResult struct {
	Line  int        `json:"line"` // from 1
	ID    string     `json:"id,omitempty"`
	Kind  store.Kind `json:"kind,omitempty"`
	Error string     `json:"error,omitempty"`
}

// kindUnchanged is what store.KindNone is called in the API.
const kindUnchanged store.Kind = "unchanged"

// importArticles answers POST /v1/import/articles. A bad line is reported with
// its number and does not stop the rest.
func (s *Server) importArticles(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	if err := wantType(c, ndjsonType, "application/ndjson", "application/jsonl", "text/plain"); err != nil {
		return err
	}
	text, err := body(c, MaxImport)
	if err != nil {
		return err
	}
	batch, err := splitLines(text)
	if err != nil {
		return err
	}
	if err := s.draft(c.UserContext(), batch); err != nil {
		return err
	}
	if err := s.put(c.UserContext(), batch); err != nil {
		return err
	}
	reply := importReply{Status: statusOK, Results: make([]lineResult, len(batch))}
	for i, l := range batch {
		reply.Results[i] = l.result
		if l.result.Error == "" {
			reply.Stored++
		} else {
			reply.Failed++
		}
	}
	return c.JSON(reply)
}

// line is one article of a batch on its way in.
type line struct {
	text   []byte
	draft  *store.Draft
	result lineResult
}

// splitLines returns the lines of a batch that are not blank.
func splitLines(text []byte) ([]*line, error) {
	var batch []*line
	number := 0
	for l := range bytes.Lines(text) {
		number++
		if l = bytes.TrimSpace(l); len(l) == 0 {
			continue
		}
		if len(batch) == MaxImportLines {
			return nil, problem(fiber.StatusRequestEntityTooLarge, CodeBodyTooLarge,
				fmt.Sprintf("a batch has at most %d articles; nothing was stored", MaxImportLines))
		}
		batch = append(batch, &line{text: l, result: lineResult{Line: number}})
	}
	return batch, nil
}

// draft reads the lines, as many at once as there are processors.
func (s *Server) draft(ctx context.Context, batch []*line) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, l := range batch {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			s.read(l)
			return nil
		})
	}
	return g.Wait()
}

// read makes a draft of a line. Whatever a line does to the reader, it does to
// itself alone.
func (s *Server) read(l *line) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("import line", "line", l.result.Line, "err", r, "stack", string(debug.Stack()))
			l.draft, l.result.Error = nil, "this line cannot be read; the server's log has the reason"
		}
	}()
	var err error
	if l.draft, err = s.deps.Draft(l.text); err != nil {
		l.result.Error = err.Error()
	}
}

// put stores the lines that could be read.
func (s *Server) put(ctx context.Context, batch []*line) error {
	var drafts []store.Draft
	var good []*line
	for _, l := range batch {
		if l.draft != nil {
			drafts, good = append(drafts, *l.draft), append(good, l)
		}
	}
	if len(drafts) == 0 {
		return nil
	}
	done, err := s.deps.Store.PutArticles(ctx, drafts...)
	if err != nil {
		return err
	}
	for i, d := range done {
		r := &good[i].result
		r.ID, r.Kind = d.ID, d.Kind
		switch {
		case d.Err != nil:
			r.Kind, r.Error = "", d.Err.Error()
		case d.Kind == store.KindNone:
			r.Kind = kindUnchanged
		case d.Kind == store.KindRefused:
			r.Kind, r.Error = "", "the article was taken down and stays away"
		}
	}
	return nil
}
