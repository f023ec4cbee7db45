package sqlite

import (
	"context"
	"database/sql"

	"broadsheet.example/news"
)

// Sources lists publishers; see [store.Archive].
func (s *Store) Sources(ctx context.Context) ([]news.Source, error) {
	var sources []news.Source
	rows, err := s.read.QueryContext(ctx, `SELECT id, name, country, language, articles, latest FROM sources ORDER BY articles DESC, id`)
	err = walk(rows, err, func(rows *sql.Rows) error {
		var src news.Source
		var latest int64
		if err := rows.Scan(&src.ID, &src.Name, &src.Country, &src.Language, &src.Articles, &latest); err != nil {
			return err
		}
		src.Latest = instant(latest)
		sources = append(sources, src)
		return nil
	})
	return sources, s.failed("list sources", err)
}

// sourceGains counts a new article. Name, country and language are those that
// the last article to state them stated.
func (t *tx) sourceGains(ctx context.Context, a news.Article) error {
	if a.Source.ID == "" {
		return nil
	}
	_, err := t.exec(ctx, `INSERT INTO sources VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET
  articles = articles + 1, latest = max(latest, excluded.latest),
  name = CASE WHEN excluded.name = '' THEN name ELSE excluded.name END,
  country = CASE WHEN excluded.country = '' THEN country ELSE excluded.country END,
  language = CASE WHEN excluded.language = '' THEN language ELSE excluded.language END`,
		a.Source.ID, a.Source.Name, a.Country, a.Language, millis(a.PublishedAt))
	return err
}

// sourceLoses uncounts an article that has left the archive, or the source.
func (t *tx) sourceLoses(ctx context.Context, id string) error {
	_, err := t.exec(ctx, `UPDATE sources SET articles = articles - 1,
  latest = coalesce((SELECT max(published) FROM articles WHERE source = ?1), 0) WHERE id = ?1`, id)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `DELETE FROM sources WHERE id = ? AND articles <= 0`, id)
	return err
}

// sourceChanges follows an article from one state to the next.
func (t *tx) sourceChanges(ctx context.Context, old, next news.Article) error {
	if old.Source == next.Source && old.Country == next.Country && old.Language == next.Language && old.PublishedAt.Equal(next.PublishedAt) {
		return nil
	}
	if err := t.sourceGains(ctx, next); err != nil {
		return err
	}
	return t.sourceLoses(ctx, old.Source.ID)
}
