package postgres

import (
	"context"
	"fmt"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// CommitPages stores what came of fetches; see [store.Crawl]. Fetches that
// brought no article need no turn at the archive.
func (s *Store) CommitPages(ctx context.Context, pages ...store.PageCommit) ([]store.Committed, error) {
	drafts := make([]*stored.Draft, len(pages))
	hosts := make([]string, len(pages))
	write := s.update
	for i, p := range pages {
		hosts[i] = p.Lease.Host
		if p.Draft != nil {
			drafts[i] = s.codec.Prepare(*p.Draft)
		}
		if p.Draft != nil || p.Gone {
			write = s.take
		}
	}
	var committed []store.Committed
	err := write(ctx, "commit pages", func(ctx context.Context, t *tx) error {
		held, err := t.hold(ctx, hosts)
		if err != nil {
			return err
		}
		committed, err = t.each(ctx, len(pages), func(t *tx, i int) (store.Committed, error) {
			g := held[pages[i].Lease.Host]
			if g.token == 0 || g.token != pages[i].Lease.Token || g.page == 0 {
				return store.Committed{}, store.ErrLeaseLost
			}
			c, err := s.commitPage(ctx, t, pages[i], g.page, drafts[i])
			if err == nil {
				delete(held, pages[i].Lease.Host) // a lease is good for one commit
			}
			return c, err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return committed, nil
}

// each runs n commits, each of which succeeds or fails by itself.
func (t *tx) each(ctx context.Context, n int, one func(*tx, int) (store.Committed, error)) ([]store.Committed, error) {
	committed := make([]store.Committed, n)
	for i := range n {
		err := t.within(ctx, func(t *tx) (err error) {
			committed[i], err = one(t, i)
			return err
		})
		if lost(err) {
			return nil, err
		}
		if err != nil {
			committed[i] = store.Committed{Err: err}
		}
	}
	return committed, nil
}

func (s *Store) commitPage(ctx context.Context, t *tx, p store.PageCommit, id int64, draft *stored.Draft) (store.Committed, error) {
	if !stored.Known(p.State) {
		return store.Committed{}, &news.ParamError{Param: "state", Value: string(p.State), Reason: "no such state of a page"}
	}
	held := heldPage{id: id}
	ok, err := t.get(ctx, `SELECT coalesce(article, ''), again FROM pages WHERE id = $1 AND page_key = $2`, []any{id, clean(p.Lease.Key)}, &held.article, &held.again)
	if err != nil {
		return store.Committed{}, err
	}
	if !ok {
		return store.Committed{}, store.ErrLeaseLost
	}
	c, err := s.takeIn(ctx, t, p, draft, held)
	if err != nil {
		return store.Committed{}, err
	}
	next := t.here(p.At, p.Next)
	if c.Kind == store.KindRefused || c.Kind == store.KindDeleted {
		p.State, next, held.again = store.PageGone, time.Time{}, false
	}
	if held.again && (next.IsZero() || next.After(t.now)) {
		next = t.now
	}
	return c, t.finish(ctx, p, id, next, c)
}

// heldPage is the page that a lease in force stands for.
type heldPage struct {
	id      int64
	article string
	again   bool
}

// takeIn does to the archive what the commit asks for.
func (s *Store) takeIn(ctx context.Context, t *tx, p store.PageCommit, draft *stored.Draft, held heldPage) (store.Committed, error) {
	switch {
	case p.Gone && held.article != "":
		return t.remove(ctx, held.article)
	case draft == nil || p.Gone:
		return t.untouched(ctx, held.article)
	case draft.Err != nil:
		return store.Committed{}, draft.Err
	}
	c, err := s.put(ctx, t, *draft)
	if err != nil || c.Kind == store.KindRefused {
		return c, err
	}
	_, err = t.exec(ctx, addPageKeys, hashes(draft.Keys), held.id)
	return c, err
}

// untouched reports a commit that brings nothing. When the page's article was
// taken down meanwhile, the page must not be fetched again.
func (t *tx) untouched(ctx context.Context, article string) (store.Committed, error) {
	if article == "" {
		return store.Committed{}, nil
	}
	i, ok, err := t.identify(ctx, article)
	if err != nil || !ok {
		return store.Committed{}, err
	}
	c := store.Committed{ID: i.id, Version: i.version}
	if i.removed() {
		c.Kind = store.KindRefused
	}
	return c, nil
}

// finish moves the page on and frees its host, which is held.
func (t *tx) finish(ctx context.Context, p store.PageCommit, page int64, next time.Time, c store.Committed) error {
	free := orNow(t.here(p.At, p.HostNext), t.now)
	var b batch
	b.add(`UPDATE pages SET state = $2, status = $3, error = $4, attempts = $5, etag = $6, modified = $7, due = $8,
  fetched_at = $9, again = false, article = coalesce(nullif($10, ''), article) WHERE id = $1`,
		page, p.State, p.Status, clean(p.Error), p.Attempts, []byte(p.Validators.ETag), []byte(p.Validators.LastModified), due(next), millis(t.now), c.ID)
	b.add(`UPDATE hosts SET token = 0, feed = NULL, page = NULL, free = $2, rest = $3,
  visits = CASE WHEN day = $4 THEN visits + 1 ELSE 1 END, day = $4 WHERE host = $1`,
		p.Lease.Host, millis(free), span(t.now, free), days(t.now))
	b.add(pagesMoved, []string{p.Lease.Host})
	if c.Kind == store.KindNew {
		b.add(`UPDATE feeds SET articles = articles + 1 WHERE id = $1`, p.Lease.FeedID)
	}
	if err := t.send(ctx, &b); err != nil {
		return fmt.Errorf("page %s: %w", p.Lease.Key, err)
	}
	return nil
}
