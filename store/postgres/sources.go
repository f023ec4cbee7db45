package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
)

// Sources lists publishers; see [store.Archive].
func (s *Store) Sources(ctx context.Context) ([]news.Source, error) {
	return read(ctx, s, "list sources", func(ctx context.Context, q querier) ([]news.Source, error) {
		var sources []news.Source
		rows, err := q.Query(ctx, `SELECT id, name, country, language, articles, latest FROM sources ORDER BY articles DESC, id`)
		err = walk(rows, err, func(rows pgx.Rows) error {
			var src news.Source
			var latest int64
			err := rows.Scan(&src.ID, &src.Name, &src.Country, &src.Language, &src.Articles, &latest)
			src.Latest = instant(latest)
			sources = append(sources, src)
			return err
		})
		return sources, err
	})
}

// sourceGains counts a new article. Name, country and language are those that
// the last article to state them stated.
func (b *batch) sourceGains(a news.Article) {
	if a.Source.ID == "" {
		return
	}
	b.add(`INSERT INTO sources AS s VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT (id) DO UPDATE SET
  articles = s.articles + 1, latest = greatest(s.latest, excluded.latest),
  name = coalesce(nullif(excluded.name, ''), s.name),
  country = coalesce(nullif(excluded.country, ''), s.country),
  language = coalesce(nullif(excluded.language, ''), s.language)`,
		clean(a.Source.ID), clean(a.Source.Name), clean(a.Country), clean(a.Language), millis(a.PublishedAt))
}

// sourceLoses uncounts an article that has left the archive, or the source.
func (b *batch) sourceLoses(id string) {
	b.sourcesLose([]string{id})
}

// sourcesLose uncounts articles that have left the archive, one of a source each
// time that it is named.
func (b *batch) sourcesLose(sources []string) {
	b.add(`UPDATE sources s SET articles = articles - lost.n,
  latest = coalesce((SELECT published FROM articles a WHERE source = s.id AND `+present+` ORDER BY published DESC LIMIT 1), 0)
FROM (SELECT id, count(*) AS n FROM unnest($1::text[]) AS u(id) GROUP BY id) AS lost WHERE s.id = lost.id`, sources)
	b.add(`DELETE FROM sources WHERE id = ANY($1) AND articles <= 0`, sources)
}

// sourceChanges follows an article from one state to the next.
func (b *batch) sourceChanges(old, next news.Article) {
	if old.Source == next.Source && old.Country == next.Country && old.Language == next.Language && old.PublishedAt.Equal(next.PublishedAt) {
		return
	}
	b.sourceGains(next)
	b.sourceLoses(clean(old.Source.ID))
}
