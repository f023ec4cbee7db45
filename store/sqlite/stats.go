package sqlite

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// pageCounter is what the names of the counters of pages by state begin with.
const pageCounter = "page "

// Stats counts what is held; see [store.Archive].
func (s *Store) Stats(ctx context.Context) (store.Stats, error) {
	st := store.Stats{Feeds: map[news.FeedHealth]int{}, Pages: map[store.PageState]int{}, Bytes: s.bytes()}
	if err := s.countFeeds(ctx, &st); err != nil {
		return store.Stats{}, s.failed("count feeds", err)
	}
	rows, err := s.read.QueryContext(ctx, `SELECT name, n FROM counters`)
	err = walk(rows, err, func(rows *sql.Rows) error {
		var name string
		var n int
		err := rows.Scan(&name, &n)
		count(&st, name, n)
		return err
	})
	if err != nil {
		return store.Stats{}, s.failed("count", err)
	}
	return st, nil
}

func count(st *store.Stats, name string, n int) {
	switch name {
	case "articles":
		st.Articles = n
	case "revisions":
		st.Revisions = n
	case "removed":
		st.Removed = n
	default:
		if state, ok := strings.CutPrefix(name, pageCounter); ok && n > 0 {
			st.Pages[store.PageState(state)] = n
		}
	}
}

func (s *Store) countFeeds(ctx context.Context, st *store.Stats) error {
	rows, err := s.read.QueryContext(ctx, `SELECT enabled, health, count(*) FROM feeds GROUP BY enabled, health`)
	return walk(rows, err, func(rows *sql.Rows) error {
		var enabled bool
		var health news.FeedHealth
		var n int
		err := rows.Scan(&enabled, &health, &n)
		if enabled {
			st.Feeds[health] = n
		} else {
			st.Disabled += n
		}
		return err
	})
}

// bytes is what the files take on disk.
func (s *Store) bytes() int64 {
	var total int64
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(filepath.Join(s.dir, FileName+suffix)); err == nil {
			total += info.Size()
		}
	}
	return total
}
