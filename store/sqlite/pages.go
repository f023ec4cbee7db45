package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// CommitPages stores what came of fetches; see [store.Crawl].
func (s *Store) CommitPages(ctx context.Context, pages ...store.PageCommit) ([]store.Committed, error) {
	drafts := make([]*stored.Draft, len(pages))
	for i, p := range pages {
		if p.Draft != nil {
			drafts[i] = s.codec.Prepare(*p.Draft)
		}
	}
	return s.commitEach(ctx, "commit pages", len(pages), func(ctx context.Context, t *tx, i int) (store.Committed, error) {
		return s.commitPage(ctx, t, pages[i], drafts[i])
	})
}

func (s *Store) commitPage(ctx context.Context, t *tx, p store.PageCommit, draft *stored.Draft) (store.Committed, error) {
	if !stored.Known(p.State) {
		return store.Committed{}, &news.ParamError{Param: "state", Value: string(p.State), Reason: "no such state of a page"}
	}
	at := orNow(p.At, s.now())
	held, ok, err := t.heldPage(ctx, p.Lease)
	if err != nil {
		return store.Committed{}, err
	}
	if !ok {
		return store.Committed{}, store.ErrLeaseLost
	}
	c, err := s.take(ctx, t, p, draft, held, at)
	if err != nil {
		return store.Committed{}, err
	}
	if c.Kind == store.KindRefused || c.Kind == store.KindDeleted {
		p.State, p.Next, held.again = store.PageGone, time.Time{}, false
	}
	if held.again && (p.Next.IsZero() || p.Next.After(at)) {
		p.Next = at
	}
	if err := t.finish(ctx, p, held.id, c.ID, at); err != nil {
		return store.Committed{}, err
	}
	if c.Kind == store.KindNew {
		if _, err := t.exec(ctx, `UPDATE feeds SET articles = articles + 1 WHERE id = ?`, p.Lease.FeedID); err != nil {
			return store.Committed{}, err
		}
	}
	return c, nil
}

// heldPage is the page that a lease in force stands for.
type heldPage struct {
	id      int64
	article string
	again   bool
}

func (t *tx) heldPage(ctx context.Context, l store.PageLease) (heldPage, bool, error) {
	var p heldPage
	var article sql.NullString
	ok, err := t.get(ctx, `SELECT p.id, p.article, p.again FROM hosts h JOIN pages p ON p.id = h.page WHERE h.host = ? AND h.token = ? AND p.page_key = ?`,
		[]any{l.Host, l.Token, l.Key}, &p.id, &article, &p.again)
	p.article = article.String
	return p, ok, err
}

// take does to the archive what the commit asks for.
func (s *Store) take(ctx context.Context, t *tx, p store.PageCommit, draft *stored.Draft, held heldPage, at time.Time) (store.Committed, error) {
	switch {
	case p.Gone && held.article != "":
		return s.remove(ctx, t, held.article)
	case draft == nil || p.Gone:
		return t.untouched(ctx, held.article)
	case draft.Err != nil:
		return store.Committed{}, draft.Err
	}
	c, err := s.put(ctx, t, draft, at)
	if err != nil || c.Kind == store.KindRefused {
		return c, err
	}
	return c, t.addPageKeys(ctx, held.id, draft.Keys)
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
	if i.removed() {
		return store.Committed{Kind: store.KindRefused, ID: i.id, Version: i.version}, nil
	}
	return store.Committed{ID: i.id, Version: i.version}, nil
}

// finish moves the page on and frees its host.
func (t *tx) finish(ctx context.Context, p store.PageCommit, page int64, article string, at time.Time) error {
	_, err := t.exec(ctx, `UPDATE pages SET state = ?2, status = ?3, error = ?4, attempts = ?5, etag = ?6, modified = ?7, due = ?8,
  fetched_at = ?9, again = 0, article = CASE WHEN ?10 = '' THEN article ELSE ?10 END WHERE id = ?1`,
		page, p.State, p.Status, p.Error, p.Attempts, p.Validators.ETag, p.Validators.LastModified, due(p.Next), millis(at), article)
	if err != nil {
		return fmt.Errorf("page %s: %w", p.Lease.Key, err)
	}
	if err := t.freeHost(ctx, p.Lease.Token, at, orNow(p.HostNext, at)); err != nil {
		return err
	}
	return t.pagesMoved(ctx, p.Lease.Host)
}
