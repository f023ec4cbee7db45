package storetest

import (
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

func testPutFeeds(f *fixture) {
	a, b := feed("a.example", "a"), feed("b.example", "b")
	f.addFeeds(a)
	a.Title = "another title"
	n, err := f.PutFeeds(f.ctx(), a, b, b)
	f.must(err)
	f.equal("new feeds", n, 1)
	list, err := f.ListFeeds(f.ctx())
	f.must(err)
	f.equal("feeds", len(list), 2)
	f.equal("title of a known feed", list[0].Title, "a")
	f.equal("time of addition", list[0].AddedAt, epoch)
	f.equal("a new feed's next poll", list[0].NextPoll, epoch)
	if _, err := f.PutFeeds(f.ctx(), news.Feed{}); err == nil {
		f.Error("a feed without id and address was taken")
	}
}

func testListFeeds(f *fixture) {
	f.addFeeds(feed("b.example", "same"), feed("c.example", "early"), feed("a.example", "same"))
	list, err := f.ListFeeds(f.ctx())
	f.must(err)
	var got []string
	for _, fd := range list {
		got = append(got, fd.URL)
	}
	f.equal("order", got, []string{"https://c.example/early.xml", "https://a.example/same.xml", "https://b.example/same.xml"})
}

func testChangeFeed(f *fixture) {
	fd := feed("a.example", "a")
	fd.Enabled = false
	f.addFeeds(fd)
	f.equal("leases of a disabled feed", len(f.leaseFeeds(1)), 0)
	on, title, category := true, "Mine", "World/Asia"
	got, err := f.ChangeFeed(f.ctx(), fd.ID, store.FeedPatch{Enabled: &on, Title: &title, Category: &category})
	f.must(err)
	fd.Enabled, fd.Title, fd.Category, fd.AddedAt, fd.NextPoll = true, title, category, epoch, epoch
	f.equal("changed feed", got, fd)
	l := f.leaseFeeds(1)
	f.equal("leases of an enabled feed", len(l), 1)
	f.commitPoll(store.PollCommit{Lease: l[0], At: epoch, Next: epoch.Add(time.Hour), Title: "Its own", HostNext: epoch})
	got, err = f.ChangeFeed(f.ctx(), fd.ID, store.FeedPatch{Refresh: true})
	f.must(err)
	f.equal("title given by a person", got.Title, "Mine")
	f.equal("leases after a refresh", len(f.leaseFeeds(1)), 1)
	_, err = f.ChangeFeed(f.ctx(), "unknown", store.FeedPatch{})
	f.fails("change of an unknown feed", err, news.ErrNotFound)
}

func testDeleteFeed(f *fixture) {
	f.discover(page("a.example", "1"), page("a.example", "2"))
	d := draft("One", "text", "https://a.example/1")
	f.done(f.leasePage(), &d)
	list, err := f.ListFeeds(f.ctx())
	f.must(err)
	held := f.leasePage()
	f.must(f.DeleteFeed(f.ctx(), list[0].ID))
	f.fails("second deletion", f.DeleteFeed(f.ctx(), list[0].ID), news.ErrNotFound)
	f.equal("pages left", f.stats().Pages, map[store.PageState]int{store.PageDone: 1})
	f.equal("articles left", len(f.all()), 1)
	c, err := f.CommitPages(f.ctx(), store.PageCommit{Lease: held, State: store.PageDone, At: epoch})
	f.must(err)
	f.fails("commit of a forgotten page", c[0].Err, store.ErrLeaseLost)
	due, err := f.Due(f.ctx())
	f.must(err)
	f.equal("work left", due, store.Due{})
}

func testLeaseFeeds(f *fixture) {
	a, b, c := feed("a.example", "a"), feed("b.example", "b"), feed("a.example", "second")
	f.addFeeds(b)
	f.advance(time.Second)
	f.addFeeds(a)
	f.advance(time.Second)
	f.addFeeds(c)
	f.equal("the longest overdue", urls(f.leaseFeeds(1)), []string{b.URL})
	f.equal("one of each host", urls(f.leaseFeeds(10)), []string{a.URL})
	f.equal("nothing left", len(f.leaseFeeds(10)), 0)
}

func testCommitPoll(f *fixture) {
	fd := feed("a.example", "a")
	fd.Title = ""
	f.addFeeds(fd)
	l := f.leaseFeeds(1)[0]
	f.equal("expiry", l.Expires, epoch.Add(ttl))
	state := store.FeedState{
		URL: fd.URL, Validators: store.Validators{ETag: `W/"a"`, LastModified: "odd date"},
		BodyHash: "h", Unchanged: 3, Notes: map[string]string{"k": "v"},
	}
	f.commitPoll(store.PollCommit{
		Lease: l, At: epoch, State: state, Next: epoch.Add(time.Hour), Interval: time.Hour, HostNext: epoch,
		Health: news.HealthFailing, Error: "no", Status: 500, Failures: 2, Success: true, Title: "Its own", SiteURL: "https://a.example/", Language: "en",
	})
	f.equal("leases before next", len(f.leaseFeeds(1)), 0)
	f.advance(time.Hour)
	got := f.leaseFeeds(1)[0]
	f.equal("state", got.State, state)
	f.equal("host", got.Host, "a.example")
	want := fd
	want.Title, want.SiteURL, want.Language = "Its own", "https://a.example/", "en"
	want.Health, want.LastError, want.LastStatus, want.Failures = news.HealthFailing, "no", 500, 2
	want.LastPoll, want.LastSuccess, want.NextPoll = epoch, epoch, epoch.Add(time.Hour)
	want.Interval, want.AddedAt = time.Hour, epoch
	f.equal("feed", got.Feed, want)
	f.commitPoll(store.PollCommit{Lease: got, At: f.now(), State: state, Next: f.now(), HostNext: f.now()})
	again := f.leaseFeeds(1)[0]
	f.equal("last success after a failure", again.Feed.LastSuccess, epoch)
	f.equal("title after an empty one", again.Feed.Title, "Its own")
}

func testPollDisables(f *fixture) {
	f.addFeeds(feed("a.example", "a"))
	f.commitPoll(store.PollCommit{Lease: f.leaseFeeds(1)[0], At: epoch, Health: news.HealthGone})
	f.advance(1000 * time.Hour)
	f.equal("leases", len(f.leaseFeeds(1)), 0)
	list, err := f.ListFeeds(f.ctx())
	f.must(err)
	f.equal("enabled", list[0].Enabled, false)
	f.equal("disabled feeds", f.stats().Disabled, 1)
}
