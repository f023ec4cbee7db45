package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

const feedColumns = `f.id, f.url, f.title, f.site_url, f.kind, f.enabled, f.language, f.country, f.category,
  f.health, f.last_error, f.last_status, f.last_poll, f.last_success, f.failures, f.interval_ns, f.articles, f.added_at, f.due`

// feedRow receives feedColumns.
type feedRow struct {
	f                        news.Feed
	polled, succeeded, added int64
	due                      *int64
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
	f.NextPoll = instant(value(r.due))
	return f
}

// PutFeeds adds feeds; see [store.Feeds].
func (s *Store) PutFeeds(ctx context.Context, feeds ...news.Feed) (int, error) {
	hosts := make([]string, len(feeds))
	for i, f := range feeds {
		if f.ID == "" || f.URL == "" {
			return 0, &news.ParamError{Param: "url", Value: f.URL, Reason: "a feed needs an id and an address"}
		}
		hosts[i] = clean(s.host(f.URL))
		if len(hosts[i]) > maxHost {
			return 0, &news.ParamError{Param: "url", Value: f.URL, Reason: fmt.Sprintf("the name of its host is longer than %d bytes", maxHost)}
		}
	}
	added := 0
	err := s.update(ctx, "add feeds", func(ctx context.Context, t *tx) error {
		added = 0
		if _, err := t.hold(ctx, hosts); err != nil {
			return err
		}
		for i, f := range feeds {
			isNew, err := t.addFeed(ctx, f, hosts[i])
			if err != nil {
				return err
			}
			if isNew {
				added++
			}
		}
		return t.feedsMoved(ctx, hosts...)
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

func (t *tx) addFeed(ctx context.Context, f news.Feed, host string) (bool, error) {
	if f.Kind == "" {
		f.Kind = news.KindFeed
	}
	added := millis(t.now)
	if !f.AddedAt.IsZero() {
		added = millis(f.AddedAt)
	}
	n, err := t.exec(ctx, `INSERT INTO feeds (id, url, title, title_given, site_url, kind, enabled, language, country, category, interval_ns, added_at, host, due)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
		clean(f.ID), clean(f.URL), clean(f.Title), f.Title != "", clean(f.SiteURL), clean(string(f.Kind)), f.Enabled,
		clean(f.Language), clean(f.Country), clean(f.Category), int64(f.Interval), added, host, millis(t.now))
	return n > 0, err
}

// ListFeeds returns all feeds; see [store.Feeds].
func (s *Store) ListFeeds(ctx context.Context) ([]news.Feed, error) {
	return read(ctx, s, "list feeds", func(ctx context.Context, q querier) ([]news.Feed, error) {
		var feeds []news.Feed
		rows, err := q.Query(ctx, `SELECT `+feedColumns+` FROM feeds f ORDER BY title, url`)
		err = walk(rows, err, func(rows pgx.Rows) error {
			var r feedRow
			err := rows.Scan(r.dest()...)
			feeds = append(feeds, r.feed())
			return err
		})
		return feeds, err
	})
}

// ChangeFeed applies patch; see [store.Feeds].
func (s *Store) ChangeFeed(ctx context.Context, id string, patch store.FeedPatch) (news.Feed, error) {
	var feed news.Feed
	err := s.update(ctx, "change feed", func(ctx context.Context, t *tx) error {
		host, err := t.holdFeed(ctx, id)
		if err != nil {
			return err
		}
		var r feedRow
		if err := t.QueryRow(ctx, `SELECT `+feedColumns+` FROM feeds f WHERE id = $1`, id).Scan(r.dest()...); err != nil {
			return err
		}
		patchFeed(&r, patch, millis(t.now))
		feed = r.feed()
		_, err = t.exec(ctx, `UPDATE feeds SET title = $2, title_given = CASE WHEN $3 THEN $4 ELSE title_given END, category = $5, enabled = $6, due = $7 WHERE id = $1`,
			id, feed.Title, patch.Title != nil, feed.Title != "", feed.Category, feed.Enabled, r.due)
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

// holdFeed holds the host of a feed, and returns it.
func (t *tx) holdFeed(ctx context.Context, id string) (string, error) {
	for {
		host, err := t.hostOfFeed(ctx, id)
		if err != nil {
			return "", err
		}
		if _, err := t.hold(ctx, []string{host}); err != nil {
			return "", err
		}
		if now, err := t.hostOfFeed(ctx, id); err != nil || now == host {
			return host, err
		} // else it has moved in between
	}
}

func (t *tx) hostOfFeed(ctx context.Context, id string) (string, error) {
	var host string
	ok, err := t.get(ctx, `SELECT host FROM feeds WHERE id = $1`, []any{id}, &host)
	if err == nil && !ok {
		err = fmt.Errorf("feed %s: %w", id, news.ErrNotFound)
	}
	return host, err
}

func patchFeed(r *feedRow, patch store.FeedPatch, now int64) {
	if patch.Title != nil {
		r.f.Title = clean(*patch.Title)
	}
	if patch.Category != nil {
		r.f.Category = clean(*patch.Category)
	}
	switchedOn := patch.Enabled != nil && *patch.Enabled && !r.f.Enabled
	if patch.Enabled != nil {
		r.f.Enabled = *patch.Enabled
	}
	if patch.Refresh || switchedOn {
		r.due = &now
	}
}

// DeleteFeed forgets a feed; see [store.Feeds]. It takes a turn at the archive,
// so that no poll adds pages meanwhile.
func (s *Store) DeleteFeed(ctx context.Context, id string) error {
	return s.take(ctx, "delete feed", func(ctx context.Context, t *tx) error {
		host, err := t.hostOfFeed(ctx, id)
		if err != nil {
			return err
		}
		hosts, err := t.texts(ctx, `SELECT DISTINCT host FROM pages WHERE `+undone, id)
		if err != nil {
			return err
		}
		if _, err := t.hold(ctx, append(hosts, host)); err != nil {
			return err
		}
		var b batch
		b.add(`DELETE FROM feeds WHERE id = $1`, id)
		b.add(`UPDATE hosts SET token = 0, feed = NULL WHERE host = $1 AND feed = $2`, host, id)
		b.add(feedsMoved, []string{host})
		b.add(`DELETE FROM page_keys WHERE page IN (SELECT id FROM pages WHERE `+undone+`)`, id)
		b.add(`DELETE FROM pages WHERE `+undone, id)
		b.add(`UPDATE hosts SET token = 0, page = NULL WHERE host = ANY($1) AND page IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pages WHERE id = hosts.page)`, hosts)
		b.add(pagesMoved, hosts)
		return t.send(ctx, &b)
	})
}

// undone finds the pages of a feed that were never had.
const undone = `feed = $1 AND state = 'pending' AND article IS NULL`
