package storetest

import (
	"strings"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

func testNew(f *fixture) {
	d := draft("Title", "First paragraph.\n\nSecond “paragraph”.", key(1), key(2))
	d.Article.ID, d.Article.Version, d.Article.Partition = "mine", 7, "1999-01"
	d.Article.Entities = []news.Entity{{ID: news.EntityID(news.Person, "ann"), Type: news.Person, Name: "Ann Example", Count: 2, First: 3}}
	d.Article.Via = &news.Ref{ID: "wire", Name: "Wire"}
	c := f.putOne(d, store.KindNew)
	f.equal("committed", c, store.Committed{Kind: store.KindNew, ID: news.ArticleID(key(1)), Version: 1})
	want := d.Article
	want.ID, want.Version, want.Revision, want.Partition, want.FirstSeen = c.ID, 1, 1, "2026-03", epoch
	f.equal("article", f.article(c.ID), want)
	for _, k := range d.Keys {
		id, err := f.Lookup(f.ctx(), "unknown", k)
		f.must(err)
		f.equal("lookup of "+k, id, c.ID)
	}
	_, err := f.Lookup(f.ctx(), "unknown")
	f.fails("lookup of an unknown key", err, news.ErrNotFound)
	blocks, err := f.Blocks(f.ctx(), c.ID)
	f.must(err)
	f.equal("blocks", blocks, d.Blocks)
	undated := draft("Undated", "text", key(3))
	undated.Article.PublishedAt = time.Time{}
	got := f.article(f.putOne(undated, store.KindNew).ID)
	f.equal("date of an undated article", got.PublishedAt, epoch)
	f.equal("source of its date", got.PublishedAtSource, news.DateFirstSeen)
}

func testRestored(f *fixture) {
	id := news.ArticleID("long ago")
	d := draft("Title", "some text", key(1))
	d.Article.ID, d.Article.Version, d.Article.Revision, d.Article.Partition, d.Restore = id, 7, 3, "1999-01", true
	f.equal("committed", f.putOne(d, store.KindNew), store.Committed{Kind: store.KindNew, ID: id, Version: 7})
	got := f.article(id)
	f.equal("revision", got.Revision, 3)
	f.equal("partition", got.Partition, "1999-01")
	f.equal("again", f.putOne(d, store.KindNone), store.Committed{ID: id, Version: 7})

	d.Keys, d.Article.Content, d.Blocks = []string{key(2)}, "other text", []string{"other text"}
	f.equal("under another key", f.putOne(d, store.KindRevised), store.Committed{Kind: store.KindRevised, ID: id, Version: 8})
	f.equal("its revision", f.article(id).Revision, 4)
	revisions, err := f.Revisions(f.ctx(), id)
	f.must(err)
	f.equal("revisions", len(revisions), 2)

	known := draft("Known", "text", key(3))
	c := f.putOne(known, store.KindNew)
	known.Article.ID, known.Article.Version, known.Article.Revision, known.Article.Partition, known.Restore = news.ArticleID("elsewhere"), 9, 9, "1999-01", true
	f.equal("what is known keeps the name it has", f.putOne(known, store.KindNone), store.Committed{ID: c.ID, Version: 1})

	f.must(f.Remove(f.ctx(), id))
	d.Keys = []string{key(4)}
	f.putOne(d, store.KindRefused)
	d.Article.Version = 0
	done, err := f.PutArticles(f.ctx(), d)
	f.must(err)
	f.equal("without a version it is refused", done[0].Err != nil, true)
}

func testNone(f *fixture) {
	d := draft("Title", "some text", key(1))
	c := f.putOne(d, store.KindNew)
	before := f.article(c.ID)
	f.must(f.Register(f.ctx(), "reader"))
	f.drain("reader")
	f.advance(time.Hour)
	d.Article.Content, d.Keys = "some\n text ", []string{key(1), key(2)}
	f.equal("committed", f.putOne(d, store.KindNone), store.Committed{ID: c.ID, Version: 1})
	f.equal("article", f.article(c.ID), before)
	f.equal("changes", len(f.drain("reader")), 0)
	id, err := f.Lookup(f.ctx(), key(2))
	f.must(err)
	f.equal("a further key", id, c.ID)
}

func testRevised(f *fixture) {
	d := draft("Title", "first text", key(1))
	c := f.putOne(d, store.KindNew)
	f.advance(time.Hour)
	d.Article.Content, d.Blocks = "second text", []string{"second"}
	f.equal("committed", f.putOne(d, store.KindRevised), store.Committed{Kind: store.KindRevised, ID: c.ID, Version: 2})
	f.advance(time.Hour)
	d.Article.Title, d.Blocks = "Third", []string{"third"}
	f.putOne(d, store.KindRevised)

	a := f.article(c.ID)
	f.equal("version and revision", [2]int{int(a.Version), a.Revision}, [2]int{3, 3})
	f.equal("first seen", a.FirstSeen, epoch)
	f.equal("updated", a.UpdatedAt, epoch.Add(2*time.Hour))
	got, err := f.Revisions(f.ctx(), c.ID)
	f.must(err)
	f.equal("revisions", got, []news.Revision{
		{Number: 1, SeenAt: epoch, Title: "Title", Content: "first text"},
		{Number: 2, SeenAt: epoch.Add(time.Hour), UpdatedAt: epoch.Add(time.Hour), Title: "Title", Content: "second text"},
		{Number: 3, SeenAt: epoch.Add(2 * time.Hour), UpdatedAt: epoch.Add(2 * time.Hour), Title: "Third", Content: "second text"},
	})
	blocks, err := f.Blocks(f.ctx(), c.ID)
	f.must(err)
	f.equal("blocks", blocks, []string{"third"})
	_, err = f.Revisions(f.ctx(), "unknown")
	f.fails("revisions of an unknown article", err, news.ErrNotFound)
	_, err = f.Blocks(f.ctx(), "unknown")
	f.fails("blocks of an unknown article", err, news.ErrNotFound)
}

func testUpdated(f *fixture) {
	d := draft("Title", "text", key(1))
	c := f.putOne(d, store.KindNew)
	d.Article.Section = "World"
	f.equal("committed", f.putOne(d, store.KindUpdated), store.Committed{Kind: store.KindUpdated, ID: c.ID, Version: 2})
	a := f.article(c.ID)
	f.equal("section", a.Section, "World")
	f.equal("revision", a.Revision, 1)
	d.Article.PublishedAt = epoch.AddDate(0, -3, 0)
	f.putOne(d, store.KindUpdated)
	f.equal("partition", f.article(c.ID).Partition, "2026-03")
	revisions, err := f.Revisions(f.ctx(), c.ID)
	f.must(err)
	f.equal("revisions", len(revisions), 1)
}

func testCompleted(f *fixture) {
	words := draft("Title", "the feed's words", key(1))
	words.Article.Completeness, words.Blocks = news.FeedOnly, nil
	c := f.putOne(words, store.KindNew)
	full := draft("Title", "the whole text", key(1))
	f.putOne(full, store.KindUpdated)
	f.putOne(words, store.KindNone)
	a := f.article(c.ID)
	f.equal("text", a.Content, "the whole text")
	f.equal("completeness", a.Completeness, news.Full)
	f.equal("version and revision", [2]int{int(a.Version), a.Revision}, [2]int{2, 1})
	revisions, err := f.Revisions(f.ctx(), c.ID)
	f.must(err)
	f.equal("revisions", revisions, []news.Revision{{Number: 1, SeenAt: epoch, Title: "Title", Content: "the whole text"}})
	blocks, err := f.Blocks(f.ctx(), c.ID)
	f.must(err)
	f.equal("blocks", blocks, full.Blocks)
}

func testInvalidDrafts(f *fixture) {
	noURL := draft("No address", "text", key(3))
	noURL.Article.URL = ""
	drafts := []store.Draft{
		draft("No keys", "text"), draft("An empty key", "text", ""), noURL, draft("", "", key(4)),
		draft("Bad bytes", "a\xffb", key(5)), draft("A long key", "text", strings.Repeat("k", store.MaxKeyBytes+1)),
		draft("Many keys", "text", make([]string, store.MaxKeys+1)...), draft("Good", "text", key(1)),
	}
	got, err := f.PutArticles(f.ctx(), drafts...)
	f.must(err)
	for i, c := range got[:len(got)-1] {
		if c.Err == nil {
			f.Errorf("%q: got no error", drafts[i].Article.Title)
		}
	}
	f.must(got[len(got)-1].Err)
	f.equal("articles", len(f.all()), 1)
}

// apart stores articles an hour apart, each under a key of its own.
func (f *fixture) apart(drafts ...store.Draft) []string {
	f.Helper()
	var ids []string
	for _, d := range drafts {
		ids = append(ids, f.putOne(d, store.KindNew).ID)
		f.advance(time.Hour)
	}
	return ids
}

func testMerge(f *fixture) {
	ids := f.apart(draft("Title", "text", key(1)), draft("Title", "text", key(2)), draft("Title", "text", key(3)))
	f.must(f.Register(f.ctx(), "reader"))
	f.drain("reader")
	d := draft("Title", "new text", key(3), key(1), key(2), key(4))
	d.Article.DuplicateOf = ids[2]
	c := f.putOne(d, store.KindRevised)
	f.equal("survivor", c.ID, ids[0])
	f.equal("merged", c.Merged, ids[1:])
	for _, id := range ids {
		f.equal("article by "+id, f.article(id).ID, ids[0])
	}
	f.equal("duplicate of itself", f.article(ids[0]).DuplicateOf, "")
	for n := 1; n <= 4; n++ {
		id, err := f.Lookup(f.ctx(), key(n))
		f.must(err)
		f.equal("lookup of "+key(n), id, ids[0])
	}
	deleted := map[string]int64{}
	for _, ch := range f.drain("reader") {
		if ch.Deleted {
			deleted[ch.ID] = ch.Version
		}
	}
	f.equal("deleted for readers", deleted, map[string]int64{ids[1]: 2, ids[2]: 2})
	st := f.stats()
	f.equal("articles, removed, revisions", [3]int{st.Articles, st.Removed, st.Revisions}, [3]int{1, 0, 2})
	all, err := f.Articles(f.ctx(), ids...)
	f.must(err)
	f.equal("articles by all ids", len(all), 1)
	f.sources(news.Source{ID: "gazette", Name: "The Gazette", Country: "gb", Language: "en", Articles: 1, Latest: epoch.Add(-time.Hour)})
}

func testMergeFuller(f *fixture) {
	words := draft("Title", "the feed's words", key(1))
	words.Article.Completeness = news.FeedOnly
	full := draft("Title", "the whole text", key(2))
	ids := f.apart(words, full)
	words.Keys = []string{key(1), key(2)}
	c := f.putOne(words, store.KindUpdated)
	f.equal("survivor", c.ID, ids[0])
	a := f.article(c.ID)
	f.equal("text", a.Content, "the whole text")
	f.equal("completeness", a.Completeness, news.Full)
	f.equal("version", a.Version, c.Version)
	blocks, err := f.Blocks(f.ctx(), ids[0])
	f.must(err)
	f.equal("blocks", blocks, full.Blocks)
}

// testMergeDuplicates merges an article with the one that it was said to repeat.
func testMergeDuplicates(f *fixture) {
	second := draft("Title", "text", key(2))
	f.apart(second)
	first := draft("Title", "text", key(1))
	first.Article.DuplicateOf = news.ArticleID(key(2))
	f.putOne(first, store.KindNew)
	second.Keys, second.Article.DuplicateOf = []string{key(2)}, news.ArticleID(key(3))
	f.putOne(second, store.KindUpdated)
	f.putOne(draft("Title", "text", key(3)), store.KindNew)
	merged := draft("Title", "the feed's words", key(2), key(3))
	merged.Article.Completeness = news.FeedOnly
	c := f.putOne(merged, store.KindUpdated)
	f.equal("committed", c, store.Committed{Kind: store.KindUpdated, ID: news.ArticleID(key(2)), Version: 3, Merged: []string{news.ArticleID(key(3))}})
	a := f.article(c.ID)
	f.equal("duplicate of itself", a.DuplicateOf, "")
	f.equal("text", a.Content, "text")
}

func testMergeChain(f *fixture) {
	ids := f.apart(draft("Title", "text", key(1)), draft("Title", "text", key(2)), draft("Title", "text", key(3)))
	f.putOne(draft("Title", "text", key(3), key(2)), store.KindNone)
	f.putOne(draft("Title", "text", key(2), key(1)), store.KindNone)
	for n, id := range ids {
		f.equal("article by "+id, f.article(id).ID, ids[0])
		got, err := f.Lookup(f.ctx(), key(n+1))
		f.must(err)
		f.equal("lookup", got, ids[0])
		revisions, err := f.Revisions(f.ctx(), id)
		f.must(err)
		f.equal("revisions", len(revisions), 1)
	}
	f.putOne(draft("Title", "text", key(3)), store.KindNone)
	f.equal("articles", len(f.all()), 1)
}
