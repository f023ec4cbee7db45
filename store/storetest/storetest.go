// Package storetest is the conformance suite of [store.Store]: what every
// implementation must do, whatever it is made of. It holds no tests of its own
// and no doubles. Start reading at [Run].
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// ttl is the length of the leases that tests take.
const ttl = time.Minute

// Run tests the stores that open makes. Each is empty, goes by the clock now,
// and is closed by the suite. A feed's host is the host of its address.
func Run(t *testing.T, open func(t *testing.T, now func() time.Time) store.Store) {
	tests := []struct {
		name string
		test func(*fixture)
	}{
		{"feeds are added once", testPutFeeds},
		{"feeds are listed by title", testListFeeds},
		{"feeds are changed", testChangeFeed},
		{"a deleted feed takes its undone pages", testDeleteFeed},
		{"feeds are leased by waiting time", testLeaseFeeds},
		{"a poll moves its feed on", testCommitPoll},
		{"a poll without next disables", testPollDisables},
		{"a host has one lease", testHostExclusive},
		{"a host rests", testHostRests},
		{"pages are leased by waiting time", testLeasePages},
		{"a lease expires", testLeaseExpires},
		{"a commit is fenced", testFence},
		{"commits fail one by one", testCommitsAlone},
		{"leases are released", testRelease},
		{"due work is summed up", testDue},
		{"pages are discovered once", testDiscovery},
		{"a changed item makes its page due", testRediscovery},
		{"a change during a fetch is not lost", testRediscoveryWhileLeased},
		{"what is archived is not discovered", testDiscoveryOfArchived},
		{"a page brings an article", testPageArticle},
		{"a page is gone", testPageGone},
		{"a page keeps its validators", testPageState},
		{"a draft becomes an article", testNew},
		{"a restored article keeps its name", testRestored},
		{"a draft of the same changes nothing", testNone},
		{"a changed text is a revision", testRevised},
		{"other changes raise the version", testUpdated},
		{"a feed's words are completed", testCompleted},
		{"invalid drafts are refused alone", testInvalidDrafts},
		{"articles merge", testMerge},
		{"a merge keeps the fuller text", testMergeFuller},
		{"a merge forgets that its parts repeat each other", testMergeDuplicates},
		{"merges chain", testMergeChain},
		{"removal is final", testRemove},
		{"removal reaches redirects and pages", testRemoveReaches},
		{"articles are loaded in order", testArticles},
		{"a scan is not disturbed", testScan},
		{"sources are counted", testSources},
		{"entities are found", testEntities},
		{"decisions are kept in order", testDecisions},
		{"decisions are all or none", testDecisionsRefused},
		{"merged entities answer for each other", testDecidedEntities},
		{"the digest equals the articles'", testDigest},
		{"stats count", testStats},
		{"each reader has its outbox", testOutbox},
		{"a stale acknowledgement keeps the row", testStaleAck},
		{"changes are leased", testLeaseChanges},
		{"a new reader finds everything", testRegister},
		{"readers are told of removals", testOutboxRemoved},
		{"writers share a store", testConcurrentPuts},
		{"workers share a schedule", testConcurrentCrawl},
		{"a closed store says so", testClosed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &clock{t: epoch}
			s := open(t, c.now)
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error("close:", err)
				}
			})
			tt.test(&fixture{T: t, Store: s, clock: c})
		})
	}
}

// epoch is when tests begin.
var epoch = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// clock stands still until it is advanced.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// fixture is a store, its clock, and calls that must succeed.
type fixture struct {
	*testing.T
	store.Store
	*clock
}

func (f *fixture) ctx() context.Context { return f.Context() }

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) equal(what string, got, want any, options ...cmp.Option) {
	f.Helper()
	if diff := cmp.Diff(want, got, append(options, cmpopts.EquateEmpty())...); diff != "" {
		f.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (f *fixture) fails(what string, err, want error) {
	f.Helper()
	if !errors.Is(err, want) {
		f.Errorf("%s: got error %v, want %v", what, err, want)
	}
}

// feed is an enabled feed on host.
func feed(host, name string) news.Feed {
	url := "https://" + host + "/" + name + ".xml"
	return news.Feed{ID: news.ArticleID(url), URL: url, Title: name, Kind: news.KindFeed, Enabled: true}
}

// page is a page on host that is due at once.
func page(host, name string) store.Discovery {
	key := "https://" + host + "/" + name
	return store.Discovery{Key: key, URL: key + "?from=feed", Host: host, Hash: "1", Item: store.Item{Title: name, Published: epoch}}
}

// draft is a full article known under keys.
func draft(title, text string, keys ...string) store.Draft {
	return store.Draft{
		Keys: keys,
		Article: news.Article{
			Source: news.Ref{ID: "gazette", Name: "The Gazette"}, Title: title, Content: text,
			URL: "https://gazette.example/" + title, Language: "en", Country: "gb",
			PublishedAt: epoch.Add(-time.Hour), PublishedAtSource: news.DateMeta, PublishedAtPrecision: news.PrecisionMinute,
			WordCount: 3, Completeness: news.Full,
		},
		Blocks: []string{title, text},
	}
}

func (f *fixture) addFeeds(feeds ...news.Feed) {
	f.Helper()
	n, err := f.PutFeeds(f.ctx(), feeds...)
	f.must(err)
	f.equal("feeds added", n, len(feeds))
}

func (f *fixture) leaseFeeds(n int) []store.FeedLease {
	f.Helper()
	leases, err := f.LeaseFeeds(f.ctx(), n, ttl)
	f.must(err)
	return leases
}

func (f *fixture) leasePages(n int) []store.PageLease {
	f.Helper()
	leases, err := f.LeasePages(f.ctx(), n, ttl)
	f.must(err)
	return leases
}

// leasePage takes the one page that must be there.
func (f *fixture) leasePage() store.PageLease {
	f.Helper()
	leases := f.leasePages(1)
	if len(leases) != 1 {
		f.Fatalf("got %d pages, want one", len(leases))
	}
	return leases[0]
}

// discover polls a feed of its own, which names pages.
func (f *fixture) discover(pages ...store.Discovery) store.Committed {
	f.Helper()
	fd := feed("feeds.example", "all")
	_, err := f.PutFeeds(f.ctx(), fd)
	f.must(err)
	_, err = f.ChangeFeed(f.ctx(), fd.ID, store.FeedPatch{Refresh: true})
	f.must(err)
	leases := f.leaseFeeds(1)
	if len(leases) != 1 {
		f.Fatalf("got %d feeds, want one", len(leases))
	}
	return f.poll(leases[0], pages...)
}

// poll commits a successful poll; the host need not rest.
func (f *fixture) poll(l store.FeedLease, pages ...store.Discovery) store.Committed {
	f.Helper()
	return f.commitPoll(store.PollCommit{Lease: l, At: f.now(), Next: f.now().Add(time.Hour), HostNext: f.now(), Health: news.HealthOK, Success: true, Pages: pages})
}

func (f *fixture) commitPoll(p store.PollCommit) store.Committed {
	f.Helper()
	c, err := f.CommitPolls(f.ctx(), p)
	f.must(err)
	f.must(c[0].Err)
	return c[0]
}

// done commits a fetched page; the host need not rest.
func (f *fixture) done(l store.PageLease, d *store.Draft) store.Committed {
	f.Helper()
	return f.commitPage(store.PageCommit{Lease: l, At: f.now(), State: store.PageDone, Status: 200, HostNext: f.now(), Draft: d})
}

func (f *fixture) commitPage(p store.PageCommit) store.Committed {
	f.Helper()
	c, err := f.CommitPages(f.ctx(), p)
	f.must(err)
	f.must(c[0].Err)
	return c[0]
}

func (f *fixture) put(drafts ...store.Draft) []store.Committed {
	f.Helper()
	c, err := f.PutArticles(f.ctx(), drafts...)
	f.must(err)
	for _, one := range c {
		f.must(one.Err)
	}
	return c
}

// putOne takes one draft in and checks what became of it.
func (f *fixture) putOne(d store.Draft, want store.Kind) store.Committed {
	f.Helper()
	c := f.put(d)[0]
	f.equal("kind", c.Kind, want)
	return c
}

// article loads the one article that must be there.
func (f *fixture) article(id string) news.Article {
	f.Helper()
	as, err := f.Articles(f.ctx(), id)
	f.must(err)
	if len(as) != 1 {
		f.Fatalf("got %d articles for %s, want one", len(as), id)
	}
	return as[0]
}

func (f *fixture) all() []news.Article {
	f.Helper()
	var all []news.Article
	var pos store.ScanPosition
	for {
		as, next, err := f.Scan(f.ctx(), pos, 7)
		f.must(err)
		if len(as) == 0 {
			return all
		}
		all, pos = append(all, as...), next
	}
}

func (f *fixture) stats() store.Stats {
	f.Helper()
	st, err := f.Stats(f.ctx())
	f.must(err)
	return st
}

func urls(feeds []store.FeedLease) []string {
	var list []string
	for _, l := range feeds {
		list = append(list, l.Feed.URL)
	}
	return list
}

func keys(pages []store.PageLease) []string {
	var list []string
	for _, l := range pages {
		list = append(list, l.Key)
	}
	return list
}

func key(n int) string { return fmt.Sprintf("https://gazette.example/%d", n) }
