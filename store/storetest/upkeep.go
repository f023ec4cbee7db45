package storetest

import (
	"testing"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Full is a store with everything a crawl leans on.
type Full interface {
	store.Store
	store.Upkeep
	store.Pauses
	store.Tracer
	store.Fingerprints
	store.Amender
	store.Sites
	store.Subscriptions
	store.Retention
}

// RunFull tests what [Run] does not: upkeep, pauses, traces, fingerprints,
// amendments, sites and retention, of stores as open makes them for Run.
func RunFull(t *testing.T, open func(t *testing.T, now func() time.Time) Full) {
	tests := []struct {
		name string
		test func(*full)
	}{
		{"a feed moves", testMoveFeed},
		{"a feed moves to where another is", testMoveFeedOnto},
		{"the schedule shifts", testShift},
		{"pages are counted by day", testPagesToday},
		{"pages are postponed", testPostpone},
		{"edits are remembered", testEdits},
		{"a host is paused", testPauseHost},
		{"a leased host is paused", testPauseLeased},
		{"pauses are listed", testListPauses},
		{"a page is traced", testTrace},
		{"feeds are subscribed to", testSubscriptions},
		{"fingerprints are found by band", testSimilar},
		{"fingerprints are replaced and forgotten", testFingerprintReplaced},
		{"a duplicate is announced once", testSetDuplicate},
		{"an amendment is no revision", testAmend},
		{"an amendment moves its source", testAmendSource},
		{"an amendment says whom it repeats", testAmendDuplicate},
		{"a late amendment changes nothing", testAmendStale},
		{"of rival amendments one wins", testAmendRace},
		{"what was learnt of a site is kept", testSites},
		{"the articles of a host are listed", testArticlesOf},
		{"boilerplate learnt is no revision", testRelearnt},
		{"old articles are taken down", testExpire},
		{"taking down reaches redirects and pages", testExpireReaches},
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
			tt.test(&full{&fixture{T: t, Store: s, clock: c}, s})
		})
	}
}

// full is a fixture over a store with everything.
type full struct {
	*fixture
	full Full
}

func testMoveFeed(f *full) {
	f.addFeeds(feed("old.example", "news"))
	id := feed("old.example", "news").ID
	to, err := f.full.MoveFeed(f.ctx(), id, "https://new.example/news.xml")
	f.must(err)
	f.equal("id after the move", to, id)
	lease := f.leaseFeeds(5)
	if len(lease) != 1 || lease[0].Host != "new.example" || lease[0].Feed.URL != "https://new.example/news.xml" {
		f.Errorf("leased %+v, want the feed at its new host", lease)
	}
	_, err = f.full.MoveFeed(f.ctx(), "unknown", "https://new.example/")
	f.fails("move of an unknown feed", err, news.ErrNotFound)
}

func testMoveFeedOnto(f *full) {
	old, other := feed("old.example", "news"), feed("new.example", "news")
	f.addFeeds(old, other)
	for _, l := range f.leaseFeeds(5) {
		if l.Feed.ID == old.ID {
			f.poll(l, page("pages.example", "a"))
		} else {
			f.poll(l)
		}
	}
	to, err := f.full.MoveFeed(f.ctx(), old.ID, other.URL)
	f.must(err)
	f.equal("surviving feed", to, other.ID)
	feeds, err := f.ListFeeds(f.ctx())
	f.must(err)
	if len(feeds) != 1 || feeds[0].ID != other.ID {
		f.Errorf("feeds are %+v, want the other alone", feeds)
	}
	f.equal("feed of the page", f.leasePage().FeedID, other.ID)
}

func testShift(f *full) {
	f.addFeeds(feed("a.example", "news"))
	f.poll(f.leaseFeeds(1)[0], store.Discovery{Key: "https://p.example/1", URL: "https://p.example/1", Host: "p.example", Due: f.now().Add(time.Minute)})
	f.must(f.full.Shift(f.ctx(), 24*time.Hour))
	f.advance(23 * time.Hour)
	f.equal("leased before the shifted time", len(f.leaseFeeds(5))+len(f.leasePages(5)), 0)
	f.advance(2*time.Hour + time.Minute)
	f.equal("leased after it", len(f.leaseFeeds(5))+len(f.leasePages(5)), 2)
}

func testPagesToday(f *full) {
	f.discover(page("p.example", "1"), page("p.example", "2"), page("q.example", "1"))
	for range 2 {
		for _, l := range f.leasePages(5) {
			f.done(l, nil)
		}
	}
	f.count("p.example", 2)
	f.count("q.example", 1)
	f.count("unknown.example", 0)
	f.advance(24 * time.Hour)
	f.count("p.example", 0)
}

func (f *full) count(host string, want int) {
	f.Helper()
	n, err := f.full.PagesToday(f.ctx(), host)
	f.must(err)
	f.equal("pages of "+host, n, want)
}

func testPostpone(f *full) {
	f.discover(page("p.example", "1"), page("p.example", "2"), page("q.example", "1"))
	pending, err := f.full.Pending(f.ctx(), feed("feeds.example", "all").ID)
	f.must(err)
	f.equal("pages pending", pending, 3)
	n, err := f.full.Postpone(f.ctx(), "p.example", f.now().Add(ttl/2))
	f.must(err)
	f.equal("pages postponed", n, 2)
	f.equal("host that is leased", f.leasePage().Host, "q.example")
	f.equal("further leases", len(f.leasePages(5)), 0)
	f.advance(ttl / 2)
	f.equal("host that is leased later", f.leasePages(5)[0].Host, "p.example")
}

func testEdits(f *full) {
	fd := feed("a.example", "news")
	f.addFeeds(fd)
	at, err := f.full.Edited(f.ctx(), fd.ID)
	f.must(err)
	f.equal("before", at, time.Time{})
	f.must(f.full.NoteEdit(f.ctx(), fd.ID))
	f.must(f.full.NoteEdit(f.ctx(), "unknown"))
	at, err = f.full.Edited(f.ctx(), fd.ID)
	f.must(err)
	f.equal("after", at, f.now())
}

func testPauseHost(f *full) {
	f.addFeeds(feed("a.example", "news"), feed("b.example", "news"))
	f.must(f.full.Pause(f.ctx(), "a.example", f.now().Add(time.Hour)))
	f.must(f.full.Pause(f.ctx(), "never.seen.example", f.now().Add(time.Hour)))
	leases := f.leaseFeeds(5)
	if len(leases) != 1 || leases[0].Host != "b.example" {
		f.Errorf("leased %+v, want the host that is not paused", leases)
	}
	f.must(f.full.Resume(f.ctx(), "a.example"))
	f.must(f.full.Resume(f.ctx(), "unknown.example"))
	f.equal("leased after the pause", len(f.leaseFeeds(5)), 1)
}

func testPauseLeased(f *full) {
	f.addFeeds(feed("a.example", "one"), feed("a.example", "two"))
	lease := f.leaseFeeds(1)[0]
	f.must(f.full.Pause(f.ctx(), "a.example", f.now().Add(time.Hour)))
	f.poll(lease)
	f.equal("leased during the pause", len(f.leaseFeeds(5)), 0)
	f.advance(time.Hour)
	f.equal("leased after it", len(f.leaseFeeds(5)), 1)
}

func testListPauses(f *full) {
	long, short := f.now().Add(time.Hour), f.now().Add(time.Minute)
	f.must(f.full.Pause(f.ctx(), "b.example", long))
	f.must(f.full.Pause(f.ctx(), "a.example", short))
	f.must(f.full.Pause(f.ctx(), "", long))
	f.pauses(store.Pause{Until: long}, store.Pause{Host: "a.example", Until: short}, store.Pause{Host: "b.example", Until: long})
	f.advance(time.Minute)
	f.must(f.full.Resume(f.ctx(), ""))
	f.pauses(store.Pause{Host: "b.example", Until: long})
}

func (f *full) pauses(want ...store.Pause) {
	f.Helper()
	got, err := f.full.ListPauses(f.ctx())
	f.must(err)
	f.equal("pauses", got, want)
}

func testTrace(f *full) {
	d := page("p.example", "1")
	d.Aliases = []string{"guid:1"}
	f.discover(d)
	f.must(f.Register(f.ctx(), "reader"))
	got, err := f.full.TracePage(f.ctx(), "https://unknown.example/", "guid:1")
	f.must(err)
	f.equal("key", got.Key, d.Key)
	f.equal("feed", got.Feed.ID, feed("feeds.example", "all").ID)
	f.equal("item", got.Item, d.Item)
	f.equal("state", got.State, store.PagePending)
	f.equal("due", got.Next, f.now())

	article := draft("1", "text", d.Key)
	c := f.done(f.leasePage(), &article)
	got, err = f.full.TracePage(f.ctx(), d.Key)
	f.must(err)
	f.equal("state when fetched", got.State, store.PageDone)
	f.equal("article", got.ArticleID, c.ID)
	f.equal("time of the visit", got.FetchedAt, f.now())
	unread, err := f.full.Unread(f.ctx(), c.ID)
	f.must(err)
	f.equal("readers behind", unread, []string{"reader"})
	_, err = f.full.TracePage(f.ctx(), "https://unknown.example/")
	f.fails("trace of an unknown page", err, news.ErrNotFound)
}

func testSimilar(f *full) {
	c := f.put(draft("1", "one", "https://a.example/1"), draft("2", "two", "https://a.example/2"), draft("3", "three", "https://a.example/3"))
	one := store.Fingerprint{ArticleID: c[0].ID, Hash: 1 << 63, Bands: []uint32{1, 2, 3}}
	two := store.Fingerprint{ArticleID: c[1].ID, Hash: 2, Bands: []uint32{1, 2, 9}}
	moved := store.Fingerprint{ArticleID: c[2].ID, Hash: 3, Bands: []uint32{2, 1, 8}} // the same values at other places
	absent := store.Fingerprint{ArticleID: news.ArticleID("absent"), Bands: []uint32{1, 2, 3}}
	f.must(f.full.SetFingerprints(f.ctx(), one, two, moved, absent))
	f.similar([]uint32{1, 2, 3}, 9, one, two)
	f.similar([]uint32{1, 2, 3}, 2, one) // the absent one takes a place
	f.similar([]uint32{7, 7, 9}, 9, two)
	f.similar([]uint32{7, 7, 7}, 9)
	f.must(f.Remove(f.ctx(), one.ArticleID))
	f.similar([]uint32{1, 2, 3}, 9, two)
}

func (f *full) similar(bands []uint32, n int, want ...store.Fingerprint) {
	f.Helper()
	got, err := f.full.Similar(f.ctx(), bands, n)
	f.must(err)
	f.equal("similar", got, want)
}

func testFingerprintReplaced(f *full) {
	id := f.put(draft("1", "one", "https://a.example/1"))[0].ID
	f.must(f.full.SetFingerprints(f.ctx(), store.Fingerprint{ArticleID: id, Hash: 1, Bands: []uint32{1, 2}}))
	next := store.Fingerprint{ArticleID: id, Hash: 2, Bands: []uint32{3, 4}}
	f.must(f.full.SetFingerprints(f.ctx(), next))
	f.similar([]uint32{1, 2}, 9)
	f.similar([]uint32{3, 2}, 9, next)
	got, err := f.full.Fingerprint(f.ctx(), id)
	f.must(err)
	f.equal("fingerprint", got, next)
	f.must(f.full.SetFingerprints(f.ctx(), store.Fingerprint{ArticleID: id}))
	f.similar([]uint32{3, 4}, 9)
	_, err = f.full.Fingerprint(f.ctx(), id)
	f.fails("forgotten fingerprint", err, news.ErrNotFound)
}

func testSetDuplicate(f *full) {
	c := f.put(draft("1", "one", "https://a.example/1"), draft("2", "two", "https://a.example/2"))
	f.must(f.Register(f.ctx(), "reader"))
	f.drain("reader")
	set := func(id, of string, want store.Kind) {
		f.Helper()
		got, err := f.full.SetDuplicate(f.ctx(), id, of)
		f.must(err)
		f.equal("kind", got.Kind, want)
	}
	set(c[1].ID, c[0].ID, store.KindUpdated)
	set(c[1].ID, c[0].ID, store.KindNone)
	set(c[1].ID, c[1].ID, store.KindNone)
	set("unknown", c[0].ID, store.KindNone)
	f.equal("changes told", len(f.drain("reader")), 1)
	copies, err := f.full.Repeating(f.ctx(), c[0].ID)
	f.must(err)
	f.equal("copies", copies, []string{c[1].ID})
	a, err := f.Articles(f.ctx(), c[1].ID)
	f.must(err)
	f.equal("duplicate of", a[0].DuplicateOf, c[0].ID)
	f.equal("version", a[0].Version, int64(2))
	f.sameDigest()
	set(c[1].ID, "", store.KindUpdated)
	copies, err = f.full.Repeating(f.ctx(), c[0].ID)
	f.must(err)
	f.equal("copies of nobody", copies, []string(nil))
}
