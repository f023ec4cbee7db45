package storetest

import (
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

func testDiscovery(f *fixture) {
	a := page("a.example", "1")
	a.Aliases = []string{"guid:1"}
	byAlias := page("a.example", "other")
	byAlias.Aliases = []string{"guid:1"}
	keyIsAlias := page("a.example", "third")
	keyIsAlias.Key = "guid:1"
	f.equal("first poll", f.discover(a, page("a.example", "2"), a, byAlias), store.Committed{New: 2})
	f.equal("second poll", f.discover(a, keyIsAlias, page("b.example", "3")), store.Committed{New: 1})
	f.equal("pages", f.stats().Pages, map[store.PageState]int{store.PagePending: 3})
}

func testRediscovery(f *fixture) {
	d := page("a.example", "1")
	f.discover(d)
	dr := draft("Title", "text", d.Key)
	f.commitPage(store.PageCommit{Lease: f.leasePage(), At: epoch, State: store.PageDone, Next: epoch.Add(100 * time.Hour), HostNext: epoch, Draft: &dr})
	f.advance(time.Hour)
	f.equal("the same", f.discover(d), store.Committed{})
	f.equal("pages due", len(f.leasePages(1)), 0)
	d.Hash, d.Item.Title = "2", "New title"
	f.equal("another hash", f.discover(d), store.Committed{Changed: 1})
	l := f.leasePage()
	f.equal("item", l.Item.Title, "New title")
	f.equal("state", l.State, store.PageDone)
	f.done(l, nil)
	f.equal("the same again", f.discover(d), store.Committed{})

	other := feed("other.example", "other")
	f.addFeeds(other)
	d.Hash = "of the other feed"
	f.equal("another feed's words", f.poll(f.leaseFeeds(1)[0], d), store.Committed{})
	d.Hash = "2"
	f.equal("the first feed's again", f.discover(d), store.Committed{})
	f.equal("pages due", len(f.leasePages(1)), 0)
}

func testRediscoveryWhileLeased(f *fixture) {
	d := page("a.example", "1")
	f.discover(d)
	l := f.leasePage()
	d.Hash = "2"
	f.equal("changed while leased", f.discover(d), store.Committed{Changed: 1})
	f.done(l, nil)
	f.done(f.leasePage(), nil)
	f.equal("pages due", len(f.leasePages(1)), 0)
}

func testDiscoveryOfArchived(f *fixture) {
	imported, removed := draft("Imported", "text", "https://a.example/1"), draft("Removed", "text", "https://a.example/2")
	f.putOne(imported, store.KindNew)
	c := f.putOne(removed, store.KindNew)
	f.must(f.Remove(f.ctx(), c.ID))
	f.equal("known as articles", f.discover(page("a.example", "1"), page("a.example", "2")), store.Committed{})
	f.discover(page("b.example", "1"))
	l := f.leasePage()
	d := draft("Title", "text", l.Key, "https://b.example/canonical")
	f.done(l, &d)
	f.equal("known by another address", f.discover(page("b.example", "canonical")), store.Committed{})
	f.equal("id of the removed", c.ID, news.ArticleID("https://a.example/2"))
}
