package storetest

import (
	"fmt"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

func testRemove(f *fixture) {
	d := draft("Title", "text", key(1), key(2))
	c := f.putOne(d, store.KindNew)
	f.must(f.Remove(f.ctx(), c.ID))
	f.must(f.Remove(f.ctx(), c.ID))
	f.fails("removal of an unknown article", f.Remove(f.ctx(), "unknown"), news.ErrNotFound)
	as, err := f.Articles(f.ctx(), c.ID)
	f.must(err)
	f.equal("articles", len(as), 0)
	_, err = f.Lookup(f.ctx(), key(2))
	f.fails("lookup", err, news.ErrRemoved)
	_, err = f.Revisions(f.ctx(), c.ID)
	f.fails("revisions", err, news.ErrRemoved)
	_, err = f.Blocks(f.ctx(), c.ID)
	f.fails("blocks", err, news.ErrRemoved)
	for _, k := range []string{key(1), key(2)} {
		f.equal("id of the refused", f.putOne(draft("Again", "text", k, key(9)), store.KindRefused).ID, c.ID)
	}
	st := f.stats()
	f.equal("articles, removed, revisions", [3]int{st.Articles, st.Removed, st.Revisions}, [3]int{0, 1, 0})
	f.sources()
}

func testRemoveReaches(f *fixture) {
	f.discover(page("a.example", "1"), page("b.example", "2"))
	l := f.leasePages(2)
	var ids []string
	for _, one := range l {
		d := draft("Title", "text", one.Key)
		ids = append(ids, f.commitPage(store.PageCommit{Lease: one, At: f.now(), State: store.PageDone, Next: epoch.Add(time.Hour), HostNext: epoch, Draft: &d}).ID)
		f.advance(time.Minute)
	}
	f.putOne(draft("Title", "text", l[0].Key, l[1].Key), store.KindNone)
	f.advance(time.Hour)
	held := f.leasePage()
	f.must(f.Remove(f.ctx(), ids[1])) // a redirect by now
	f.equal("pages due", len(f.leasePages(9)), 0)
	f.equal("fetched meanwhile", f.done(held, nil).Kind, store.KindRefused)
	f.equal("pages", f.stats().Pages, map[store.PageState]int{store.PageGone: 2})
	changed := page("a.example", "1")
	changed.Hash = "2"
	f.equal("discovered again", f.discover(changed), store.Committed{})
	f.equal("pages due", len(f.leasePages(9)), 0)
	f.equal("a draft of the redirect", f.putOne(draft("Title", "text", l[1].Key), store.KindRefused).ID, ids[0])
}

func testArticles(f *fixture) {
	ids := f.apart(draft("A", "text", key(1)), draft("B", "text", key(2)), draft("C", "text", key(3)))
	as, err := f.Articles(f.ctx(), ids[2], "unknown", ids[0])
	f.must(err)
	var got []string
	for _, a := range as {
		got = append(got, a.Title)
	}
	f.equal("titles", got, []string{"C", "A"})
	none, err := f.Articles(f.ctx())
	f.must(err)
	f.equal("no articles", len(none), 0)
}

func testScan(f *fixture) {
	var ids []string
	for n := range 5 {
		ids = append(ids, f.putOne(draft("Title", "text", key(n)), store.KindNew).ID)
	}
	first, pos, err := f.Scan(f.ctx(), store.ScanPosition{}, 2)
	f.must(err)
	f.must(f.Remove(f.ctx(), ids[1]))
	f.must(f.Remove(f.ctx(), ids[4]))
	f.putOne(draft("Revised", "text", key(2)), store.KindRevised)
	f.putOne(draft("Revised", "text", key(0)), store.KindRevised)
	late := f.putOne(draft("Late", "text", key(7)), store.KindNew)
	rest, end, err := f.Scan(f.ctx(), pos, 100)
	f.must(err)
	var got []string
	for _, a := range append(first, rest...) {
		got = append(got, a.ID)
	}
	f.equal("scanned", got, []string{ids[0], ids[1], ids[2], ids[3], late.ID})
	none, same, err := f.Scan(f.ctx(), end, 100)
	f.must(err)
	f.equal("after the end", len(none), 0)
	f.equal("position at the end", same, end)
}

func (f *fixture) sources(want ...news.Source) {
	f.Helper()
	got, err := f.Sources(f.ctx())
	f.must(err)
	f.equal("sources", got, want)
}

func testSources(f *fixture) {
	f.sources()
	of := func(n int, source string, published time.Time) store.Draft {
		d := draft("Title", "text", key(n))
		d.Article.Source = news.Ref{ID: source, Name: "The " + source}
		d.Article.PublishedAt = published
		return d
	}
	day := 24 * time.Hour
	f.put(of(1, "a", epoch), of(2, "b", epoch.Add(day)), of(3, "b", epoch), of(4, "c", epoch))
	source := func(id string, n int, latest time.Time) news.Source {
		return news.Source{ID: id, Name: "The " + id, Country: "gb", Language: "en", Articles: n, Latest: latest}
	}
	f.sources(source("b", 2, epoch.Add(day)), source("a", 1, epoch), source("c", 1, epoch))
	f.putOne(of(2, "a", epoch.Add(2*day)), store.KindUpdated)
	f.sources(source("a", 2, epoch.Add(2*day)), source("b", 1, epoch), source("c", 1, epoch))
	f.must(f.Remove(f.ctx(), news.ArticleID(key(2))))
	f.must(f.Remove(f.ctx(), news.ArticleID(key(4))))
	f.sources(source("a", 1, epoch), source("b", 1, epoch))
}

func testEntities(f *fixture) {
	ann := news.Entity{ID: news.EntityID(news.Person, "ann"), Type: news.Person, Name: "Ann", Count: 3, First: 9, InTitle: true}
	rome := news.Entity{ID: news.EntityID(news.Place, "rome"), Type: news.Place, Name: "Rome", Country: "it", Count: 1}
	d := draft("Title", "text", key(1))
	d.Article.Entities = []news.Entity{ann, rome}
	f.putOne(d, store.KindNew)
	ann.Name, rome.Country = "Ann Example", ""
	d.Article.Entities, d.Keys = []news.Entity{ann, rome}, []string{key(2)}
	f.putOne(d, store.KindNew)
	got, err := f.Entities(f.ctx(), rome.ID, "e_unknown", ann.ID)
	f.must(err)
	f.equal("entities", got, []news.Entity{
		{ID: rome.ID, Type: news.Place, Name: "Rome", Country: "it"},
		{ID: ann.ID, Type: news.Person, Name: "Ann Example"},
	})
}

func testDigest(f *fixture) {
	f.sameDigest()
	for n := range 20 {
		f.putOne(draft("Title", fmt.Sprint("text ", n), key(n)), store.KindNew)
	}
	f.sameDigest()
	f.putOne(draft("Revised", "text", key(3)), store.KindRevised)
	f.must(f.Remove(f.ctx(), news.ArticleID(key(4))))
	f.put(draft("Title", "text", key(5), key(6)))
	f.equal("articles", f.sameDigest().Articles, 18)
}

// sameDigest compares the digest with one made of the articles themselves.
func (f *fixture) sameDigest() news.Digest {
	f.Helper()
	var want news.Digest
	for _, a := range f.all() {
		want.Add(a.ID, a.Version)
	}
	got, err := f.Digest(f.ctx())
	f.must(err)
	f.equal("digest", got, want)
	return got
}

func testStats(f *fixture) {
	off := feed("b.example", "off")
	off.Enabled = false
	f.addFeeds(feed("a.example", "a"), off)
	f.discover(page("p.example", "1"), page("q.example", "2"))
	d := draft("Title", "text", key(1))
	f.done(f.leasePage(), &d)
	d.Article.Title = "Revised"
	f.putOne(d, store.KindRevised)
	f.must(f.Remove(f.ctx(), f.putOne(draft("Gone", "text", key(2)), store.KindNew).ID))
	got := f.stats()
	if got.Bytes <= 0 {
		f.Errorf("got %d bytes", got.Bytes)
	}
	got.Bytes = 0
	f.equal("stats", got, store.Stats{
		Articles: 1, Revisions: 2, Removed: 1, Disabled: 1,
		Feeds: map[news.FeedHealth]int{"": 1, news.HealthOK: 1},
		Pages: map[store.PageState]int{store.PageDone: 1, store.PagePending: 1},
	})
}
