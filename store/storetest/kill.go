package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
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
)

// Reader is the name of the outbox that victims follow.
const Reader = "index"

const (
	killHosts = 800
	killPages = 8000
	killTTL   = time.Hour // longer than any test: what a victim held stays held
)

// PrepareKill gives victims pages to crawl and a reader's outbox to follow.
func PrepareKill(t *testing.T, s store.Store) {
	t.Helper()
	if err := s.Register(t.Context(), Reader); err != nil {
		t.Fatal(err)
	}
	AddPages(t, s, killPages, killHosts)
}

// AddPages has a feed of its own name n pages, which are due, spread over hosts.
func AddPages(t testing.TB, s store.Store, n, hosts int) {
	t.Helper()
	if _, err := s.PutFeeds(t.Context(), feed("feeds.example", "all")); err != nil {
		t.Fatal(err)
	}
	leases, err := s.LeaseFeeds(t.Context(), 1, time.Minute)
	if err != nil || len(leases) != 1 {
		t.Fatalf("got %d feeds and %v", len(leases), err)
	}
	pages := make([]store.Discovery, n)
	for i := range pages {
		pages[i] = page(fmt.Sprintf("h%d.example", i%hosts), fmt.Sprint("page-", i))
	}
	c, err := s.CommitPolls(t.Context(), store.PollCommit{Lease: leases[0], Pages: pages})
	if err != nil || c[0].New != n {
		t.Fatalf("got %+v and %v", c, err)
	}
}

// Victim crawls, imports, revises and follows the outbox until its process is
// killed. It writes to w what it has been promised: one line, one promise.
func Victim(ctx context.Context, s store.Store, w io.Writer) error {
	fmt.Fprintln(w, "open")
	v := &victim{s, w}
	g, ctx := errgroup.WithContext(ctx)
	for _, work := range []func(context.Context, int) error{v.crawl, v.crawl, v.imports, v.follow} {
		g.Go(func() error {
			for n := 0; ; n++ {
				if err := work(ctx, n); err != nil {
					return err
				}
			}
		})
	}
	return g.Wait()
}

type victim struct {
	store.Store
	w io.Writer
}

func (v *victim) crawl(ctx context.Context, _ int) error {
	return CrawlOnce(ctx, v, 5, func(l store.PageLease, c store.Committed) {
		fmt.Fprintf(v.w, "page %s %s %d\n", l.Key, c.ID, c.Version)
	})
}

// CrawlOnce leases n pages, commits a new article for each, and reports them.
func CrawlOnce(ctx context.Context, s store.Store, n int, done func(store.PageLease, store.Committed)) error {
	leases, err := s.LeasePages(ctx, n, killTTL)
	if err != nil {
		return err
	}
	commits := make([]store.PageCommit, len(leases))
	for i, l := range leases {
		d := draft("Title", "text of "+l.Key, l.Key)
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
func (v *victim) imports(ctx context.Context, n int) error {
	text := fmt.Sprint("state ", n, " of ", os.Getpid())
	committed, err := v.PutArticles(ctx,
		draft("Title", text, fmt.Sprintf("import-%d-%d", os.Getpid(), n/2)), draft("Title", text, fmt.Sprint("shared-", n%50)))
	if err != nil {
		return err
	}
	for _, c := range committed {
		if c.Err != nil {
			return c.Err
		}
		fmt.Fprintf(v.w, "put %s %d\n", c.ID, c.Version)
	}
	return nil
}

func (v *victim) follow(ctx context.Context, _ int) error {
	changes, err := v.LeaseChanges(ctx, Reader, 8, killTTL)
	if err != nil {
		return err
	}
	for _, c := range changes {
		fmt.Fprintf(v.w, "apply %s %d\n", c.ID, c.Version)
	}
	if err := v.AckChanges(ctx, Reader, changes); err != nil {
		return err
	}
	for _, c := range changes {
		fmt.Fprintf(v.w, "ack %s %d\n", c.ID, c.Version)
	}
	return nil
}

// promise is an article in one version.
type promise struct {
	id      string
	version int64
}

// Ledger is what killed processes said. It is safe for concurrent use.
type Ledger struct {
	mu             sync.Mutex
	versions       map[string]int64 // of articles that were acknowledged
	applied, acked map[promise]bool // by a reader: maybe acknowledged, and surely
	pages          map[string]int   // how often a page was done
	lines          int
}

// NewLedger makes an empty ledger.
func NewLedger() *Ledger {
	return &Ledger{versions: map[string]int64{}, applied: map[promise]bool{}, acked: map[promise]bool{}, pages: map[string]int{}}
}

// Kill starts a victim, kills it some time after it has opened its store, and
// notes what it said until then.
func (l *Ledger) Kill(cmd *exec.Cmd, after time.Duration) error {
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() { _ = cmd.Process.Signal(syscall.SIGKILL) }() // it may be gone already
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); line != "open\n" {
		return fmt.Errorf("victim said %q, %w, %w, %s", line, err, cmd.Wait(), stderr.String())
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Signal(syscall.SIGKILL) })
	defer timer.Stop()
	err = l.read(lines)
	if state := cmd.Wait(); stderr.Len() > 0 {
		return fmt.Errorf("victim failed: %w, %s", state, stderr.String())
	}
	return err
}

func (l *Ledger) read(lines *bufio.Reader) error {
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
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

func (l *Ledger) note(line string) error {
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

// Verify compares the promises with what s holds. It goes by a clock at which the
// leases of the dead have run out.
func (l *Ledger) Verify(t *testing.T, s store.Store) {
	t.Helper()
	for key, n := range l.pages {
		if n != 1 {
			t.Errorf("page %s was done %d times", key, n)
		}
	}
	held := Versions(t, s)
	for id, version := range l.versions {
		if held[id] < version {
			t.Errorf("article %s has version %d, promised was %d", id, held[id], version)
		}
	}
	t.Logf("%d promises, %d articles, %d pages", l.lines, len(l.versions), len(l.pages))
	l.verifyOutbox(t, s, held)
	st, err := s.Stats(t.Context())
	if err != nil || st.Articles != len(held) || st.Pages[store.PageDone]+st.Pages[store.PagePending] != killPages || st.Pages[store.PageDone] < len(l.pages) {
		t.Errorf("got %+v and %v with %d articles and %d pages done", st, err, len(held), len(l.pages))
	}
}

// Versions scans s: it returns the version of each article, and compares the
// digest.
func Versions(t *testing.T, s store.Store) map[string]int64 {
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
func (l *Ledger) verifyOutbox(t *testing.T, s store.Store, held map[string]int64) {
	t.Helper()
	changes, err := s.LeaseChanges(t.Context(), Reader, 1_000_000, time.Minute)
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
