package storetest

import (
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// amend commits one amendment and returns what is reported of it.
func (f *full) amend(a news.Article) store.Committed {
	f.Helper()
	c, err := f.full.Amend(f.ctx(), store.Amendment{Article: a})
	f.must(err)
	return c[0]
}

func testAmend(f *full) {
	d := draft("Title", "text and boilerplate", key(1))
	d.Article.UpdatedAt = epoch.Add(-time.Minute)
	c := f.putOne(d, store.KindNew)
	f.must(f.Register(f.ctx(), "reader"))
	f.drain("reader")
	f.advance(time.Hour)

	want := f.article(c.ID)
	want.Content, want.WordCount = "text", 1
	want.Entities = []news.Entity{{ID: news.EntityID(news.Person, "ann"), Type: news.Person, Name: "Ann", Count: 1}}
	given := want
	given.Revision, given.Partition, given.FirstSeen, given.UpdatedAt = 9, "1999-01", f.now(), f.now()
	f.equal("committed", f.amend(given), store.Committed{Kind: store.KindUpdated, ID: c.ID, Version: 2})
	want.Version = 2
	f.equal("article", f.article(c.ID), want)
	f.equal("changes told", bare(f.drain("reader")), []news.Change{{ID: c.ID, Version: 2, Partition: want.Partition, Since: f.now()}})
	revisions, err := f.Revisions(f.ctx(), c.ID)
	f.must(err)
	f.equal("revisions", revisions, []news.Revision{{Number: 1, SeenAt: epoch, UpdatedAt: want.UpdatedAt, Title: "Title", Content: "text"}})
	blocks, err := f.Blocks(f.ctx(), c.ID)
	f.must(err)
	f.equal("blocks", blocks, d.Blocks)
	entities, err := f.Entities(f.ctx(), want.Entities[0].ID)
	f.must(err)
	f.equal("entities", len(entities), 1)
	f.sameDigest()

	want.Content = ""
	f.equal("what changes nothing", f.amend(want), store.Committed{ID: c.ID, Version: 2})
	want.Section = "World"
	f.equal("without a text", f.amend(want).Kind, store.KindUpdated)
	f.equal("text that stays", f.article(c.ID).Content, "text")
	f.equal("changes told", len(f.drain("reader")), 1)

	untitled := f.article(f.putOne(draft("", "text alone", key(2)), store.KindNew).ID)
	untitled.Section, untitled.Content = "World", ""
	f.equal("without title and text", f.amend(untitled).Kind, store.KindUpdated)
	f.equal("text that stays", f.article(untitled.ID).Content, "text alone")
	textless := f.article(f.putOne(draft("Title alone", "", key(3)), store.KindNew).ID)
	textless.Title = ""
	if f.amend(textless).Err == nil {
		f.Error("an amendment that leaves neither title nor text was taken")
	}
}

func testAmendSource(f *full) {
	c := f.putOne(draft("Title", "text", key(1)), store.KindNew)
	a := f.article(c.ID)
	a.Source = news.Ref{ID: "herald", Name: "The Herald"}
	f.equal("kind", f.amend(a).Kind, store.KindUpdated)
	f.sources(news.Source{ID: "herald", Name: "The Herald", Country: "gb", Language: "en", Articles: 1, Latest: epoch.Add(-time.Hour)})
}

func testAmendDuplicate(f *full) {
	ids := f.apart(draft("Title", "text", key(1)), draft("Title", "text", key(2)))
	a := f.article(ids[1])
	a.DuplicateOf = ids[1]
	f.equal("a copy of itself", f.amend(a).Kind, store.KindNone)
	a.DuplicateOf = ids[0]
	f.equal("a copy", f.amend(a).Kind, store.KindUpdated)
	copies, err := f.full.Repeating(f.ctx(), ids[0])
	f.must(err)
	f.equal("copies", copies, ids[1:])
}

func testAmendStale(f *full) {
	ids := f.apart(draft("Title", "text", key(1)), draft("Title", "text", key(2)), draft("Title", "text", key(3)), draft("Title", "text", key(4)))
	read := make([]news.Article, len(ids))
	amendments := make([]store.Amendment, len(ids))
	for i, id := range ids {
		read[i] = f.article(id)
		read[i].Section = "World"
		amendments[i].Article = read[i]
	}
	f.putOne(draft("Title", "revised", key(1)), store.KindRevised)
	f.must(f.Remove(f.ctx(), ids[1]))
	f.putOne(draft("Title", "text", key(4), key(3)), store.KindNone) // the fourth is part of the third now
	unknown := read[0]
	unknown.ID = news.ArticleID("unknown")
	invalid := read[0]
	invalid.URL = ""
	amendments = append(amendments, store.Amendment{Article: unknown}, store.Amendment{Article: invalid})
	got, err := f.full.Amend(f.ctx(), amendments...)
	f.must(err)
	f.fails("revised", got[0].Err, store.ErrStale)
	f.fails("removed", got[1].Err, news.ErrRemoved)
	f.must(got[2].Err)
	f.fails("merged", got[3].Err, store.ErrStale)
	f.fails("unknown", got[4].Err, news.ErrNotFound)
	if got[5].Err == nil {
		f.Error("an article without an address was taken")
	}
	f.equal("text of the revised", f.article(ids[0]).Content, "revised")
	f.equal("section of the one in time", f.article(ids[2]).Section, "World")
	f.fails("twice", f.amend(read[2]).Err, store.ErrStale)
	f.sameDigest()
}

// testAmendRace lets amendments of one state compete: one wins.
func testAmendRace(f *full) {
	c := f.putOne(draft("Title", "text", key(1)), store.KindNew)
	const rivals = 8
	kinds := make([]store.Committed, rivals)
	var g errgroup.Group
	read := f.article(c.ID) // once: who reads later may see what a rival wrote
	for i := range rivals {
		a := read
		a.WordCount = 100 + i
		g.Go(func() error {
			got, err := f.full.Amend(f.ctx(), store.Amendment{Article: a})
			if err == nil {
				kinds[i] = got[0]
			}
			return err
		})
	}
	f.must(g.Wait())
	won := 0
	for i, got := range kinds {
		if got.Err == nil {
			won++
			f.equal("the winner's words", f.article(c.ID).WordCount, 100+i)
			continue
		}
		f.fails("a rival", got.Err, store.ErrStale)
	}
	f.equal("winners", won, 1)
	f.equal("version", f.article(c.ID).Version, int64(2))
}
