package storetest

import (
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

func testSubscriptions(f *full) {
	f.addFeeds(feed("a.example", "news"), feed("b.example", "news"))
	a := store.Subscription{
		FeedID: feed("a.example", "news").ID, Hub: "https://hub.example/", Topic: "https://a.example/news", Secret: "s",
		Next: f.now().Add(time.Minute), Failures: 2,
	}
	b := a
	b.FeedID, b.Next = feed("b.example", "news").ID, f.now()
	for _, s := range []store.Subscription{a, b, {FeedID: "unknown", Next: f.now()}} {
		f.must(f.full.PutSubscription(f.ctx(), s))
	}
	f.subscriptionOf(a.FeedID, a)
	_, err := f.full.Subscription(f.ctx(), "unknown")
	f.fails("subscription of an unknown feed", err, news.ErrNotFound)
	f.dueSubscriptions(b)
	f.advance(2 * time.Minute)
	f.dueSubscriptions(b, a)
	b.Asked, b.Expires, b.Next, b.Failures = f.now(), f.now().Add(time.Hour), f.now().Add(time.Minute), 0
	f.must(f.full.PutSubscription(f.ctx(), b))
	f.subscriptionOf(b.FeedID, b)
	f.dueSubscriptions(a)
	f.must(f.full.DropSubscription(f.ctx(), a.FeedID))
	f.must(f.full.DropSubscription(f.ctx(), a.FeedID))
	f.must(f.DeleteFeed(f.ctx(), b.FeedID))
	for _, id := range []string{a.FeedID, b.FeedID} {
		_, err := f.full.Subscription(f.ctx(), id)
		f.fails("subscription that was dropped", err, news.ErrNotFound)
	}
}

func (f *full) subscriptionOf(id string, want store.Subscription) {
	f.Helper()
	got, err := f.full.Subscription(f.ctx(), id)
	f.must(err)
	f.equal("subscription", got, want)
}

func (f *full) dueSubscriptions(want ...store.Subscription) {
	f.Helper()
	got, err := f.full.DueSubscriptions(f.ctx(), 5)
	f.must(err)
	f.equal("due subscriptions", got, want)
}
