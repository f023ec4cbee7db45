package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"broadsheet.example/news"
)

const (
	// judgedDepth is how many results of a query are looked at.
	judgedDepth = 1_000
	// judgedTop is how many count for nDCG and precision.
	judgedTop = 10
	// collectionHost stands in the addresses that documents are given.
	collectionHost = "https://collection.example/"
)

// relevanceFiles name a judged collection.
type relevanceFiles struct{ documents, queries, qrels string }

func newEvalRelevance(a *app) *cobra.Command {
	var files relevanceFiles
	c := &cobra.Command{
		Use: "relevance", Short: "Ranking, on a judged collection", Args: args(cobra.NoArgs),
		Long: "Index the documents in a directory of their own, ask GET /v1/search for each query with its\n" +
			"default settings, and compare the first 1,000 results with the judgments. Documents are\n" +
			"NDJSON (id, title, body) or TREC's <DOC>; queries NDJSON (id, text) or TREC's <top>;\n" +
			"judgments lines of query, 0, document, grade.",
		RunE: func(c *cobra.Command, _ []string) error { return a.evalRelevance(c.Context(), files) },
	}
	c.Flags().StringVar(&files.documents, "documents", "", "`FILE` of documents")
	c.Flags().StringVar(&files.queries, "queries", "", "`FILE` of queries")
	c.Flags().StringVar(&files.qrels, "qrels", "", "`FILE` of judgments")
	for _, name := range []string{"documents", "queries", "qrels"} {
		_ = c.MarkFlagRequired(name) // fails for unknown flags only
	}
	return c
}

func (a *app) evalRelevance(ctx context.Context, files relevanceFiles) (err error) {
	judged, err := readQrels(files.qrels)
	if err != nil {
		return fmt.Errorf("eval relevance: %w", err)
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if cfg.DataDir, err = os.MkdirTemp("", "broadsheet-eval-"); err != nil {
		return fmt.Errorf("create a directory for the collection: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(cfg.DataDir)) }()
	c, err := a.connect(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	e := &relevanceRun{app: a, client: c, judged: judged}
	if err := e.load(ctx, files.documents); err != nil {
		return fmt.Errorf("eval relevance: %w", err)
	}
	if err := e.ask(ctx, files.queries); err != nil {
		return fmt.Errorf("eval relevance: %w", err)
	}
	a.printf("MAP %.4f  nDCG@10 %.4f  P@10 %.4f  R@1000 %.4f  on %s, %s\n", e.sum.precision/e.count(), e.sum.gain/e.count(),
		e.sum.top/e.count(), e.sum.recall/e.count(), plural(e.queries, "topic"), plural(len(e.ids), "document"))
	return nil
}

// relevanceRun is one evaluation.
type relevanceRun struct {
	app    *app
	client *client
	judged map[string]map[string]int // grades by query and document

	ids     []string // of the documents, in the order of the file
	queries int      // with something relevant
	sum     worth
}

func (e *relevanceRun) count() float64 { return float64(max(e.queries, 1)) }

// load imports the documents and waits until they can be found.
func (e *relevanceRun) load(ctx context.Context, path string) error {
	var batch bytes.Buffer
	flush := func() error {
		defer batch.Reset()
		var reply importReply
		if err := e.client.call(ctx, http.MethodPost, "/v1/import/articles", nil, ndjson(batch.Bytes()), &reply); err != nil {
			return err
		}
		for _, r := range reply.Results {
			if r.Error != "" {
				return errors.New(r.Error)
			}
		}
		return nil
	}
	out := json.NewEncoder(&batch)
	err := eachRecord(path, "doc", func(r record) error {
		e.ids = append(e.ids, r.id)
		if err := out.Encode(r.article(len(e.ids))); err != nil {
			return err
		}
		if len(e.ids)%importBatch == 0 || batch.Len() > importBatchBytes {
			return flush()
		}
		return nil
	})
	if err == nil && batch.Len() > 0 {
		err = flush()
	}
	if err != nil {
		return err
	}
	return e.app.caughtUp(ctx, e.client, "indexing")
}

// article is the n-th document as an article to import. All are of one day.
func (r record) article(n int) map[string]any {
	text := strings.TrimSpace(strings.TrimPrefix(r.text, r.title))
	title := r.title
	if title == "" {
		title, _, _ = strings.Cut(text, "\n")
	}
	return map[string]any{
		"url": collectionHost + strconv.Itoa(n), "title": cmp.Or(title, r.id), "content": text, "language": "en",
		"publishedAt": "2000-01-01T00:00:00Z",
	}
}

// ask sends the queries and adds up what their answers are worth.
func (e *relevanceRun) ask(ctx context.Context, path string) error {
	return eachRecord(path, "top", func(r record) error {
		grades := e.judged[r.id]
		if !slices.ContainsFunc(values(grades), func(g int) bool { return g > 0 }) {
			return nil
		}
		found, err := e.search(ctx, bareWords(cmp.Or(r.title, r.text)))
		if err != nil {
			return fmt.Errorf("query %s: %w", r.id, err)
		}
		e.queries++
		e.sum.add(judge(found, grades))
		return nil
	})
}

func values(m map[string]int) []int {
	list := make([]int, 0, len(m))
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

// bareWords leaves of a query's text the words alone, so that nothing of it is
// taken for an operator.
func bareWords(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '\'' && r != '’'
	})
	for i, w := range words {
		if w = strings.Trim(w, "-'’"); w == "AND" || w == "OR" || w == "NOT" {
			w = strings.ToLower(w)
		}
		words[i] = w
	}
	return strings.Join(words, " ")
}

// search returns the documents found, best first.
func (e *relevanceRun) search(ctx context.Context, text string) ([]string, error) {
	var found []string
	for page := 1; (page-1)*news.MaxSize < judgedDepth; page++ {
		q := url.Values{"q": {text}, "pageSize": {strconv.Itoa(news.MaxSize)}, "page": {strconv.Itoa(page)}}
		var reply struct {
			Articles []struct {
				URL string `json:"url"`
			} `json:"articles"`
		}
		if err := e.client.call(ctx, http.MethodGet, "/v1/search", q, nil, &reply); err != nil {
			return nil, err
		}
		for _, a := range reply.Articles {
			n, err := strconv.Atoi(strings.TrimPrefix(a.URL, collectionHost))
			if err != nil || n < 1 || n > len(e.ids) {
				return nil, fmt.Errorf("found %q, which is not of the collection", a.URL)
			}
			found = append(found, e.ids[n-1])
		}
		if len(reply.Articles) < news.MaxSize {
			break
		}
	}
	return found, nil
}

// worth is what a ranked list is worth: average precision, nDCG and precision
// among the first ten, and recall.
type worth struct{ precision, gain, top, recall float64 }

func (w *worth) add(o worth) {
	w.precision += o.precision
	w.gain += o.gain
	w.top += o.top
	w.recall += o.recall
}

// judge compares a list with the grades, of which one at least is above 0.
func judge(found []string, grades map[string]int) worth {
	ideal := slices.DeleteFunc(values(grades), func(g int) bool { return g <= 0 })
	slices.SortFunc(ideal, func(a, b int) int { return cmp.Compare(b, a) })
	best := 0.0
	for i, g := range ideal[:min(judgedTop, len(ideal))] {
		best += float64(g) / math.Log2(float64(i+2))
	}
	var w worth
	hits := 0
	for i, id := range found {
		g := grades[id]
		if g <= 0 {
			continue
		}
		hits++
		w.precision += float64(hits) / float64(i+1)
		if i < judgedTop {
			w.top += 1.0 / judgedTop
			w.gain += float64(g) / math.Log2(float64(i+2))
		}
	}
	w.precision /= float64(len(ideal))
	w.recall = float64(hits) / float64(len(ideal))
	w.gain /= best
	return w
}
