package api

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// search answers GET and POST /v1/search.
func (s *Server) search(c *fiber.Ctx) error {
	values, err := searchParameters(c)
	if err != nil {
		return err
	}
	q, err := param.ParseSearch(values)
	if err != nil {
		return err
	}
	fields, err := param.Fields(values)
	if err != nil {
		return err
	}
	if s.isKnown(c, q.Query, values) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	index, err := s.index()
	if err != nil {
		return err
	}
	result, err := index.Search(c.UserContext(), q.Query)
	if err != nil {
		return err
	}
	reply, err := s.searchReply(q, result, fields)
	if err != nil {
		return err
	}
	return s.send(c, reply)
}

// searchParameters takes the parameters from the address, and those of a POST
// from its body too. A name in both places has been given twice.
func searchParameters(c *fiber.Ctx) (url.Values, error) {
	values, err := parameters(c)
	if err != nil || c.Method() != fiber.MethodPost {
		return values, err
	}
	if err := wantType(c, fiber.MIMEApplicationJSON); err != nil {
		return nil, err
	}
	text, err := body(c, MaxBody)
	if err != nil {
		return nil, err
	}
	more, err := param.FromJSON(text)
	if err != nil {
		return nil, err
	}
	for name, list := range more {
		values[name] = append(values[name], list...)
	}
	return values, nil
}

// index returns the index in use, or ErrUnavailable.
func (s *Server) index() (news.Index, error) {
	if index := s.deps.Index(); index != nil {
		return limited{index, s.searching}, nil
	}
	return nil, news.ErrUnavailable
}

// Search answers a query from the index in use, under the same limit of searches at
// a time as the API's own. It is for the pages.
func (s *Server) Search(ctx context.Context, q news.Query) (*news.Result, error) {
	index, err := s.index()
	if err != nil {
		return nil, err
	}
	return index.Search(ctx, q)
}

// limited is an index that refuses to run more searches at a time than running
// has room for. A server that takes on more than it can do answers nobody in time.
type limited struct {
	news.Index
	running chan struct{}
}

// Search waits a moment for its turn, but not in a queue without end.
func (l limited) Search(ctx context.Context, q news.Query) (*news.Result, error) {
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	defer l.leave()
	return l.Index.Search(ctx, q)
}

// Related waits likewise.
func (l limited) Related(ctx context.Context, q news.RelatedQuery) ([]news.Hit, error) {
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	defer l.leave()
	return l.Index.Related(ctx, q)
}

func (l limited) enter(ctx context.Context) error {
	select {
	case l.running <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(longestWait):
		return fmt.Errorf("%w: too many searches are running", news.ErrUnavailable)
	}
}

func (l limited) leave() { <-l.running }

// longestWait is how long a search waits for others to end.
const longestWait = 100 * time.Millisecond

// suggest answers GET /v1/suggest.
func (s *Server) suggest(c *fiber.Ctx) error {
	values, err := only(c, "q", "kinds", "size")
	if err != nil {
		return err
	}
	q, err := param.Suggest(values)
	if err != nil {
		return err
	}
	index, err := s.index()
	if err != nil {
		return err
	}
	found, err := index.Suggest(c.UserContext(), q)
	if err != nil {
		return err
	}
	reply := suggestReply{Status: statusOK, Suggestions: make([]suggestion, len(found))}
	for i, f := range found {
		reply.Suggestions[i] = suggestion(f)
	}
	return c.JSON(reply)
}

type suggestReply struct {
	Status      string       `json:"status"`
	Suggestions []suggestion `json:"suggestions"`
}

// suggestion is a news.Suggestion with its names in JSON.
type suggestion struct {
	Kind  string `json:"kind"`
	Text  string `json:"text"`
	Value string `json:"value,omitempty"`
	Count int    `json:"count"`
}
