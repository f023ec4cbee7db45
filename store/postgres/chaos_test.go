package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/postgres"
)

// invariants must find nothing, whatever was done at the same time.
var invariants = []struct{ name, query string }{
	{"hosts that do not know their earliest feed", `SELECT count(*) FROM hosts h WHERE feed_due IS DISTINCT FROM (SELECT min(due) FROM feeds WHERE host = h.host AND enabled)`},
	{"hosts that do not know their earliest page", `SELECT count(*) FROM hosts h WHERE page_due IS DISTINCT FROM (SELECT min(due) FROM pages WHERE host = h.host)`},
	{"work on unknown hosts", `SELECT count(*) FROM (SELECT host FROM feeds WHERE enabled UNION ALL SELECT host FROM pages WHERE due IS NOT NULL) w WHERE host NOT IN (SELECT host FROM hosts)`},
	{"pages stored twice", `SELECT count(*) - count(DISTINCT page_key) FROM pages`},
	{"keys of unknown pages", `SELECT count(*) FROM page_keys WHERE page NOT IN (SELECT id FROM pages)`},
	{"miscounted articles", `SELECT (SELECT coalesce(sum(n), 0) FROM counts WHERE name = 'articles') - count(*) FROM articles`},
	{"miscounted pages", `SELECT (SELECT coalesce(sum(n), 0) FROM counts WHERE name LIKE 'page %') - count(*) FROM pages`},
	{"miscounted due pages", `SELECT (SELECT coalesce(sum(n), 0) FROM counts WHERE name = 'pages due') - count(*) FROM pages WHERE due IS NOT NULL`},
	{"miscounted revisions", `SELECT (SELECT coalesce(sum(n), 0) FROM counts WHERE name = 'revisions') - count(*) FROM revisions`},
	{"miscounted sources", `SELECT (SELECT coalesce(sum(articles), 0) FROM sources) - count(*) FROM articles`},
	{"articles without identity", `SELECT count(*) FROM articles WHERE seq NOT IN (SELECT seq FROM identities WHERE seq IS NOT NULL)`},
	{"revisions without article", `SELECT count(*) FROM revisions WHERE article NOT IN (SELECT seq FROM articles)`},
	{"redirects to redirects", `SELECT count(*) FROM identities i JOIN identities j ON j.id = i.target WHERE j.target IS NOT NULL`},
	{"articles that are behind in an outbox", `SELECT count(*) FROM identities i, readers r LEFT JOIN outbox o ON o.reader = r.id WHERE o.article = i.id AND o.version <> i.version`},
}

// TestInvariants has two stores do everything at once to a few hosts, pages and
// articles, and looks at what the tables then say of each other.
func TestInvariants(t *testing.T) {
	const workers, rounds = 6, 200
	cfg := schema(t, nil)
	stores := []*postgres.Store{open(t, cfg), open(t, cfg)}
	if err := stores[0].Register(t.Context(), "index"); err != nil {
		t.Fatal(err)
	}
	g, ctx := errgroup.WithContext(t.Context())
	for w := range workers {
		g.Go(func() error {
			c := chaos{stores[w%len(stores)], rand.New(rand.NewPCG(uint64(w), 1))}
			for range rounds {
				if err := c.step(ctx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	st, err := stores[0].Stats(t.Context())
	t.Logf("%+v and %v", st, err)
	conn, err := pgx.Connect(t.Context(), cfg.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `SET search_path = `+cfg.Schema); err != nil {
		t.Fatal(err)
	}
	for _, i := range invariants {
		var n int
		if err := conn.QueryRow(t.Context(), i.query).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: got %d and %v", i.name, n, err)
		}
	}
}

// chaos does things at random to a small world.
type chaos struct {
	*postgres.Store
	r *rand.Rand
}

func (c chaos) host() string { return fmt.Sprintf("h%d.example", c.r.IntN(6)) }
func (c chaos) some() int    { return c.r.IntN(150) }
func (c chaos) feed() string { return news.ArticleID(fmt.Sprint("feed-", c.r.IntN(10))) }
func (c chaos) id() string   { return news.ArticleID(c.key(c.some())) }

// key is one of the keys of an article.
func (c chaos) key(article int) string { return fmt.Sprintf("key-%d-%d", article, c.r.IntN(3)) }

func (c chaos) draft() store.Draft {
	n := c.some()
	d := article(fmt.Sprint("text ", c.r.IntN(4)), c.key(n), c.key(n))
	d.Article.Source.ID = fmt.Sprint("paper", c.r.IntN(3))
	return d
}

// step does one thing. That something is not there, or was lost, is no error.
func (c chaos) step(ctx context.Context) error {
	var err error
	switch c.r.IntN(14) {
	case 0, 1:
		n := c.r.IntN(10)
		_, err = c.PutFeeds(ctx, news.Feed{ID: news.ArticleID(fmt.Sprint("feed-", n)), URL: fmt.Sprintf("https://%s/%d", c.host(), n), Enabled: c.r.IntN(4) > 0})
	case 2:
		on := c.r.IntN(3) > 0
		_, err = c.ChangeFeed(ctx, c.feed(), store.FeedPatch{Enabled: &on, Refresh: on})
	case 3, 4, 5:
		err = c.poll(ctx)
	case 6, 7, 8:
		err = c.fetch(ctx)
	case 9:
		_, err = c.PutArticles(ctx, c.draft(), c.draft(), c.draft())
	case 10:
		_, err = c.Postpone(ctx, c.host(), time.Now().Add(time.Duration(c.r.IntN(50))*time.Millisecond))
	case 11:
		if err = c.Pause(ctx, c.host(), time.Now().Add(time.Millisecond)); err == nil {
			err = c.Resume(ctx, c.host())
		}
	case 12:
		if c.r.IntN(3) == 0 {
			err = c.DeleteFeed(ctx, c.feed())
		} else {
			_, err = c.MoveFeed(ctx, c.feed(), fmt.Sprintf("https://%s/%d", c.host(), c.r.IntN(10)))
		}
	case 13:
		if c.r.IntN(3) == 0 {
			err = c.Remove(ctx, c.id())
		} else {
			_, err = c.SetDuplicate(ctx, c.id(), c.id())
		}
	}
	if isAbsent(err) {
		return nil
	}
	return err
}

func (c chaos) poll(ctx context.Context) error {
	leases, err := c.LeaseFeeds(ctx, 3, time.Second)
	if err != nil {
		return err
	}
	polls := make([]store.PollCommit, len(leases))
	for i, l := range leases {
		polls[i] = store.PollCommit{Lease: l, At: time.Now(), Next: time.Now().Add(time.Duration(c.r.IntN(20)) * time.Millisecond)}
		for range c.r.IntN(5) {
			n := c.some()
			polls[i].Pages = append(polls[i].Pages, store.Discovery{Key: c.key(n), URL: "https://" + c.host() + "/", Aliases: []string{c.key(n)}, Hash: fmt.Sprint(c.r.IntN(3))})
		}
	}
	return failure(c.CommitPolls(ctx, polls...))
}

func (c chaos) fetch(ctx context.Context) error {
	leases, err := c.LeasePages(ctx, 3, time.Second)
	if err != nil {
		return err
	}
	if c.r.IntN(5) == 0 && len(leases) > 0 {
		return c.Release(ctx, time.Now(), leases[0].Token)
	}
	pages := make([]store.PageCommit, len(leases))
	for i, l := range leases {
		pages[i] = store.PageCommit{Lease: l, At: time.Now(), State: store.PageDone, Gone: c.r.IntN(9) == 0}
		if c.r.IntN(3) > 0 {
			d := c.draft()
			pages[i].Draft, pages[i].Next = &d, time.Now().Add(time.Millisecond)
		}
	}
	return failure(c.CommitPages(ctx, pages...))
}

func isAbsent(err error) bool {
	return errors.Is(err, news.ErrNotFound) || errors.Is(err, news.ErrRemoved) || errors.Is(err, store.ErrLeaseLost)
}

// failure is the first error of commits that is not about something absent.
func failure(committed []store.Committed, err error) error {
	for _, c := range committed {
		if c.Err != nil && !isAbsent(c.Err) {
			return c.Err
		}
	}
	return err
}
