package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	_ "modernc.org/sqlite" // registers the driver

	"broadsheet.example/news"
)

// lite is SQLite's FTS5. Its articles are numbered in the order of time, so that
// the newest come first by going through the numbers backwards; matches are put
// into a temporary table, over which facets are counted.
type lite struct{ db *sql.DB }

const liteSchema = `
CREATE VIRTUAL TABLE IF NOT EXISTS text USING fts5(title, description, content, content='', tokenize='porter unicode61');
CREATE TABLE IF NOT EXISTS article (n INTEGER PRIMARY KEY, id TEXT, month TEXT, source INTEGER);
CREATE TABLE IF NOT EXISTS value (n INTEGER PRIMARY KEY, text TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS person (n INTEGER, value INTEGER, PRIMARY KEY (n, value)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS place (n INTEGER, value INTEGER, PRIMARY KEY (n, value)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS organization (n INTEGER, value INTEGER, PRIMARY KEY (n, value)) WITHOUT ROWID;
CREATE TEMP TABLE hit (n INTEGER PRIMARY KEY);`

func openLite(ctx context.Context, file string) (*lite, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=cache_size(-1000000)&_pragma=temp_store(memory)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, liteSchema); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &lite{db}, nil
}

func (l *lite) name() string { return "SQLite FTS5" }

func (l *lite) held() (int, error) {
	var n int
	err := l.db.QueryRow("SELECT count(*) FROM article").Scan(&n)
	return n, err
}

func (l *lite) add(ctx context.Context, batch []news.Article) error {
	first, err := l.held()
	if err != nil {
		return err
	}
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for i := range batch {
		if err := addLite(ctx, tx, first+i+1, &batch[i]); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

func addLite(ctx context.Context, tx *sql.Tx, n int, a *news.Article) error {
	if _, err := tx.ExecContext(ctx, "INSERT INTO text (rowid, title, description, content) VALUES (?, ?, ?, ?)", n, a.Title, a.Description, a.Content); err != nil {
		return err
	}
	for _, f := range fields() {
		for _, v := range values(a, f) {
			if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO value (text) VALUES (?)", v); err != nil {
				return err
			}
			if f == news.FacetSource {
				continue
			}
			if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO "+f+" SELECT ?, n FROM value WHERE text = ?", n, v); err != nil {
				return err
			}
		}
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO article SELECT ?, ?, ?, n FROM value WHERE text = ?", n, a.ID, a.PublishedAt.Format(monthLayout), a.Source.ID)
	return err
}

func (l *lite) ask(ctx context.Context, q question) (answer, error) {
	match := liteMatch(q)
	var a answer
	by := "rank"
	if q.order == newest {
		by = "rowid DESC"
	}
	first, err := list[int64](ctx, l.db, "SELECT rowid FROM text WHERE text MATCH ? ORDER BY "+by+fmt.Sprintf(" LIMIT %d", shown), match)
	if err != nil {
		return a, err
	}
	for _, n := range first {
		var id string
		if err := l.db.QueryRowContext(ctx, "SELECT id FROM article WHERE n = ?", n).Scan(&id); err != nil {
			return a, err
		}
		a.first = append(a.first, id)
	}
	switch {
	case q.facets:
		return l.count(ctx, match, a)
	case q.order == newest: // the one answer that it can give without looking at all
		return a, nil
	}
	err = l.db.QueryRowContext(ctx, "SELECT count(*) FROM text WHERE text MATCH ?", match).Scan(&a.total)
	return a, err
}

// count fills in the number of matches and their facets.
func (l *lite) count(ctx context.Context, match string, a answer) (answer, error) {
	if _, err := l.db.ExecContext(ctx, "DELETE FROM hit"); err != nil {
		return a, err
	}
	r, err := l.db.ExecContext(ctx, "INSERT INTO hit SELECT rowid FROM text WHERE text MATCH ?", match)
	if err != nil {
		return a, err
	}
	total, err := r.RowsAffected()
	if err != nil {
		return a, err
	}
	a.total, a.facets = int(total), make(map[string]map[string]int)
	for facet, counting := range map[string]string{
		news.FacetDate:         "SELECT month, count(*) FROM hit JOIN article USING (n) GROUP BY 1",
		news.FacetSource:       topValues("article", "source"),
		news.FacetPerson:       topValues("person", "value"),
		news.FacetPlace:        topValues("place", "value"),
		news.FacetOrganization: topValues("organization", "value"),
	} {
		if a.facets[facet], err = counts(ctx, l.db, counting); err != nil {
			return a, err
		}
	}
	return a, nil
}

// topValues counts a column over the matches.
func topValues(table, column string) string {
	return fmt.Sprintf("SELECT text, c FROM (SELECT %[2]s AS v, count(*) AS c FROM hit JOIN %[1]s USING (n) GROUP BY 1 ORDER BY 2 DESC LIMIT %[3]d) JOIN value ON value.n = v", table, column, shown)
}

func counts(ctx context.Context, db *sql.DB, text string) (out map[string]int, err error) {
	rows, err := db.QueryContext(ctx, text)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	out = make(map[string]int)
	for rows.Next() {
		var value string
		var n int
		if err := rows.Scan(&value, &n); err != nil {
			return nil, err
		}
		out[value] = n
	}
	return out, rows.Err()
}

func list[T any](ctx context.Context, db *sql.DB, text string, args ...any) (out []T, err error) {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// liteMatch is the question in the language of FTS5.
func liteMatch(q question) string {
	switch q.kind {
	case phrase:
		return `"` + strings.Join(q.words, " ") + `"`
	case near:
		return fmt.Sprintf("NEAR(%s, %d)", strings.Join(q.words, " "), nearSlop)
	case prefix:
		return q.words[0] + "*"
	case allOf:
		return strings.Join(q.words, " AND ")
	case anyOf:
	}
	return strings.Join(q.words, " OR ")
}

func (l *lite) close() error { return l.db.Close() }
