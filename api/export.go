package api

import (
	"bufio"
	"context"
	"encoding/csv"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// exportPage is how many articles an export of all holds in memory at once.
const exportPage = 200

// pager returns the next articles of a walk, none at its end.
type pager func(context.Context) ([]news.Article, error)

// format writes articles one by one. Its end tells the reader that something is
// missing, if the format has a way to.
type format struct {
	kind, file string
	writer     func(*bufio.Writer) func(news.Article) error
	end        func(*bufio.Writer, net.Conn, *Problem)
}

// exportArticles answers GET /v1/export/articles.ndjson and .csv: every article,
// or those of a search.
func (s *Server) exportArticles(f format) fiber.Handler {
	return func(c *fiber.Ctx) error {
		walk, err := s.walk(c)
		if err != nil {
			return err
		}
		first, err := walk(c.UserContext()) // what cannot be answered is refused as such
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, f.kind)
		c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+f.file+`"`)
		id, conn := requestID(c), c.Context().Conn()
		if c.Method() == fiber.MethodHead {
			return nil
		}
		// The context of the request ends when this function does.
		ctx, cancel := context.WithCancel(context.WithoutCancel(c.UserContext()))
		c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
			defer cancel()
			go s.cancelOnStop(ctx, cancel)
			if err := s.writeArticles(ctx, w, conn, after(first, walk), f.writer(w)); err != nil {
				s.log.Warn("export ended early", "request", id, "err", err)
				p := problemOf(err)
				p.RequestID = id
				f.end(w, conn, p)
			}
		})
		return nil
	}
}

// cancelOnStop ends a stream when the server stops.
func (s *Server) cancelOnStop(ctx context.Context, cancel context.CancelFunc) {
	select {
	case <-s.done:
		cancel()
	case <-ctx.Done():
	}
}

// walk returns the articles that the request asks for: all, straight from the
// store, or what a search finds.
func (s *Server) walk(c *fiber.Ctx) (pager, error) {
	values, err := parameters(c)
	if err != nil {
		return nil, err
	}
	q, err := param.ParseNarrow(values)
	if err != nil {
		return nil, err
	}
	if len(values) == 0 {
		return s.everything(), nil
	}
	index, err := s.index()
	if err != nil {
		return nil, err
	}
	return found(index, q), nil
}

func (s *Server) everything() pager {
	var at store.ScanPosition
	return func(ctx context.Context) ([]news.Article, error) {
		page, next, err := s.deps.Store.Scan(ctx, at, exportPage)
		at = next
		return page, err
	}
}

// found walks the result of a search from the oldest article on, which articles
// that arrive meanwhile do not disturb.
func found(index news.Index, q news.Query) pager {
	q.Sort, q.Size, q.Highlight.On = news.SortOldest, news.MaxSize, false
	ended := false
	return func(ctx context.Context) ([]news.Article, error) {
		for !ended {
			result, err := index.Search(ctx, q)
			if err != nil {
				return nil, err
			}
			q.Cursor, ended = result.NextCursor, result.NextCursor == ""
			if len(result.Hits) > 0 { // articles taken down meanwhile are no hits
				page := make([]news.Article, len(result.Hits))
				for i, h := range result.Hits {
					page[i] = h.Article
				}
				return page, nil
			}
		}
		return nil, nil
	}
}

// after is a walk whose first articles are known already.
func after(first []news.Article, next pager) pager {
	started := false
	return func(ctx context.Context) ([]news.Article, error) {
		if started {
			return next(ctx)
		}
		started = true
		page := first
		first = nil // or the export would hold it to its end
		return page, nil
	}
}

// writeArticles writes a walk page by page, each with its own time to write.
func (s *Server) writeArticles(ctx context.Context, w *bufio.Writer, conn net.Conn, next pager, write func(news.Article) error) error {
	for {
		page, err := next(ctx)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
			return err
		}
		for _, a := range page {
			if err := write(s.outward(a)); err != nil {
				return err
			}
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
}

// ndjson is one JSON object a line, in the shape that import takes. A line that
// tells of an error is the last one.
func ndjson() format {
	return format{
		kind: ndjsonType, file: "articles.ndjson",
		writer: func(w *bufio.Writer) func(news.Article) error {
			return func(a news.Article) error { return writeLine(w, a) }
		},
		end: func(w *bufio.Writer, _ net.Conn, p *Problem) { _ = writeLine(w, p) }, // the client may be the one who went away
	}
}

func writeLine(w *bufio.Writer, v any) error {
	text, err := encodeJSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// csvFile is a table with a head, for spreadsheets. Where it must end early, the
// connection breaks.
func csvFile() format {
	return format{
		kind: "text/csv; charset=utf-8", file: "articles.csv",
		writer: func(w *bufio.Writer) func(news.Article) error {
			table := csv.NewWriter(w)
			err := table.Write(csvColumns())
			return func(a news.Article) error {
				if err == nil {
					err = table.Write(csvRow(a))
				}
				table.Flush()
				if err == nil {
					err = table.Error()
				}
				return err
			}
		},
		end: func(_ *bufio.Writer, conn net.Conn, _ *Problem) { _ = conn.Close() }, // it may be closed already
	}
}

func csvColumns() []string {
	return []string{
		"id", "publishedAt", "updatedAt", "source", "sourceName", "via", "title", "description", "authors", "url", "language", "country",
		"section", "tags", "people", "places", "organizations", "wordCount", "completeness", "content",
	}
}

// csvRow is an article's row. Lists are joined by "; ".
func csvRow(a news.Article) []string {
	updated, via := "", ""
	if !a.UpdatedAt.IsZero() {
		updated = a.UpdatedAt.UTC().Format(time.RFC3339)
	}
	if a.Via != nil {
		via = a.Via.ID
	}
	named := func(t news.EntityType) string {
		var names []string
		for _, e := range a.Entities {
			if e.Type == t {
				names = append(names, e.Name)
			}
		}
		return strings.Join(names, "; ")
	}
	row := []string{
		a.ID, a.PublishedAt.UTC().Format(time.RFC3339), updated, a.Source.ID, a.Source.Name, via, a.Title, a.Description,
		strings.Join(a.Authors, "; "), a.URL, a.Language, a.Country, a.Section, strings.Join(a.Tags, "; "),
		named(news.Person), named(news.Place), named(news.Organization), strconv.Itoa(a.WordCount), string(a.Completeness), a.Content,
	}
	for i, cell := range row {
		row[i] = harmless(cell)
	}
	return row
}

// harmless keeps spreadsheets from taking a publisher's text for a formula.
func harmless(cell string) string {
	if cell != "" && slices.Contains([]byte("=+-@\t\r"), cell[0]) {
		return "'" + cell
	}
	return cell
}
