package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"broadsheet.example/crawler/near"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

const (
	// duplicatesReader is the name under which the outbox is read.
	duplicatesReader = "duplicates"
	duplicatesBatch  = 100
	duplicatesTTL    = time.Minute
	// duplicatesIdle is the wait when there is nothing to do, duplicatesAgain that
	// after an error.
	duplicatesIdle  = time.Second
	duplicatesAgain = 5 * time.Second
	// maxSimilar bounds the articles that one is compared with.
	maxSimilar = 32
	// maxFamily bounds the copies of one text among which the original is chosen.
	maxFamily = 256
)

// duplicates finds articles that are one text told twice and says so of all but
// the original. It follows the outbox, so that a crash loses nothing and
// imported articles are seen as well; one at a time, in one process at a time, so
// that of two copies that come in together the second always meets the first.
type duplicates struct {
	store  Store
	alone  func(ctx context.Context, job string, do func(context.Context) error) (bool, error)
	log    *slog.Logger
	found  *atomic.Int64
	prints []store.Fingerprint // of the batch under way, not yet stored
}

// run follows the outbox until ctx is done.
func (d *duplicates) run(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := d.turn(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			d.log.Error("find duplicates", "err", err)
			pause(ctx, duplicatesAgain)
		case n == 0:
			pause(ctx, duplicatesIdle)
		}
	}
}

// drain works off what is in the outbox.
func (d *duplicates) drain(ctx context.Context) error {
	for {
		if n, err := d.turn(ctx); n == 0 || err != nil {
			return err
		}
	}
}

// turn works off one batch of changes and returns how many there were: none while
// another process is at one.
func (d *duplicates) turn(ctx context.Context) (n int, err error) {
	_, err = d.alone(ctx, "find duplicates", func(ctx context.Context) (err error) {
		n, err = d.batch(ctx)
		return err
	})
	return n, err
}

// batch works off one batch of changes. Once begun it is finished: what is leased
// and not acknowledged would have to wait for its lease to expire.
func (d *duplicates) batch(ctx context.Context) (int, error) {
	ctx = context.WithoutCancel(ctx)
	changes, err := d.lease(ctx)
	if err != nil {
		return 0, fmt.Errorf("lease changes: %w", err)
	}
	d.prints = d.prints[:0]
	for _, c := range changes {
		if err := d.consider(ctx, c.ID); err != nil {
			return 0, fmt.Errorf("article %s: %w", c.ID, err)
		}
	}
	// Stored after the judgments: an article whose fingerprint stands is done.
	if len(d.prints) > 0 {
		if err := d.store.SetFingerprints(ctx, d.prints...); err != nil {
			return 0, err
		}
	}
	return len(changes), d.store.AckChanges(ctx, duplicatesReader, changes)
}

// lease takes the next batch. The first time ever the reader is made known, and
// finds every article before it.
func (d *duplicates) lease(ctx context.Context) ([]news.Change, error) {
	changes, err := d.store.LeaseChanges(ctx, duplicatesReader, duplicatesBatch, duplicatesTTL)
	if !errors.Is(err, news.ErrNotFound) {
		return changes, err
	}
	if err := d.store.Register(ctx, duplicatesReader); err != nil {
		return nil, err
	}
	return d.store.LeaseChanges(ctx, duplicatesReader, duplicatesBatch, duplicatesTTL)
}

// consider looks at an article that has changed, come or gone.
func (d *duplicates) consider(ctx context.Context, id string) error {
	list, err := d.store.Articles(ctx, id)
	if err != nil {
		return err
	}
	if len(list) == 0 || list[0].ID != id { // taken down, or part of another now
		return d.gone(ctx, id)
	}
	a := list[0]
	text := near.Read(fingerprinted(a))
	print := store.Fingerprint{ArticleID: id, Hash: text.Hash, Bands: text.Bands}
	known, err := d.store.Fingerprint(ctx, id)
	if err != nil && !errors.Is(err, news.ErrNotFound) {
		return err
	}
	if err == nil && known.Hash == print.Hash && slices.Equal(known.Bands, print.Bands) {
		return nil
	}
	d.prints = append(d.prints, print)
	return d.judge(ctx, a, text)
}

// fingerprinted is the text that an article is compared by. What feeds say of an
// article is no copy of it.
func fingerprinted(a news.Article) string {
	if a.Completeness == news.FeedOnly {
		return ""
	}
	return a.Content
}

// gone looks again at the copies of an article that is no more.
func (d *duplicates) gone(ctx context.Context, id string) error {
	d.prints = append(d.prints, store.Fingerprint{ArticleID: id})
	former, err := d.family(ctx, id)
	if err != nil {
		return err
	}
	groups, err := d.split(ctx, former)
	if err != nil {
		return err
	}
	return d.decide(ctx, groups)
}

// judge finds the group of copies that a belongs to. What was a's group until
// now falls apart where only a held it together, and the groups of a's copies
// become one with a's: who is whose copy does not depend on who came first.
func (d *duplicates) judge(ctx context.Context, a news.Article, text *near.Text) error {
	former, err := d.family(ctx, cmp.Or(a.DuplicateOf, a.ID))
	if err != nil {
		return err
	}
	former = slices.DeleteFunc(former, func(m news.Article) bool { return m.ID == a.ID })
	groups, err := d.split(ctx, former)
	if err != nil {
		return err
	}
	copies, err := d.copies(ctx, a, text)
	if err != nil {
		return err
	}
	for _, c := range copies {
		if contains(groups, c.ID) {
			continue
		}
		group, err := d.family(ctx, cmp.Or(c.DuplicateOf, c.ID))
		if err != nil {
			return err
		}
		groups = append(groups, group)
	}
	return d.decide(ctx, unite(groups, a, copies))
}

// contains reports whether the article is in one of the groups.
func contains(groups [][]news.Article, id string) bool {
	return slices.ContainsFunc(groups, func(g []news.Article) bool { return hasID(g, id) })
}

func hasID(group []news.Article, id string) bool {
	return slices.ContainsFunc(group, func(m news.Article) bool { return m.ID == id })
}

// family returns an original and its copies, at most maxFamily; nothing when the
// original is no more and nothing repeats it.
func (d *duplicates) family(ctx context.Context, original string) ([]news.Article, error) {
	ids, err := d.store.Repeating(ctx, original)
	if err != nil {
		return nil, err
	}
	slices.Sort(ids)
	list, err := d.store.Articles(ctx, append([]string{original}, ids[:min(len(ids), maxFamily-1)]...)...)
	slices.SortFunc(list, func(a, b news.Article) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(list, func(a, b news.Article) bool { return a.ID == b.ID }), err // two may be one now
}

// split puts those together again, of what were one group, that are copies of
// each other, be it through a third.
func (d *duplicates) split(ctx context.Context, former []news.Article) ([][]news.Article, error) {
	var groups [][]news.Article
	for _, m := range former {
		copies, err := d.copies(ctx, m, near.Read(fingerprinted(m)))
		if err != nil {
			return nil, err
		}
		groups = unite(groups, m, copies)
	}
	return groups, nil
}

// unite makes one group of a and of those groups in which it has a copy.
func unite(groups [][]news.Article, a news.Article, copies []news.Article) [][]news.Article {
	joined := []news.Article{a}
	rest := slices.DeleteFunc(groups, func(g []news.Article) bool {
		near := slices.ContainsFunc(copies, func(c news.Article) bool { return hasID(g, c.ID) })
		for i := 0; near && i < len(g); i++ {
			if !hasID(joined, g[i].ID) {
				joined = append(joined, g[i])
			}
		}
		return near
	})
	return append(rest, joined)
}

// decide says of each group which is the original.
func (d *duplicates) decide(ctx context.Context, groups [][]news.Article) error {
	for _, group := range groups {
		slices.SortFunc(group, moreOriginal(group))
		for _, m := range group[1:] {
			if err := d.set(ctx, m, group[0].ID); err != nil {
				return err
			}
		}
		if err := d.set(ctx, group[0], ""); err != nil {
			return err
		}
		if len(group) < maxFamily {
			continue
		}
		for _, m := range group[1:] {
			if err := d.repoint(ctx, m.ID, group[0].ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// repoint makes what repeats an article repeat another one instead: what a group
// had no room for follows its original.
func (d *duplicates) repoint(ctx context.Context, from, to string) error {
	ids, err := d.store.Repeating(ctx, from)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := d.store.SetDuplicate(ctx, id, to); err != nil {
			return err
		}
	}
	return nil
}

func (d *duplicates) set(ctx context.Context, a news.Article, of string) error {
	if a.DuplicateOf == of {
		return nil
	}
	c, err := d.store.SetDuplicate(ctx, a.ID, of)
	if err == nil && c.Kind != store.KindNone && of != "" {
		d.found.Add(1)
		d.log.Info("duplicate", "article", a.ID, "of", of, "url", a.URL)
	}
	return err
}

// copies returns the articles that repeat a, or that a repeats.
func (d *duplicates) copies(ctx context.Context, a news.Article, text *near.Text) ([]news.Article, error) {
	if text.Bands == nil {
		return nil, nil
	}
	similar, err := d.store.Similar(ctx, text.Bands, maxSimilar)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, s := range append(similar, d.meanwhile(text.Bands)...) {
		if s.ArticleID != a.ID && near.Likely(s.Hash, text.Hash) {
			ids = append(ids, s.ArticleID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := d.store.Articles(ctx, ids...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(b news.Article) bool {
		return b.ID == a.ID || !near.Read(fingerprinted(b)).Repeats(text)
	}), nil
}

// meanwhile returns the fingerprints of the batch under way that share a band.
func (d *duplicates) meanwhile(bands []uint32) []store.Fingerprint {
	var found []store.Fingerprint
	for _, p := range d.prints {
		for i := range min(len(p.Bands), len(bands)) {
			if p.Bands[i] == bands[i] {
				found = append(found, p)
				break
			}
		}
	}
	return found
}

// moreOriginal orders a group of copies: who wrote it before who republished it,
// whom the others credit before those, full texts before partial ones, and then
// by time.
func moreOriginal(group []news.Article) func(a, b news.Article) int {
	credited := map[string]bool{}
	for _, m := range group {
		for _, author := range m.Authors {
			credited[author] = true
		}
	}
	rank := func(a news.Article) int {
		r := 0
		if a.Via != nil {
			r += 4
		}
		if !credited[a.Source.Name] {
			r += 2
		}
		if a.Completeness != news.Full {
			r++
		}
		return r
	}
	return func(a, b news.Article) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.PublishedAt.Compare(b.PublishedAt), a.FirstSeen.Compare(b.FirstSeen), cmp.Compare(a.ID, b.ID))
	}
}
