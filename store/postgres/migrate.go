package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema to this program's format, in one transaction and
// under a lock: of processes that start together one does it. Migrations are
// named by time and applied in that order.
func migrate(ctx context.Context, conn *pgx.Conn, schema string) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for i, name := range names {
		names[i] = path.Base(name)
	}
	slices.Sort(names)
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, lockID(schema, "migrate")); err != nil {
			return err
		}
		applied, err := applied(ctx, tx, schema)
		if err != nil {
			return err
		}
		for _, name := range applied {
			if !slices.Contains(names, name) {
				return fmt.Errorf("schema %s was written by a newer Broadsheet (%s): update the program", schema, name)
			}
		}
		for _, name := range names {
			if slices.Contains(applied, name) {
				continue
			}
			if err := apply(ctx, tx, name); err != nil {
				return fmt.Errorf("apply %s: %w", name, err)
			}
		}
		return nil
	})
}

// applied lists the migrations that the schema has had, and makes the schema
// when it is missing.
func applied(ctx context.Context, tx pgx.Tx, schema string) ([]string, error) {
	var there bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = 'migrations')`, schema).Scan(&there)
	if err != nil {
		return nil, err
	}
	if there {
		rows, err := tx.Query(ctx, `SELECT name FROM migrations ORDER BY name COLLATE "C"`)
		return texts(rows, err)
	}
	var hasSchema bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)`, schema).Scan(&hasSchema); err != nil {
		return nil, err
	}
	if !hasSchema {
		if _, err := tx.Exec(ctx, `CREATE SCHEMA `+pgx.Identifier{schema}.Sanitize()); err != nil {
			return nil, err
		}
	}
	_, err = tx.Exec(ctx, `CREATE TABLE migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`)
	return nil, err
}

func apply(ctx context.Context, tx pgx.Tx, name string) error {
	script, err := migrations.ReadFile("migrations/" + name)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, string(script)); err != nil { // without arguments it may hold many statements
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO migrations (name) VALUES ($1)`, name)
	return err
}
