package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"
)

//go:embed migrations/*.sql
var migrations embed.FS

const createMigrations = `CREATE TABLE IF NOT EXISTS migrations (
  name       TEXT PRIMARY KEY,
  applied_at INTEGER NOT NULL
) WITHOUT ROWID`

// migrate brings the database to this program's format. Migrations are named by
// time and applied in that order, each in a transaction of its own.
func migrate(ctx context.Context, conn *sql.Conn, now time.Time) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	slices.Sort(names)
	if _, err := conn.ExecContext(ctx, createMigrations); err != nil {
		return err
	}
	applied, err := applied(ctx, conn)
	if err != nil {
		return err
	}
	for i, name := range names {
		names[i] = path.Base(name)
	}
	for _, name := range applied {
		if !slices.Contains(names, name) {
			return fmt.Errorf("database was written by a newer Broadsheet (%s): update the program", name)
		}
	}
	for _, name := range names {
		if slices.Contains(applied, name) {
			continue
		}
		if err := apply(ctx, conn, name, now); err != nil {
			return fmt.Errorf("apply %s: %w", name, err)
		}
	}
	return nil
}

func applied(ctx context.Context, conn *sql.Conn) ([]string, error) {
	rows, err := conn.QueryContext(ctx, `SELECT name FROM migrations ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

func apply(ctx context.Context, conn *sql.Conn, name string, now time.Time) error {
	script, err := migrations.ReadFile("migrations/" + name)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, string(script)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO migrations VALUES (?, ?)`, name, now.UnixMilli()); err != nil {
		return err
	}
	return tx.Commit()
}
