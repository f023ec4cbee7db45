package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

const (
	kills     = 20
	killHosts = 400
	killPages = 8000
	// victimDir tells this test binary to be the process that is killed.
	victimDir = "BROADSHEET_TEST_VICTIM"
	reader    = "index"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		if err := victim(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// victim crawls, imports, revises and follows the outbox until it is killed. It
// writes to standard output what it has been promised: one line, one promise.
func victim(ctx context.Context, dir string) error {
	s, err := sqlite.Open(ctx, sqlite.Config{Dir: dir, Gap: time.Millisecond}, nil)
	if err != nil {
		return err
	}
	fmt.Println("open")
	g, ctx := errgroup.WithContext(ctx)
	for _, work := range []func(context.Context, *sqlite.Store, int) error{crawl, crawl, imports, follow} {
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

func crawl(ctx context.Context, s *sqlite.Store, _ int) error {
	leases, err := s.LeasePages(ctx, 5, time.Minute)
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
		if c.Err != nil {
			return c.Err
		}
		fmt.Printf("page %s %s %d\n", leases[i].Key, c.ID, c.Version)
	}
	return nil
}

func imports(ctx context.Context, s *sqlite.Store, n int) error {
	key := fmt.Sprintf("import-%d-%d", os.Getpid(), n/2)
	committed, err := s.PutArticles(ctx, article(fmt.Sprint("state ", n), key))
	if err != nil {
		return err
	}
	fmt.Printf("put %s %d\n", committed[0].ID, committed[0].Version)
	return committed[0].Err
}

func follow(ctx context.Context, s *sqlite.Store, _ int) error {
	changes, err := s.LeaseChanges(ctx, reader, 8, time.Minute)
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

// ledger is what the killed processes said.
type ledger struct {
	versions map[string]int64          // of articles that were acknowledged
	applied  map[string]map[int64]bool // versions that a reader may have acknowledged
	acked    map[string]map[int64]bool // versions that it has
	pages    map[string]int            // how often a page was done
	lines    int
}

func TestKill(t *testing.T) {
	dir := t.TempDir()
	prepareKill(t, dir)
	l := &ledger{versions: map[string]int64{}, applied: map[string]map[int64]bool{}, acked: map[string]map[int64]bool{}, pages: map[string]int{}}
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	for range kills {
		killOne(t, dir, l, time.Duration(r.IntN(150))*time.Millisecond)
	}
	t.Logf("%d kills, %d promises, %d articles, %d pages", kills, l.lines, len(l.versions), len(l.pages))
	s := open(t, sqlite.Config{Dir: dir})
	defer s.Close()
	l.verify(t, s)
}

func prepareKill(t *testing.T, dir string) {
	t.Helper()
	s := open(t, sqlite.Config{Dir: dir})
	defer s.Close()
	if err := s.Register(t.Context(), reader); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutFeeds(t.Context(), news.Feed{ID: news.ArticleID("a"), URL: "https://a.example/feed", Enabled: true}); err != nil {
		t.Fatal(err)
	}
	pages := make([]store.Discovery, killPages)
	for i := range pages {
		key := fmt.Sprintf("page-%d", i)
		pages[i] = store.Discovery{Key: key, URL: "https://h.example/" + key, Host: fmt.Sprintf("h%d.example", i%killHosts)}
	}
	c, err := s.CommitPolls(t.Context(), store.PollCommit{Lease: lease(t, s)[0], Pages: pages})
	if err != nil || c[0].New != killPages {
		t.Fatalf("got %+v and %v", c, err)
	}
}

// killOne starts a victim and kills it some time after it has opened the store.
func killOne(t *testing.T, dir string, l *ledger, after time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimDir+"="+dir)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); line != "open\n" {
		cmd.Wait()
		t.Fatalf("victim said %q, %v, %s", line, err, stderr.String())
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Signal(syscall.SIGKILL) })
	defer timer.Stop()
	l.read(t, lines)
	cmd.Wait()
	if stderr.Len() > 0 {
		t.Fatalf("victim failed: %s", stderr.String())
	}
}

func (l *ledger) read(t *testing.T, lines *bufio.Reader) {
	t.Helper()
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return // what was not finished was not promised
		}
		if err != nil {
			t.Fatal(err)
		}
		l.note(t, line)
		l.lines++
	}
}

func (l *ledger) note(t *testing.T, line string) {
	t.Helper()
	var id, key string
	var version int64
	word, rest, _ := strings.Cut(line, " ")
	format, args := "%s %d", []any{&id, &version}
	if word == "page" {
		format, args = "%s %s %d", []any{&key, &id, &version}
	}
	if _, err := fmt.Sscanf(rest, format, args...); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	switch word {
	case "page", "put":
		l.versions[id] = max(l.versions[id], version)
		if key != "" {
			l.pages[key]++
		}
	case "apply":
		mark(l.applied, id, version)
	case "ack":
		mark(l.acked, id, version)
	}
}

func mark(m map[string]map[int64]bool, id string, version int64) {
	if m[id] == nil {
		m[id] = map[int64]bool{}
	}
	m[id][version] = true
}

func (l *ledger) verify(t *testing.T, s *sqlite.Store) {
	t.Helper()
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
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
func scan(t *testing.T, s *sqlite.Store) map[string]int64 {
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
func (l *ledger) verifyOutbox(t *testing.T, s *sqlite.Store, held map[string]int64) {
	t.Helper()
	changes, err := s.LeaseChanges(t.Context(), reader, 1_000_000, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	pending := map[string]int64{}
	for _, c := range changes {
		pending[c.ID] = c.Version
		if l.acked[c.ID][c.Version] {
			t.Errorf("version %d of %s was acknowledged and waits", c.Version, c.ID)
		}
	}
	for id, version := range held {
		if pending[id] != version && !l.applied[id][version] {
			t.Errorf("version %d of %s does not wait for its reader", version, id)
		}
	}
}
