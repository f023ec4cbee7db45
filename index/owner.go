package index

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	ownerFile = "owner"
	// ownerWait is how long Open waits for another owner of the directory.
	ownerWait = 2 * time.Second
	ownerPoll = 50 * time.Millisecond
)

// own makes the engine the directory's only owner until the file is closed.
func own(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, ownerFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	for end := time.Now().Add(ownerWait); ; time.Sleep(ownerPoll) {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(end) {
			return nil, errors.Join(fmt.Errorf("open index %s: another process holds it: %w", dir, err), f.Close())
		}
	}
}
