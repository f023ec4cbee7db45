package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Copy writes what the store in the directory from holds at one moment into the
// directory to, which must hold no store yet and is made when it is missing. It
// takes no possession of from: its owner may go on writing meanwhile. The copy is
// whole, checked and on the disk when Copy returns; before that it has another
// name. It returns the number of articles.
func Copy(ctx context.Context, from, to string) (articles int, err error) {
	source, target := filepath.Join(from, FileName), filepath.Join(to, FileName)
	if _, err := os.Stat(source); err != nil {
		return 0, fmt.Errorf("copy store: %w", err)
	}
	for _, path := range []string{target, target + "-wal"} { // a log left behind would be played into the copy
		if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
			return 0, fmt.Errorf("copy store: %s is there already: choose another directory, or move it away", path)
		}
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return 0, fmt.Errorf("copy store: %w", err)
	}
	partial := target + ".partial"
	if err := discard(partial); err != nil {
		return 0, fmt.Errorf("copy store: %w", err)
	}
	if articles, err = copyFile(ctx, source, partial); err != nil {
		return 0, errors.Join(fmt.Errorf("copy store %s: %w", source, err), discard(partial))
	}
	if err := os.Rename(partial, target); err != nil {
		return 0, fmt.Errorf("copy store: %w", err)
	}
	return articles, syncFile(to)
}

// copyFile has SQLite write the pages in use to a new file, reads that over, and
// waits for it to be on the disk.
func copyFile(ctx context.Context, source, target string) (articles int, err error) {
	db, err := sql.Open("sqlite", dsn(source, []string{"busy_timeout(5000)"}))
	if err != nil {
		return 0, err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, target)
	if err = errors.Join(err, db.Close()); err != nil {
		return 0, err
	}
	if err := os.Chmod(target, 0o600); err != nil {
		return 0, err
	}
	if articles, err = readOver(ctx, target); err != nil {
		return 0, err
	}
	return articles, syncFile(target)
}

// readOver checks a copy that nobody uses yet.
func readOver(ctx context.Context, path string) (articles int, err error) {
	db, err := sql.Open("sqlite", dsn(path, readerPragmas()))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return 0, err
	}
	if verdict != "ok" {
		return 0, fmt.Errorf("%w (%s)", ErrCorrupt, verdict)
	}
	err = db.QueryRowContext(ctx, `SELECT count(*) FROM articles`).Scan(&articles)
	return articles, err
}

// discard removes what an earlier run may have left.
func discard(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
