// Package dirlock gives a data directory to one process at a time.
//
// It is not a lock between threads: whoever has the directory shares it out
// itself. Start reading at [Acquire].
package dirlock

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const (
	lockName     = "lock"
	maxLockBytes = 32 // a process id and a newline
)

// LockedError reports that another process owns the directory.
type LockedError struct {
	Dir string
	PID int // 0 when it could not be learnt
}

// Error names the directory and its owner.
func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("%s is in use by another process", e.Dir)
	}
	return fmt.Sprintf("%s is in use by process %d", e.Dir, e.PID)
}

// Acquire locks dir, which exists, until the file it returns is closed. The
// kernel lets go of the lock when the process dies, however it dies. It fails
// with a [*LockedError] when another process owns the directory.
func Acquire(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, &LockedError{Dir: dir, PID: owner(f)}
		}
		return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	if err := sign(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func owner(f *os.File) int {
	b, err := io.ReadAll(io.LimitReader(f, maxLockBytes))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0
	}
	return pid
}

// sign writes this process's id. It overwrites before it shortens, which a full
// disk allows when the file has had a signature before.
func sign(f *os.File) error {
	pid := strconv.Itoa(os.Getpid()) + "\n"
	if _, err := f.WriteAt([]byte(pid), 0); err != nil {
		return err
	}
	return f.Truncate(int64(len(pid)))
}
