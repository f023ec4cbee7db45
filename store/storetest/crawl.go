package storetest

import (
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

func testHostExclusive(f *fixture) {
	f.discover(page("a.example", "1"), page("a.example", "2"))
	f.addFeeds(feed("a.example", "a"))
	l := f.leaseFeeds(1)
	f.equal("feed leases", len(l), 1)
	f.equal("pages while a feed holds the host", len(f.leasePages(9)), 0)
	f.poll(l[0])
	p := f.leasePages(9)
	f.equal("page leases", keys(p), []string{"https://a.example/1"})
	_, err := f.ChangeFeed(f.ctx(), l[0].Feed.ID, store.FeedPatch{Refresh: true})
	f.must(err)
	f.equal("feeds while a page holds the host", len(f.leaseFeeds(9)), 0)
	f.done(p[0], nil)
	f.equal("feeds when the host is free", len(f.leaseFeeds(9)), 1)
}

func testHostRests(f *fixture) {
	f.discover(page("a.example", "1"), page("a.example", "2"))
	f.addFeeds(feed("a.example", "a"))
	l := f.leasePage()
	f.commitPage(store.PageCommit{Lease: l, At: epoch, State: store.PageDone, HostNext: epoch.Add(10 * time.Second)})
	f.advance(9999 * time.Millisecond)
	f.equal("pages at rest", len(f.leasePages(9)), 0)
	f.equal("feeds at rest", len(f.leaseFeeds(9)), 0)
	due, err := f.Due(f.ctx())
	f.must(err)
	f.equal("next", due.Next, epoch.Add(10*time.Second))
	f.advance(time.Millisecond)
	f.equal("pages after rest", len(f.leasePages(9)), 1)
}

func testLeasePages(f *fixture) {
	late := page("c.example", "late")
	late.Due = epoch.Add(time.Minute)
	f.discover(page("a.example", "1"), page("a.example", "2"), late)
	f.advance(time.Second)
	f.discover(page("b.example", "1"))
	f.equal("zero pages", len(f.leasePages(0)), 0)
	first := f.leasePage()
	f.equal("the longest waiting", first.Key, "https://a.example/1")
	f.equal("the next host", keys(f.leasePages(9)), []string{"https://b.example/1"})
	f.commitPage(store.PageCommit{Lease: first, At: f.now(), State: store.PagePending, Attempts: 1, Next: f.now(), HostNext: f.now()})
	second := f.leasePage()
	f.equal("the longest waiting of the host", second.Key, "https://a.example/2")
	f.done(second, nil)
	third := f.leasePage()
	f.equal("the failed one again", third.Key, first.Key)
	f.equal("its failures", third.Attempts, 1)
	f.done(third, nil)
	f.advance(ttl)
	f.equal("a page whose time has come, and one whose lease has expired",
		len(f.leasePages(9)), 2)
}

func testLeaseExpires(f *fixture) {
	f.discover(page("a.example", "1"))
	f.addFeeds(feed("b.example", "b"))
	p, fd := f.leasePage(), f.leaseFeeds(9)
	f.advance(ttl - time.Millisecond)
	f.equal("pages before expiry", len(f.leasePages(9)), 0)
	f.equal("feeds before expiry", len(f.leaseFeeds(9)), 0)
	f.advance(time.Millisecond)
	again := f.leasePage()
	f.equal("page after expiry", again.Key, p.Key)
	f.equal("feed after expiry", urls(f.leaseFeeds(9)), urls(fd))
	if again.Token == p.Token {
		f.Error("two leases share a token")
	}
}

func testFence(f *fixture) {
	f.discover(page("a.example", "1"))
	late := f.leasePage()
	f.advance(ttl)
	l := f.leasePage()
	d := draft("Title", "text", key(1))
	c, err := f.CommitPages(f.ctx(), store.PageCommit{Lease: late, At: f.now(), State: store.PageDone, Draft: &d})
	f.must(err)
	f.fails("commit of an expired lease", c[0].Err, store.ErrLeaseLost)
	f.equal("what it stored", len(f.all()), 0)
	f.equal("pages leased meanwhile", len(f.leasePages(1)), 0)
	f.equal("kind", f.done(l, &d).Kind, store.KindNew)
	c, err = f.CommitPages(f.ctx(), store.PageCommit{Lease: l, At: f.now(), State: store.PageFailed})
	f.must(err)
	f.fails("second commit", c[0].Err, store.ErrLeaseLost)
	f.equal("pages", f.stats().Pages, map[store.PageState]int{store.PageDone: 1})

	f.addFeeds(feed("b.example", "b"))
	poll := f.leaseFeeds(1)[0]
	f.poll(poll)
	pc, err := f.CommitPolls(f.ctx(), store.PollCommit{Lease: poll, At: f.now(), Pages: []store.Discovery{page("b.example", "x")}})
	f.must(err)
	f.fails("second poll", pc[0].Err, store.ErrLeaseLost)
	f.equal("pages after it", f.stats().Pages, map[store.PageState]int{store.PageDone: 1})
}

func testCommitsAlone(f *fixture) {
	f.discover(page("a.example", "1"), page("b.example", "1"), page("c.example", "1"), page("d.example", "1"))
	l := f.leasePages(4)
	f.equal("leases", len(l), 4)
	good, bad := draft("Good", "text", key(1)), draft("Bad", "text")
	stale := l[2]
	stale.Token += 1000
	c, err := f.CommitPages(f.ctx(),
		store.PageCommit{Lease: l[0], State: store.PageDone, Draft: &bad},
		store.PageCommit{Lease: l[1], State: "odd"},
		store.PageCommit{Lease: stale, State: store.PageDone},
		store.PageCommit{Lease: l[3], State: store.PageDone, Draft: &good})
	f.must(err)
	if c[0].Err == nil || c[1].Err == nil {
		f.Errorf("got errors %v and %v, want both", c[0].Err, c[1].Err)
	}
	f.fails("stale token", c[2].Err, store.ErrLeaseLost)
	f.must(c[3].Err)
	f.equal("articles", len(f.all()), 1)
	f.equal("pages", f.stats().Pages, map[store.PageState]int{store.PagePending: 3, store.PageDone: 1})
	f.done(l[0], nil) // still in force
}

func testRelease(f *fixture) {
	f.discover(page("a.example", "1"))
	f.addFeeds(feed("b.example", "b"))
	p, fd := f.leasePage(), f.leaseFeeds(1)
	f.must(f.Release(f.ctx(), epoch.Add(time.Second), p.Token, fd[0].Token, 999_999))
	f.equal("pages at rest", len(f.leasePages(9)), 0)
	f.advance(time.Second)
	f.equal("released page", f.leasePage().Key, p.Key)
	f.equal("released feed", urls(f.leaseFeeds(9)), urls(fd))
	c, err := f.CommitPages(f.ctx(), store.PageCommit{Lease: p, State: store.PageDone})
	f.must(err)
	f.fails("commit after release", c[0].Err, store.ErrLeaseLost)
}

func testDue(f *fixture) {
	f.due(store.Due{})
	late := page("c.example", "late")
	late.Due = epoch.Add(time.Minute)
	f.discover(page("a.example", "1"), page("a.example", "2"), late)
	off := feed("b.example", "off")
	off.Enabled = false
	f.addFeeds(feed("b.example", "b"), off)
	f.due(store.Due{FeedsDue: 1, PagesDue: 2, FeedsTotal: 2, PagesTotal: 3, Next: epoch})
	l := f.leasePage()
	f.poll(f.leaseFeeds(1)[0])
	f.due(store.Due{PagesDue: 2, FeedsTotal: 2, PagesTotal: 3, Leased: 1, Next: epoch.Add(time.Minute)})
	f.done(l, nil)
	f.done(f.leasePage(), nil)
	f.due(store.Due{FeedsTotal: 2, PagesTotal: 1, Next: epoch.Add(time.Minute)})
	f.advance(time.Minute)
	f.due(store.Due{FeedsTotal: 2, PagesDue: 1, PagesTotal: 1, Next: epoch.Add(time.Minute)})
}

func (f *fixture) due(want store.Due) {
	f.Helper()
	got, err := f.Due(f.ctx())
	f.must(err)
	f.equal("due", got, want)
}

func testPageState(f *fixture) {
	d := page("a.example", "1")
	d.Aliases = []string{"guid:1"}
	f.discover(d)
	l := f.leasePage()
	f.equal("aliases", l.Aliases, d.Aliases)
	f.equal("item", l.Item, d.Item)
	f.equal("state", l.State, store.PagePending)
	f.equal("discovered", l.FirstSeen, epoch)
	f.equal("feed", l.FeedID, feed("feeds.example", "all").ID)
	f.equal("address", l.URL, d.URL)
	v := store.Validators{ETag: `"x"`, LastModified: "yesterday"}
	f.commitPage(store.PageCommit{Lease: l, At: epoch, State: store.PageRefused, Status: 403, Error: "wall", Attempts: 2, Validators: v, Next: epoch.Add(time.Hour), HostNext: epoch})
	f.advance(time.Hour)
	l = f.leasePage()
	f.equal("validators", l.Validators, v)
	f.equal("state", l.State, store.PageRefused)
	f.equal("failures", l.Attempts, 2)
	f.equal("article", l.ArticleID, "")
}

func testPageArticle(f *fixture) {
	f.discover(page("a.example", "1"))
	l := f.leasePage()
	d := draft("Title", "text", l.Key, "https://a.example/canonical")
	c := f.commitPage(store.PageCommit{Lease: l, At: epoch, State: store.PageDone, Next: epoch.Add(time.Hour), HostNext: epoch, Draft: &d})
	f.equal("committed", c, store.Committed{Kind: store.KindNew, ID: news.ArticleID(l.Key), Version: 1})
	list, err := f.ListFeeds(f.ctx())
	f.must(err)
	f.equal("articles of the feed", list[0].Articles, 1)
	f.advance(time.Hour)
	l = f.leasePage()
	f.equal("article of the page", l.ArticleID, c.ID)
	f.equal("fetched again", f.done(l, nil), store.Committed{ID: c.ID, Version: 1})
	f.equal("article", f.article(c.ID).FirstSeen, epoch)
}

func testPageGone(f *fixture) {
	f.discover(page("a.example", "1"), page("b.example", "never"))
	l := f.leasePages(2)
	d := draft("Title", "text", l[0].Key)
	c := f.commitPage(store.PageCommit{Lease: l[0], At: epoch, State: store.PageDone, Next: epoch.Add(time.Hour), HostNext: epoch, Draft: &d})
	f.commitPage(store.PageCommit{Lease: l[1], At: epoch, State: store.PageGone, Gone: true})
	f.advance(time.Hour)
	gone := f.commitPage(store.PageCommit{Lease: f.leasePage(), At: f.now(), State: store.PageGone, Next: f.now(), Gone: true})
	f.equal("committed", gone, store.Committed{Kind: store.KindDeleted, ID: c.ID, Version: 2})
	f.equal("articles", len(f.all()), 0)
	f.equal("pages", f.stats().Pages, map[store.PageState]int{store.PageGone: 2})
	f.equal("pages due", len(f.leasePages(9)), 0)
}
