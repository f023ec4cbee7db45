package move_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/move"
	"broadsheet.example/store/postgres"
	"broadsheet.example/store/sqlite"
	"broadsheet.example/store/storetest"
)

var epoch = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func now() time.Time { return epoch }

// place is where a store is or will be.
type place struct {
	open   func(t *testing.T) storetest.Full
	source func(t *testing.T) move.Source
	target func(restart bool) (target, error)
}

type target interface {
	move.Target
	Close() error
}

// inFile is a directory.
func inFile(t *testing.T) place {
	t.Helper()
	cfg := sqlite.Config{Dir: filepath.Join(t.TempDir(), "data"), Now: now}
	open := func(t *testing.T) *sqlite.Store {
		t.Helper()
		s, err := sqlite.Open(t.Context(), cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		closed(t, s.Close)
		return s
	}
	return place{
		open:   func(t *testing.T) storetest.Full { return open(t) },
		source: func(t *testing.T) move.Source { return open(t) },
		target: func(restart bool) (target, error) { return sqlite.OpenTarget(context.Background(), cfg.Dir, restart) },
	}
}

var schemas atomic.Int64

// onServer is a schema of a database.
func onServer(t *testing.T) place {
	t.Helper()
	const variable = "BROADSHEET_POSTGRES_URL"
	dsn := os.Getenv(variable)
	if dsn == "" {
		t.Skipf("set %s to the address of a PostgreSQL database to test with (.ci/postgres start gives one)", variable)
	}
	cfg := postgres.Config{DSN: dsn, Schema: fmt.Sprintf("test_move_%d_%d", os.Getpid(), schemas.Add(1)), MaxConns: 4, Now: now}
	t.Cleanup(func() {
		ctx := context.Background() // a cleanup has no other
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, fmt.Sprintf(`DROP SCHEMA IF EXISTS %s CASCADE; DROP SCHEMA IF EXISTS %[1]s_moving CASCADE`, cfg.Schema)); err != nil {
			t.Error(err)
		}
	})
	return place{
		open: func(t *testing.T) storetest.Full {
			t.Helper()
			s, err := postgres.Open(t.Context(), cfg, nil)
			if err != nil {
				t.Fatal(err)
			}
			closed(t, s.Close)
			return s
		},
		source: func(t *testing.T) move.Source {
			t.Helper()
			s, err := postgres.OpenSource(t.Context(), cfg, true)
			if err != nil {
				t.Fatal(err)
			}
			closed(t, s.Close)
			return s
		},
		target: func(restart bool) (target, error) { return postgres.OpenTarget(context.Background(), cfg, restart) },
	}
}

// closed has what a subtest opens closed with it.
func closed(t *testing.T, do func() error) {
	t.Helper()
	t.Cleanup(func() {
		if err := do(); err != nil {
			t.Error("close:", err)
		}
	})
}

// many is more than cross over together.
const many = 1_100

func article(n int, text string) store.Draft {
	key := fmt.Sprintf("https://gazette.example/%d", n)
	return store.Draft{Keys: []string{key, key + "?alias"}, Blocks: []string{"Title", text}, Article: news.Article{
		Title: "Title", Content: text, URL: key, PublishedAt: epoch.AddDate(0, -n%40, 0), PublishedAtSource: news.DateMeta,
		Source: news.Ref{ID: fmt.Sprint("gazette-", n%3), Name: "The Gazette"}, Language: "en", Completeness: news.Full,
		Entities: []news.Entity{
			{ID: news.EntityID(news.Person, "ann"), Type: news.Person, Name: "Ann Example", Count: 1},
			{ID: news.EntityID(news.Person, "anne"), Type: news.Person, Name: "Anne Example", Count: 1},
		},
	}}
}

// fill puts something of everything into a store.
func fill(t *testing.T, s storetest.Full) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	storetest.AddPages(t, s, 2*many, 50)
	must(s.Register(ctx, "kept"))
	must(s.Register(ctx, "index-left-behind"))
	var drafts []store.Draft
	for n := range many {
		drafts = append(drafts, article(n, fmt.Sprint("Text number ", n)))
	}
	made, err := s.PutArticles(ctx, drafts...)
	must(err)
	for n := range 20 {
		drafts[n] = article(n, fmt.Sprint("Text, revised, number ", n))
	}
	_, err = s.PutArticles(ctx, drafts[:20]...)
	must(err)
	joined := article(many, "One text of two articles")
	joined.Keys = append(joined.Keys, drafts[30].Keys[0], drafts[31].Keys[0])
	_, err = s.PutArticles(ctx, joined)
	must(err)
	must(s.Remove(ctx, made[40].ID))
	crawlSome(t, s)

	must(s.SetFingerprints(ctx, store.Fingerprint{ArticleID: made[1].ID, Hash: 1 << 63, Bands: []uint32{0, 1, 1 << 31, 1<<32 - 1}},
		store.Fingerprint{ArticleID: made[2].ID, Hash: 7, Bands: []uint32{0, 9, 9, 9}}))
	_, err = s.SetDuplicate(ctx, made[1].ID, made[2].ID)
	must(err)
	ann, anne := news.EntityID(news.Person, "ann"), news.EntityID(news.Person, "anne")
	_, err = s.Decide(ctx, news.Decision{Kind: news.DecisionMerge, Entity: anne, Into: ann, By: "desk"})
	must(err)
	must(s.PutSite(ctx, store.Site{Host: "h1.example", Learned: []byte{0, 1, 255}, Pending: true}))
	must(s.PutSite(ctx, store.Site{Host: "h2.example"}))
	feeds, err := s.ListFeeds(ctx)
	must(err)
	must(s.PutSubscription(ctx, store.Subscription{FeedID: feeds[0].ID, Hub: "https://hub.example/", Topic: feeds[0].URL, Secret: "x", Next: epoch, Failures: 2}))
	must(s.NoteEdit(ctx, feeds[0].ID))
	must(s.Pause(ctx, "", epoch.Add(time.Hour)))
	must(s.Pause(ctx, "h3.example", epoch.Add(2*time.Hour)))
	must(s.Pause(ctx, "unknown.example", epoch.Add(3*time.Hour)))
	changes, err := s.LeaseChanges(ctx, "kept", many/2, time.Minute)
	must(err)
	must(s.AckChanges(ctx, "kept", changes))
}

// crawlSome fetches some pages and is still fetching others.
func crawlSome(t *testing.T, s storetest.Full) {
	t.Helper()
	leases, err := s.LeasePages(t.Context(), 20, time.Minute)
	if err != nil || len(leases) != 20 {
		t.Fatalf("got %d leases and %v", len(leases), err)
	}
	var commits []store.PageCommit
	for i, l := range leases[:15] {
		c := store.PageCommit{
			Lease: l, At: epoch, State: store.PageDone, Status: 200, HostNext: epoch.Add(2 * time.Second),
			Validators: store.Validators{ETag: "\"caf\xe9\"", LastModified: "then"},
		}
		if i == 0 {
			c.State, c.Status, c.Error = store.PageGone, 410, "gone"
		} else {
			d := article(2_000+i, l.Key)
			d.Keys = append([]string{l.Key}, l.Aliases...)
			c.Draft = &d
		}
		commits = append(commits, c)
	}
	done, err := s.CommitPages(t.Context(), commits...)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range done {
		if c.Err != nil {
			t.Fatal(c.Err)
		}
	}
}

// TestMove moves a store from each kind to each and looks whether it says what
// it said.
func TestMove(t *testing.T) {
	kinds := map[string]func(*testing.T) place{"sqlite": inFile, "postgres": onServer}
	for fromName, fromKind := range kinds {
		for toName, toKind := range kinds {
			t.Run(fromName+" to "+toName, func(t *testing.T) {
				from, to := fromKind(t), toKind(t)
				var want map[string]any
				t.Run("fill", func(t *testing.T) {
					s := from.open(t)
					fill(t, s)
					want = said(t, s)
				})
				t.Run("move", func(t *testing.T) { interrupted(t, from, to) })
				t.Run("compare", func(t *testing.T) {
					s := to.open(t)
					if diff := cmp.Diff(want, said(t, s), cmpopts.EquateEmpty()); diff != "" {
						t.Errorf("was (-) and is (+):\n%s", diff)
					}
					goesOn(t, s)
				})
				t.Run("refuse", func(t *testing.T) {
					if tg, err := to.target(true); err == nil || !strings.Contains(err.Error(), "holds an archive") {
						t.Errorf("a second move to the same place: %v", err)
						if err == nil {
							tg.Close()
						}
					}
				})
			})
		}
	}
}

// interrupted moves a store, but is cut short after every third step.
func interrupted(t *testing.T, from, to place) {
	source := from.source(t)
	keep := func(reader string) bool { return !strings.HasPrefix(reader, "index-") }
	for runs := 1; ; runs++ {
		tg, err := to.target(false)
		if err != nil {
			t.Fatal(err)
		}
		r, err := move.Run(t.Context(), source, &breaking{target: tg, steps: 3}, move.Options{Keep: keep})
		if err := tg.Close(); err != nil {
			t.Fatal(err)
		}
		if err == nil {
			if runs < 5 || !r.Resumed || r.Articles.Articles < many-10 || r.Rows < 5*many {
				t.Errorf("after %d runs: %+v", runs, r)
			}
			return
		}
		if !errors.Is(err, errBroken) || runs > 100 {
			t.Fatalf("run %d: %v", runs, err)
		}
	}
}

var errBroken = errors.New("broken")

// breaking fails after some steps: before or, which is worse, after it has done
// what it was asked for.
type breaking struct {
	target
	steps int
}

func (b *breaking) Put(ctx context.Context, t move.Table, rows []move.Row, state []byte) error {
	b.steps--
	if b.steps < 0 && len(rows)%2 == 0 {
		return errBroken
	}
	err := b.target.Put(ctx, t, rows, state)
	if b.steps < 0 && err == nil {
		return errBroken
	}
	return err
}

// said is what a store says of all that it holds.
func said(t *testing.T, s storetest.Full) map[string]any {
	t.Helper()
	ctx := t.Context()
	out := map[string]any{}
	note := func(what string, v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		out[what] = v
	}
	var articles []news.Article
	for pos := (store.ScanPosition{}); ; {
		page, next, err := s.Scan(ctx, pos, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		articles, pos = append(articles, page...), next
	}
	out["articles"] = articles
	for _, a := range articles[:60] {
		r, err := s.Revisions(ctx, a.ID)
		note("revisions "+a.ID, r, err)
		b, err := s.Blocks(ctx, a.ID)
		note("blocks "+a.ID, b, err)
	}
	feeds, err := s.ListFeeds(ctx)
	note("feeds", feeds, err)
	sub, err := s.Subscription(ctx, feeds[0].ID)
	note("subscription", sub, err)
	edited, err := s.Edited(ctx, feeds[0].ID)
	note("edited", edited, err)
	pending, err := s.Pending(ctx, feeds[0].ID)
	note("pending", pending, err)
	sources, err := s.Sources(ctx)
	note("sources", sources, err)
	entities, err := s.Entities(ctx, news.EntityID(news.Person, "anne"))
	note("entities", entities, err)
	decisions, err := s.ListDecisions(ctx, 0)
	note("decisions", decisions, err)
	site, err := s.Site(ctx, "h1.example")
	note("site", site, err)
	sites, err := s.PendingSites(ctx)
	note("pending sites", sites, err)
	pauses, err := s.ListPauses(ctx)
	note("pauses", pauses, err)
	similar, err := s.Similar(ctx, []uint32{0, 1, 1 << 31, 1<<32 - 1}, 5)
	note("similar", similar, err)
	repeating, err := s.Repeating(ctx, similar[1].ArticleID)
	note("repeating", repeating, err)
	digest, err := s.Digest(ctx)
	note("digest", digest, err)
	stats, err := s.Stats(ctx)
	stats.Bytes = 0
	note("stats", stats, err)
	backlog, err := s.Backlog(ctx, "kept")
	note("backlog", backlog, err)
	for n := range 50 {
		host := fmt.Sprintf("h%d.example", n)
		today, err := s.PagesToday(ctx, host)
		note("today "+host, today, err)
		had, err := s.ArticlesOf(ctx, host, "", 10)
		note("articles of "+host, had, err)
	}
	for _, key := range []string{"https://h0.example/page-0", "https://h1.example/page-1"} {
		trace, err := s.TracePage(ctx, key)
		trace.HostFree, trace.Leased = time.Time{}, false
		note("trace "+key, trace, err)
	}
	return out
}

// goesOn checks that a store that was moved can be used.
func goesOn(t *testing.T, s storetest.Full) {
	t.Helper()
	ctx := t.Context()
	readers, err := s.Readers(ctx)
	if err != nil || !cmp.Equal(readers, []string{"kept"}) {
		t.Errorf("readers are %v, %v", readers, err)
	}
	c, err := s.PutArticles(ctx, article(5_000, "new"), article(40, "taken down"))
	if err != nil || c[0].Kind != store.KindNew || c[1].Kind != store.KindRefused {
		t.Errorf("new articles: %+v, %v", c, err)
	}
	if err := s.Resume(ctx, ""); err != nil {
		t.Fatal(err)
	}
	leases, err := s.LeasePages(ctx, 100, time.Minute)
	if err != nil || len(leases) < 25 || len(leases) > 30 { // fifty, but those at rest, at work and paused
		t.Errorf("%d pages leased, %v", len(leases), err)
	}
	for _, l := range leases {
		if l.Host == "h3.example" {
			t.Error("a paused host is leased")
		}
	}
}

// TestMoveOfSomethingElse goes on with a move from where it did not begin.
func TestMoveOfSomethingElse(t *testing.T) {
	one, two, to := inFile(t), inFile(t), inFile(t)
	for i, p := range []place{one, two} {
		t.Run("fill", func(t *testing.T) {
			if _, err := p.open(t).PutArticles(t.Context(), article(i, "text")); err != nil {
				t.Fatal(err)
			}
		})
	}
	run := func(from place, restart bool, steps int) (err error) {
		t.Run("move", func(t *testing.T) {
			tg, opened := to.target(restart)
			if opened != nil {
				t.Fatal(opened)
			}
			closed(t, tg.Close)
			_, err = move.Run(t.Context(), from.source(t), &breaking{target: tg, steps: steps}, move.Options{Keep: func(string) bool { return true }})
		})
		return err
	}
	if err := run(one, false, 2); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	if err := run(two, false, many); !errors.Is(err, move.ErrOther) {
		t.Errorf("another source: %v", err)
	}
	t.Run("change", func(t *testing.T) {
		if _, err := one.open(t).PutArticles(t.Context(), article(0, "another text")); err != nil {
			t.Fatal(err)
		}
	})
	if err := run(one, false, many); !errors.Is(err, move.ErrOther) {
		t.Errorf("a source that has changed: %v", err)
	}
	if err := run(two, true, many); err != nil {
		t.Errorf("begun anew: %v", err)
	}
}
