package storetest

import (
	"slices"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

func (f *fixture) leaseChanges(reader string, n int) []news.Change {
	f.Helper()
	changes, err := f.LeaseChanges(f.ctx(), reader, n, ttl)
	f.must(err)
	return changes
}

// drain leases and acknowledges everything that waits for reader.
func (f *fixture) drain(reader string) []news.Change {
	f.Helper()
	changes := f.leaseChanges(reader, 1000)
	f.must(f.AckChanges(f.ctx(), reader, changes))
	return changes
}

// bare is a change without its token, to compare.
func bare(changes []news.Change) []news.Change {
	list := make([]news.Change, len(changes))
	for i, c := range changes {
		c.Token = 0
		list[i] = c
	}
	return list
}

func (f *fixture) backlog(reader string, want store.Backlog) {
	f.Helper()
	got, err := f.Backlog(f.ctx(), reader)
	f.must(err)
	f.equal("backlog of "+reader, got, want)
}

func testOutbox(f *fixture) {
	f.must(f.Register(f.ctx(), "one"))
	f.must(f.Register(f.ctx(), "two"))
	f.readers("one", "two")
	f.backlog("one", store.Backlog{})
	a := f.putOne(draft("A", "text", key(1)), store.KindNew)
	f.advance(time.Second)
	b := f.putOne(draft("B", "text", key(2)), store.KindNew)
	f.advance(time.Second)
	f.putOne(draft("A", "new text", key(1)), store.KindRevised)
	want := []news.Change{
		{ID: a.ID, Version: 2, Partition: "2026-03", Since: epoch},
		{ID: b.ID, Version: 1, Partition: "2026-03", Since: epoch.Add(time.Second)},
	}
	f.backlog("one", store.Backlog{Pending: 2, Oldest: epoch})
	f.equal("changes of one", bare(f.drain("one")), want)
	f.backlog("one", store.Backlog{})
	f.equal("changes of two", bare(f.drain("two")), want)
	f.must(f.Unregister(f.ctx(), "one"))
	f.readers("two")
	_, err := f.LeaseChanges(f.ctx(), "one", 1, ttl)
	f.fails("lease of an unknown reader", err, news.ErrNotFound)
	_, err = f.Backlog(f.ctx(), "one")
	f.fails("backlog of an unknown reader", err, news.ErrNotFound)
}

func (f *fixture) readers(want ...string) {
	f.Helper()
	got, err := f.Readers(f.ctx())
	f.must(err)
	slices.Sort(got)
	f.equal("readers", got, want)
}

func testStaleAck(f *fixture) {
	f.must(f.Register(f.ctx(), "reader"))
	f.putOne(draft("A", "text", key(1)), store.KindNew)
	leased := f.leaseChanges("reader", 10)
	f.putOne(draft("A", "new text", key(1)), store.KindRevised)
	f.must(f.AckChanges(f.ctx(), "reader", leased))
	again := f.leaseChanges("reader", 10)
	f.equal("changes after a stale acknowledgement", len(again), 1)
	f.equal("version", again[0].Version, int64(2))
	f.must(f.AckChanges(f.ctx(), "reader", again))
	f.must(f.AckChanges(f.ctx(), "reader", again))
	f.backlog("reader", store.Backlog{})
}

func testLeaseChanges(f *fixture) {
	f.must(f.Register(f.ctx(), "reader"))
	for n := range 5 {
		f.putOne(draft("Title", "text", key(n)), store.KindNew)
	}
	first := f.leaseChanges("reader", 2)
	f.equal("oldest first", []string{first[0].ID, first[1].ID}, []string{news.ArticleID(key(0)), news.ArticleID(key(1))})
	f.equal("the rest", len(f.leaseChanges("reader", 10)), 3)
	f.equal("nothing left", len(f.leaseChanges("reader", 10)), 0)
	f.advance(ttl)
	f.equal("after expiry", len(f.leaseChanges("reader", 10)), 5)
	f.must(f.AckChanges(f.ctx(), "reader", first))
	f.backlog("reader", store.Backlog{Pending: 3, Oldest: epoch})
}

func testRegister(f *fixture) {
	for n := range 5 {
		f.putOne(draft("Title", "text", key(n)), store.KindNew)
	}
	f.putOne(draft("Revised", "text", key(2)), store.KindRevised)
	f.must(f.Remove(f.ctx(), news.ArticleID(key(3))))
	f.must(f.Register(f.ctx(), "reader"))
	f.must(f.Register(f.ctx(), "reader"))
	versions := map[string]int64{}
	for _, c := range f.drain("reader") {
		versions[c.ID] = c.Version
	}
	f.equal("changes", versions, map[string]int64{
		news.ArticleID(key(0)): 1, news.ArticleID(key(1)): 1, news.ArticleID(key(2)): 2, news.ArticleID(key(4)): 1,
	})
	f.must(f.Register(f.ctx(), "reader"))
	f.equal("changes of a known reader", len(f.drain("reader")), 0)
}

func testOutboxRemoved(f *fixture) {
	f.must(f.Register(f.ctx(), "reader"))
	c := f.putOne(draft("Title", "text", key(1)), store.KindNew)
	f.drain("reader")
	f.must(f.Remove(f.ctx(), c.ID))
	f.equal("changes", bare(f.drain("reader")), []news.Change{{ID: c.ID, Version: 2, Partition: "2026-03", Deleted: true, Since: epoch}})
	f.must(f.Remove(f.ctx(), c.ID))
	f.equal("changes of a second removal", len(f.drain("reader")), 0)
}
