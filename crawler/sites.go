package crawler

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet.example/crawler/boiler"
	"broadsheet.example/crawler/extract"
	"broadsheet.example/crawler/link"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

const (
	// sitesIdle is the wait when no site is pending, sitesAgain that after an error.
	sitesIdle  = 2 * time.Second
	sitesAgain = 5 * time.Second
	// sitesBatch is how many articles of a site are filtered again at a time.
	sitesBatch = 50
	// siteLocks is how many hosts can be worked on at once at most.
	siteLocks = 64
)

// late lists at how many pages of a host what was learnt of it is brought to its
// earlier articles: soon, for most sites of a small crawl have no more; when it
// says something for sure, twice; and when the window is full.
var late = [...]int{8, 20, 100, boiler.Window}

// sites learns what each host repeats from page to page, leaves that out of new
// articles, and out of earlier ones when it is learnt late. All it knows is in
// the store, saved before the page's commit: a page whose commit is lost is
// fetched again and learnt again, which counts once.
type sites struct {
	store   Store
	ingest  *Ingester
	rules   map[string]boiler.Rules // by source
	log     *slog.Logger
	amended *atomic.Int64

	seed  maphash.Seed
	locks [siteLocks]sync.Mutex // by host: what is read is not changed until it is written
}

func newSites(s Store, g *Ingester, rules map[string]boiler.Rules, log *slog.Logger, amended *atomic.Int64) *sites {
	return &sites{store: s, ingest: g, rules: rules, log: log, amended: amended, seed: maphash.MakeSeed()}
}

func (s *sites) lock(host string) *sync.Mutex {
	return &s.locks[maphash.String(s.seed, host)%siteLocks]
}

// filter learns the blocks of a page and returns those that belong to its
// article. A page that a redirect led to on another site teaches nothing.
func (s *sites) filter(ctx context.Context, l store.PageLease, address, source string, blocks []string) []string {
	var host boiler.Host
	if link.SameSite(l.URL, address) {
		learnt, err := s.learn(ctx, l, blocks)
		if err != nil { // the page is had all the same
			s.log.Error("learn boilerplate", "host", l.Host, "err", err)
		} else {
			host = learnt
		}
	}
	kept, _ := host.FilterBy(s.rules[source], blocks)
	return kept
}

// learn adds a page to what is known of its host.
func (s *sites) learn(ctx context.Context, l store.PageLease, blocks []string) (boiler.Host, error) {
	mu := s.lock(l.Host)
	mu.Lock()
	defer mu.Unlock()
	site, host, err := s.load(ctx, l.Host)
	if err != nil {
		return host, err
	}
	before := host.Pages()
	host.Learn(l.URL, blocks)
	if site.Learned, err = host.MarshalBinary(); err != nil {
		return host, err
	}
	site.Pending = site.Pending || slices.ContainsFunc(late[:], func(n int) bool { return before < n && host.Pages() >= n })
	return host, s.store.PutSite(ctx, site)
}

// load reads what is known of a host. What is damaged is learnt anew.
func (s *sites) load(ctx context.Context, name string) (store.Site, boiler.Host, error) {
	var host boiler.Host
	site, err := s.store.Site(ctx, name)
	if err != nil {
		return site, host, err
	}
	if err := host.UnmarshalBinary(site.Learned); err != nil {
		s.log.Warn("what was learnt of a host is lost", "host", name, "err", err)
	}
	return site, host, nil
}

// run brings what was learnt late to earlier articles until ctx is done.
func (s *sites) run(ctx context.Context) {
	for ctx.Err() == nil {
		wait := sitesIdle
		if err := s.turn(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("filter earlier articles", "err", err)
			wait = sitesAgain
		}
		pause(ctx, wait)
	}
}

// turn works off the sites that are pending. One that fails holds up no other.
func (s *sites) turn(ctx context.Context) error {
	hosts, err := s.store.PendingSites(ctx)
	if err != nil {
		return err
	}
	for _, host := range hosts {
		if failed := s.revise(ctx, host); failed != nil {
			err = errors.Join(err, fmt.Errorf("host %s: %w", host, failed))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return err
}

// revise filters the earlier articles of a host again. The host stays pending
// until all of them stand, so that a crash only repeats what changes nothing.
func (s *sites) revise(ctx context.Context, name string) error {
	mu := s.lock(name)
	mu.Lock()
	defer mu.Unlock()
	site, host, err := s.load(ctx, name)
	if err != nil {
		return err
	}
	changed, stale := 0, 0
	for after := ""; ; {
		ids, err := s.store.ArticlesOf(ctx, name, after, sitesBatch)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		after = ids[len(ids)-1]
		n, missed, err := s.amend(ctx, &host, ids)
		if err != nil {
			return err
		}
		changed, stale = changed+n, stale+missed
	}
	s.amended.Add(int64(changed))
	s.log.Info("boilerplate learnt", "host", name, "pages", host.Pages(), "amended", changed, "stale", stale)
	site.Pending = stale > 0
	return s.store.PutSite(ctx, site)
}

// amend filters articles again, and returns how many changed and how many could
// not because somebody else changed them meanwhile.
func (s *sites) amend(ctx context.Context, host *boiler.Host, ids []string) (changed, stale int, err error) {
	articles, err := s.store.Articles(ctx, ids...)
	if err != nil {
		return 0, 0, err
	}
	var amendments []store.Amendment
	for _, a := range articles {
		again, err := s.again(ctx, host, &a)
		if err != nil {
			return 0, 0, err
		}
		if again {
			amendments = append(amendments, store.Amendment{Article: a})
		}
	}
	committed, err := s.store.Amend(ctx, amendments...)
	for _, c := range committed {
		switch {
		case errors.Is(c.Err, store.ErrStale):
			stale++
		case c.Err != nil && !errors.Is(c.Err, news.ErrRemoved):
			err = errors.Join(err, c.Err)
		case c.Kind == store.KindUpdated:
			changed++
		}
	}
	return changed, stale, err
}

// again filters an article's blocks with what is known now, and reports whether
// its text became another. Pages that are not among those learnt, because they
// are too old or of an earlier template, are left as they are.
func (s *sites) again(ctx context.Context, host *boiler.Host, a *news.Article) (bool, error) {
	if a.Completeness == news.FeedOnly || !host.Knows(a.URL) {
		return false, nil
	}
	blocks, err := s.store.Blocks(ctx, a.ID)
	if errors.Is(err, news.ErrNotFound) || errors.Is(err, news.ErrRemoved) {
		return false, nil
	}
	if err != nil || len(blocks) == 0 {
		return false, err
	}
	kept, _ := host.FilterBy(s.rules[a.Source.ID], blocks)
	var page extract.Content
	if page.SetBlocks(kept); page.Text == a.Content {
		return false, nil
	}
	s.ingest.refill(a, &page)
	return true, nil
}
