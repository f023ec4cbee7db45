package storetest

import (
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// aged is a draft of an article published at a time.
func aged(n int, source string, published time.Time) store.Draft {
	d := draft("Title", "text", key(n))
	d.Article.Source, d.Article.PublishedAt = news.Ref{ID: source, Name: source}, published
	return d
}

// expire has what was published before a time taken down, two at a time.
func (f *full) expire(before time.Time) (removed int) {
	f.Helper()
	for {
		n, err := f.full.Expire(f.ctx(), before, 2)
		f.must(err)
		if n > 2 {
			f.Errorf("%d are taken down at once, at most 2 were asked for", n)
		}
		if n == 0 {
			return removed
		}
		removed += n
	}
}

// testExpire lets articles arrive in three months. Of the first month all are too
// old, of the second some.
func testExpire(f *full) {
	first := f.now()
	late := first.AddDate(0, 2, 0)
	var old, kept []string
	for n := range 5 {
		old = append(old, f.putOne(aged(n, "gazette", first.Add(time.Duration(n-9)*time.Hour)), store.KindNew).ID)
	}
	f.putOne(aged(4, "gazette", first.Add(-5*time.Hour)), store.KindNone)
	f.advance(31 * 24 * time.Hour)
	old = append(old, f.putOne(aged(5, "herald", first.AddDate(-1, 0, 0)), store.KindNew).ID)
	kept = append(kept, f.putOne(aged(6, "herald", f.now()), store.KindNew).ID)
	f.advance(31 * 24 * time.Hour)
	old = append(old, f.putOne(aged(7, "gazette", first.Add(-time.Minute)), store.KindNew).ID)
	kept = append(kept, f.putOne(aged(8, "gazette", late), store.KindNew).ID)
	f.must(f.Register(f.ctx(), "reader"))
	f.drain("reader")

	n, err := f.full.Expire(f.ctx(), first.AddDate(-2, 0, 0), 2)
	f.must(err)
	f.equal("older than all", n, 0)
	f.equal("taken down", f.expire(first.AddDate(0, 0, 1)), len(old))
	f.expired(old, kept)
	f.equal("taken down again", f.expire(first.AddDate(0, 0, 1)), 0)
	changes := f.drain("reader")
	f.equal("changes told", len(changes), len(old))
	for _, c := range changes {
		f.equal("change", bare([]news.Change{c}), []news.Change{{ID: c.ID, Version: 2, Partition: c.Partition, Deleted: true, Since: f.now()}})
	}
	f.equal("one that comes again", f.putOne(aged(0, "gazette", first), store.KindRefused).ID, old[0])
	f.putOne(aged(9, "gazette", late), store.KindNew)
}

// expired checks that of old nothing is left, and of kept everything.
func (f *full) expired(old, kept []string) {
	f.Helper()
	var left []string
	for _, a := range f.all() {
		left = append(left, a.ID)
	}
	f.equal("left", left, kept)
	f.sameDigest()
	as, err := f.Articles(f.ctx(), old...)
	f.must(err)
	f.equal("old ones that are loaded", len(as), 0)
	_, err = f.Lookup(f.ctx(), key(0))
	f.fails("lookup", err, news.ErrRemoved)
	_, err = f.Revisions(f.ctx(), old[1])
	f.fails("revisions", err, news.ErrRemoved)
	st := f.stats()
	f.equal("articles, removed, revisions", [3]int{st.Articles, st.Removed, st.Revisions}, [3]int{len(kept), len(old), len(kept)})
	sources, err := f.Sources(f.ctx())
	f.must(err)
	for _, s := range sources {
		if s.Articles != 1 || s.Latest.Before(epoch) {
			f.Errorf("source %+v, want one article that was kept", s)
		}
	}
	f.equal("sources", len(sources), len(kept))
}

// testExpireReaches takes an article down that was crawled, and what became part
// of it.
func testExpireReaches(f *full) {
	f.discover(page("a.example", "1"), page("b.example", "2"))
	var ids []string
	l := f.leasePages(2)
	for _, one := range l {
		d := draft("Title", "text", one.Key)
		ids = append(ids, f.commitPage(store.PageCommit{Lease: one, At: f.now(), State: store.PageDone, Next: f.now().Add(time.Hour), HostNext: f.now(), Draft: &d}).ID)
	}
	f.putOne(draft("Title", "text", l[0].Key, l[1].Key), store.KindNone)
	f.advance(2 * time.Hour)
	f.equal("taken down", f.expire(f.now()), 1)
	f.equal("pages due", len(f.leasePages(9)), 0)
	f.equal("pages", f.stats().Pages, map[store.PageState]int{store.PageGone: 2})
	f.equal("a draft of the redirect", f.putOne(draft("Title", "text", l[1].Key), store.KindRefused).ID, ids[0])
}
