package postgres_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/postgres"
)

const (
	killers   = 3  // processes at a time
	kills     = 10 // of each
	killHosts = 800
	killPages = 8000
	// victimSchema tells this test binary to be a process that is killed.
	victimSchema = "BROADSHEET_TEST_VICTIM"
	reader       = "index"
)

func TestMain(m *testing.M) {
	if name := os.Getenv(victimSchema); name != "" {
		if err := victim(context.Background(), name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// victim crawls, imports, revises and follows the outbox until it is killed. It
// writes to standard output what it has been promised: one line, one promise.
func victim(ctx context.Context, schema string) error {
	s, err := postgres.Open(ctx, postgres.Config{DSN: os.Getenv(urlVariable), Schema: schema, MaxConns: 5}, nil)
	if err != nil {
		return err
	}
	fmt.Println("open")
	g, ctx := errgroup.WithContext(ctx)
	for _, work := range []func(context.Context, *postgres.Store, int) error{crawl, crawl, imports, follow} {
		g.Go(func() error {
			for n := 0; ; n++ {
				if err := work(ctx, s, n); err != nil {
					return err
				}
			}
		})
	}
	return g.Wait()
}

func crawl(ctx context.Context, s *postgres.Store, _ int) error {
	return crawlOnce(ctx, s, func(l store.PageLease, c store.Committed) {
		fmt.Printf("page %s %s %d\n", l.Key, c.ID, c.Version)
	})
}

// crawlOnce leases pages, commits an article for each, and reports them.
func crawlOnce(ctx context.Context, s *postgres.Store, done func(store.PageLease, store.Committed)) error {
	leases, err := s.LeasePages(ctx, 5, time.Hour)
	if err != nil {
		return err
	}
	commits := make([]store.PageCommit, len(leases))
	for i, l := range leases {
		d := article("text of "+l.Key, l.Key)
		commits[i] = store.PageCommit{Lease: l, State: store.PageDone, Draft: &d}
	}
	committed, err := s.CommitPages(ctx, commits...)
	if err != nil {
		return err
	}
	for i, c := range committed {
		if c.Err != nil || c.Kind != store.KindNew {
			return fmt.Errorf("page %s: got %+v", leases[i].Key, c)
		}
		done(leases[i], c)
	}
	return nil
}

// imports revises articles of this process's own, and some that all share.
func imports(ctx context.Context, s *postgres.Store, n int) error {
	text := fmt.Sprint("state ", n, " of ", os.Getpid())
	committed, err := s.PutArticles(ctx, article(text, fmt.Sprintf("import-%d-%d", os.Getpid(), n/2)), article(text, fmt.Sprint("shared-", n%50)))
	if err != nil {
		return err
	}
	for _, c := range committed {
		if c.Err != nil {
			return c.Err
		}
		fmt.Printf("put %s %d\n", c.ID, c.Version)
	}
	return nil
}

func follow(ctx context.Context, s *postgres.Store, _ int) error {
	changes, err := s.LeaseChanges(ctx, reader, 8, time.Hour)
	if err != nil {
		return err
	}
	for _, c := range changes {
		fmt.Printf("apply %s %d\n", c.ID, c.Version)
	}
	if err := s.AckChanges(ctx, reader, changes); err != nil {
		return err
	}
	for _, c := range changes {
		fmt.Printf("ack %s %d\n", c.ID, c.Version)
	}
	return nil
}

// promise is an article in one version.
type promise struct {
	id      string
	version int64
}

// ledger is what the killed processes said.
type ledger struct {
	mu             sync.Mutex
	versions       map[string]int64 // of articles that were acknowledged
	applied, acked map[promise]bool // by a reader: maybe acknowledged, and surely
	pages          map[string]int   // how often a page was done
	lines          int
}

func newLedger() *ledger {
	return &ledger{versions: map[string]int64{}, applied: map[promise]bool{}, acked: map[promise]bool{}, pages: map[string]int{}}
}

func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills dozens of processes")
	}
	cfg := schema(t, nil)
	addPages(t, open(t, cfg), killPages, killHosts)
	l := newLedger()
	var g errgroup.Group
	for range killers {
		g.Go(func() error {
			for range kills {
				if err := killOne(cfg.Schema, l, rand.N(300*time.Millisecond)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	awaitEnd(t, cfg)
	t.Logf("%d kills, %d promises, %d articles, %d pages", killers*kills, l.lines, len(l.versions), len(l.pages))
	later := cfg
	later.Now = func() time.Time { return time.Now().Add(2 * time.Hour) } // when the leases of the dead have run out
	l.verify(t, open(t, later))
}

// addPages registers a reader and has a feed name pages, spread over hosts.
func addPages(t *testing.T, s *postgres.Store, n, hosts int) {
	t.Helper()
	if err := s.Register(t.Context(), reader); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutFeeds(t.Context(), news.Feed{ID: news.ArticleID("a"), URL: "https://a.example/feed", Enabled: true}); err != nil {
		t.Fatal(err)
	}
	leases, err := s.LeaseFeeds(t.Context(), 1, time.Minute)
	if err != nil || len(leases) != 1 {
		t.Fatalf("got %d feeds and %v", len(leases), err)
	}
	pages := make([]store.Discovery, n)
	for i := range pages {
		key := fmt.Sprintf("page-%d", i)
		pages[i] = store.Discovery{Key: key, URL: "https://h.example/" + key, Host: fmt.Sprintf("h%d.example", i%hosts)}
	}
	c, err := s.CommitPolls(t.Context(), store.PollCommit{Lease: leases[0], Pages: pages})
	if err != nil || c[0].New != n {
		t.Fatalf("got %+v and %v", c, err)
	}
}

// killOne starts a victim and kills it some time after it has opened the store.
func killOne(schema string, l *ledger, after time.Duration) error {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimSchema+"="+schema, "PGAPPNAME="+schema)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); line != "open\n" {
		cmd.Wait()
		return fmt.Errorf("victim said %q, %v, %s", line, err, stderr.String())
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Signal(syscall.SIGKILL) })
	defer timer.Stop()
	err = l.read(lines)
	cmd.Wait()
	if stderr.Len() > 0 {
		return fmt.Errorf("victim failed: %s", stderr.String())
	}
	return err
}

// awaitEnd waits for the server to notice that its clients are dead.
func awaitEnd(t *testing.T, cfg postgres.Config) {
	t.Helper()
	execute(t, cfg, fmt.Sprintf(`DO $$ BEGIN
  FOR i IN 1..3000 LOOP
    PERFORM pg_stat_clear_snapshot();
    EXIT WHEN NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = '%s');
    PERFORM pg_sleep(0.01);
  END LOOP;
END $$`, cfg.Schema))
}

func (l *ledger) read(lines *bufio.Reader) error {
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return nil // what was not finished was not promised
		}
		if err != nil {
			return err
		}
		if err := l.note(line); err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
	}
}

func (l *ledger) note(line string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines++
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	if word == "page" {
		var key string
		key, rest, _ = strings.Cut(rest, " ")
		l.pages[key]++
	}
	var p promise
	if _, err := fmt.Sscanf(rest, "%s %d", &p.id, &p.version); err != nil {
		return err
	}
	switch word {
	case "page", "put":
		l.versions[p.id] = max(l.versions[p.id], p.version)
	case "apply":
		l.applied[p] = true
	case "ack":
		l.acked[p] = true
	}
	return nil
}

func (l *ledger) verify(t *testing.T, s *postgres.Store) {
	t.Helper()
	for key, n := range l.pages {
		if n != 1 {
			t.Errorf("page %s was done %d times", key, n)
		}
	}
	held := scan(t, s)
	for id, version := range l.versions {
		if held[id] < version {
			t.Errorf("article %s has version %d, promised was %d", id, held[id], version)
		}
	}
	l.verifyOutbox(t, s, held)
	st, err := s.Stats(t.Context())
	if err != nil || st.Articles != len(held) || st.Pages[store.PageDone]+st.Pages[store.PagePending] != killPages || st.Pages[store.PageDone] < len(l.pages) {
		t.Errorf("got %+v and %v with %d articles and %d pages done", st, err, len(held), len(l.pages))
	}
}

// scan returns the version of each article and compares the digest.
func scan(t *testing.T, s *postgres.Store) map[string]int64 {
	t.Helper()
	held := map[string]int64{}
	var want news.Digest
	for pos := (store.ScanPosition{}); ; {
		as, next, err := s.Scan(t.Context(), pos, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(as) == 0 {
			break
		}
		for _, a := range as {
			if held[a.ID] != 0 {
				t.Errorf("article %s is there twice", a.ID)
			}
			held[a.ID] = a.Version
			want.Add(a.ID, a.Version)
		}
		pos = next
	}
	if got, err := s.Digest(t.Context()); err != nil || got != want {
		t.Errorf("got digest %v and %v, want %v", got, err, want)
	}
	return held
}

// verifyOutbox sees to it that each article waits for its reader, unless the
// reader was about to acknowledge its newest version, and that nothing that was
// acknowledged waits.
func (l *ledger) verifyOutbox(t *testing.T, s *postgres.Store, held map[string]int64) {
	t.Helper()
	changes, err := s.LeaseChanges(t.Context(), reader, 1_000_000, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	pending := map[string]int64{}
	for _, c := range changes {
		pending[c.ID] = c.Version
		if l.acked[promise{c.ID, c.Version}] {
			t.Errorf("version %d of %s was acknowledged and waits", c.Version, c.ID)
		}
	}
	for id, version := range held {
		if pending[id] != version && !l.applied[promise{id, version}] {
			t.Errorf("version %d of %s does not wait for its reader", version, id)
		}
	}
}
