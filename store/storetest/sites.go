package storetest

import (
	"slices"

	"broadsheet.example/store"
)

func testSites(f *full) {
	got, err := f.full.Site(f.ctx(), "unknown.example")
	f.must(err)
	f.equal("an unknown site", got, store.Site{Host: "unknown.example"})
	a := store.Site{Host: "a.example", Learned: []byte{0, 1, 255}, Pending: true}
	b := store.Site{Host: "b.example", Learned: []byte("b")}
	for _, s := range []store.Site{a, b} {
		f.must(f.full.PutSite(f.ctx(), s))
	}
	got, err = f.full.Site(f.ctx(), a.Host)
	f.must(err)
	f.equal("site", got, a)
	f.pendingSites(a.Host)
	a.Learned, a.Pending, b.Pending = []byte("more"), false, true
	for _, s := range []store.Site{a, b} {
		f.must(f.full.PutSite(f.ctx(), s))
	}
	got, err = f.full.Site(f.ctx(), a.Host)
	f.must(err)
	f.equal("site that was put again", got, a)
	f.pendingSites(b.Host)
}

func (f *full) pendingSites(want ...string) {
	f.Helper()
	got, err := f.full.PendingSites(f.ctx())
	f.must(err)
	f.equal("pending sites", got, want)
}

func testArticlesOf(f *full) {
	f.discover(page("p.example", "1"), page("p.example", "2"), page("p.example", "3"), page("q.example", "1"))
	var want []string
	for range 4 {
		l := f.leasePage()
		d := draft(l.Key, "text", l.Key)
		if c := f.done(l, &d); l.Host == "p.example" {
			want = append(want, c.ID)
		}
	}
	slices.Sort(want)
	got, err := f.full.ArticlesOf(f.ctx(), "p.example", "", 2)
	f.must(err)
	f.equal("first articles", got, want[:2])
	got, err = f.full.ArticlesOf(f.ctx(), "p.example", got[1], 2)
	f.must(err)
	f.equal("the rest", got, want[2:])
	got, err = f.full.ArticlesOf(f.ctx(), "unknown.example", "", 2)
	f.must(err)
	f.equal("articles of an unknown host", len(got), 0)
}

// testRelearnt takes in drafts of one page, of which ever more is known to be
// boilerplate.
func testRelearnt(f *full) {
	d := draft("Title", "text\n\nSign in", key(1))
	d.Blocks = []string{"text", "Sign in"}
	c := f.putOne(d, store.KindNew)
	d.Article.Content = "text"
	f.equal("without boilerplate", f.putOne(d, store.KindUpdated), store.Committed{Kind: store.KindUpdated, ID: c.ID, Version: 2})
	a := f.article(c.ID)
	f.equal("text", a.Content, "text")
	f.equal("revision", a.Revision, 1)
	f.equal("updated", a.UpdatedAt.IsZero(), true)
	d.Article.Title = "Another title"
	f.putOne(d, store.KindRevised)
	d.Article.Content, d.Blocks = "text\n\nmore", []string{"text", "more", "Sign in"}
	f.putOne(d, store.KindRevised)
	revisions, err := f.Revisions(f.ctx(), c.ID)
	f.must(err)
	f.equal("revisions", len(revisions), 3)
}
