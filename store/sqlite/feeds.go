package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

const feedColumns = `id, url, title, site_url, kind, enabled, language, country, category,
  health, last_error, last_status, last_poll, last_success, failures, interval, articles, added_at, due`

// feedRow receives feedColumns.
type feedRow struct {
	f                        news.Feed
	polled, succeeded, added int64
	due                      sql.NullInt64
}

func (r *feedRow) dest() []any {
	f := &r.f
	return []any{
		&f.ID, &f.URL, &f.Title, &f.SiteURL, &f.Kind, &f.Enabled, &f.Language, &f.Country, &f.Category,
		&f.Health, &f.LastError, &f.LastStatus, &r.polled, &r.succeeded, &f.Failures, &f.Interval, &f.Articles, &r.added, &r.due,
	}
}

func (r *feedRow) feed() news.Feed {
	f := r.f
	f.LastPoll, f.LastSuccess, f.AddedAt = instant(r.polled), instant(r.succeeded), instant(r.added)
	f.NextPoll = instant(r.due.Int64)
	return f
}

// PutFeeds adds feeds; see [store.Feeds].
func (s *Store) PutFeeds(ctx context.Context, feeds ...news.Feed) (int, error) {
	for _, f := range feeds {
		if f.ID == "" || f.URL == "" {
			return 0, &news.ParamError{Param: "url", Value: f.URL, Reason: "a feed needs an id and an address"}
		}
	}
	added := 0
	err := s.update(ctx, "add feeds", func(ctx context.Context, t *tx) error {
		var hosts []string
		for _, f := range feeds {
			host := s.host(f.URL)
			isNew, err := t.addFeed(ctx, f, host, millis(s.now()))
			if err != nil {
				return err
			}
			if isNew {
				added++
				hosts = append(hosts, host)
			}
		}
		return forEach(ctx, hosts, t.feedsMoved)
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

func (t *tx) addFeed(ctx context.Context, f news.Feed, host string, now int64) (bool, error) {
	if f.Kind == "" {
		f.Kind = news.KindFeed
	}
	added := now
	if !f.AddedAt.IsZero() {
		added = millis(f.AddedAt)
	}
	n, err := t.exec(ctx, `INSERT INTO feeds (id, url, title, title_given, site_url, kind, enabled, language, country, category, interval, added_at, host, due)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		f.ID, f.URL, f.Title, f.Title != "", f.SiteURL, f.Kind, f.Enabled, f.Language, f.Country, f.Category, int64(f.Interval), added, host, now)
	return n > 0, err
}

// ListFeeds returns all feeds; see [store.Feeds].
func (s *Store) ListFeeds(ctx context.Context) ([]news.Feed, error) {
	var feeds []news.Feed
	rows, err := s.read.QueryContext(ctx, `SELECT `+feedColumns+` FROM feeds ORDER BY title, url`)
	err = walk(rows, err, func(rows *sql.Rows) error {
		var r feedRow
		if err := rows.Scan(r.dest()...); err != nil {
			return err
		}
		feeds = append(feeds, r.feed())
		return nil
	})
	return feeds, s.failed("list feeds", err)
}

// ChangeFeed applies patch; see [store.Feeds].
func (s *Store) ChangeFeed(ctx context.Context, id string, patch store.FeedPatch) (news.Feed, error) {
	var feed news.Feed
	err := s.update(ctx, "change feed", func(ctx context.Context, t *tx) error {
		var r feedRow
		var host string
		ok, err := t.get(ctx, `SELECT `+feedColumns+`, host FROM feeds WHERE id = ?`, []any{id}, append(r.dest(), &host)...)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("feed %s: %w", id, news.ErrNotFound)
		}
		patchFeed(&r, patch, millis(s.now()))
		feed = r.feed()
		_, err = t.exec(ctx, `UPDATE feeds SET title = ?, title_given = CASE WHEN ? THEN ? ELSE title_given END, category = ?, enabled = ?, due = ? WHERE id = ?`,
			feed.Title, patch.Title != nil, feed.Title != "", feed.Category, feed.Enabled, r.due, id)
		if err != nil {
			return err
		}
		return t.feedsMoved(ctx, host)
	})
	if err != nil {
		return news.Feed{}, err
	}
	return feed, nil
}

func patchFeed(r *feedRow, patch store.FeedPatch, now int64) {
	if patch.Title != nil {
		r.f.Title = *patch.Title
	}
	if patch.Category != nil {
		r.f.Category = *patch.Category
	}
	switchedOn := patch.Enabled != nil && *patch.Enabled && !r.f.Enabled
	if patch.Enabled != nil {
		r.f.Enabled = *patch.Enabled
	}
	if patch.Refresh || switchedOn {
		r.due = sql.NullInt64{Int64: now, Valid: true}
	}
}

// DeleteFeed forgets a feed; see [store.Feeds].
func (s *Store) DeleteFeed(ctx context.Context, id string) error {
	return s.update(ctx, "delete feed", func(ctx context.Context, t *tx) error {
		var host string
		ok, err := t.get(ctx, `DELETE FROM feeds WHERE id = ? RETURNING host`, []any{id}, &host)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("feed %s: %w", id, news.ErrNotFound)
		}
		if _, err := t.exec(ctx, `UPDATE hosts SET token = 0, feed = NULL WHERE host = ? AND feed = ?`, host, id); err != nil {
			return err
		}
		if err := t.feedsMoved(ctx, host); err != nil {
			return err
		}
		return t.deleteUndone(ctx, id)
	})
}

// deleteUndone deletes the pages of a feed that were never had.
func (t *tx) deleteUndone(ctx context.Context, feed string) error {
	_, err := t.exec(ctx, `DELETE FROM page_keys WHERE page IN (SELECT id FROM pages WHERE feed = ? AND state = 'pending' AND article IS NULL)`, feed)
	if err != nil {
		return err
	}
	hosts, err := t.texts(ctx, `DELETE FROM pages WHERE feed = ? AND state = 'pending' AND article IS NULL RETURNING host`, feed)
	if err != nil {
		return err
	}
	return forEach(ctx, hosts, func(ctx context.Context, host string) error {
		_, err := t.exec(ctx, `UPDATE hosts SET token = 0, page = NULL WHERE host = ? AND NOT EXISTS (SELECT 1 FROM pages WHERE id = hosts.page) AND page IS NOT NULL`, host)
		if err != nil {
			return err
		}
		return t.pagesMoved(ctx, host)
	})
}
