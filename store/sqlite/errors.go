package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	driver "modernc.org/sqlite"
	code "modernc.org/sqlite/lib"

	"broadsheet.example/news"
)

var (
	// ErrClosed is what writing fails with after Close.
	ErrClosed = errors.New("store is closed")
	// ErrCorrupt reports that the database file is damaged.
	ErrCorrupt = errors.New("database is damaged: restore a backup, or export what can still be read")
)

// noRoom is the free space below which a failed write is put down to a full
// disk, for the kernel does not always say so.
const noRoom = 1 << 20

// explain gives errors of the engine the names that callers know.
func (s *Store) explain(err error) error {
	e, ok := errors.AsType[*driver.Error](err)
	if !ok {
		if errors.Is(err, syscall.ENOSPC) {
			return fmt.Errorf("%w (%w)", news.ErrDiskFull, err)
		}
		return err
	}
	switch primary(e) {
	case code.SQLITE_FULL:
		return fmt.Errorf("%w (%w)", news.ErrDiskFull, err)
	case code.SQLITE_IOERR:
		if free(s.dir) < noRoom {
			return fmt.Errorf("%w (%w)", news.ErrDiskFull, err)
		}
		return fmt.Errorf("read or write %s: %w", filepath.Join(s.dir, FileName), err)
	case code.SQLITE_CORRUPT, code.SQLITE_NOTADB:
		return fmt.Errorf("%s: %w (%w)", filepath.Join(s.dir, FileName), ErrCorrupt, err)
	}
	return err
}

// fatal reports whether err leaves the transaction in doubt, so that all of it
// must be given up.
func fatal(err error) bool {
	e, ok := errors.AsType[*driver.Error](err)
	if !ok {
		return false
	}
	switch primary(e) {
	case code.SQLITE_FULL, code.SQLITE_IOERR, code.SQLITE_NOMEM, code.SQLITE_CORRUPT, code.SQLITE_NOTADB, code.SQLITE_CANTOPEN:
		return true
	}
	return false
}

// primary strips the engine's extended code.
func primary(e *driver.Error) int { return e.Code() & 0xff }

// free is the space left for dir in bytes.
func free(dir string) uint64 {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return ^uint64(0)
	}
	return uint64(s.Bavail) * uint64(s.Bsize) // their types differ from system to system
}
