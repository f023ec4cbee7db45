package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"broadsheet.example/crawler"
	"broadsheet.example/crawler/link"
	"broadsheet.example/store"
	"broadsheet.example/store/dirlock"
	"broadsheet.example/store/postgres"
	"broadsheet.example/store/sqlite"
)

// archive is what a process needs of its store.
type archive interface {
	crawler.Store
	store.Retention
	// Check looks for damage and reports the first.
	Check(ctx context.Context) error
}

// afterCrash is the least rest of a host that a killed process was visiting: the
// last request may still be on its way or being answered, and its answer may
// have asked for a rest that nobody has read.
const afterCrash = 30 * time.Second

// openStore opens the database that the configuration names: a file in the data
// directory, or one on a server that other processes use as well.
func (n *node) openStore(ctx context.Context) error {
	gap := max(n.cfg.Crawler.HostGap, afterCrash)
	if !n.shared() {
		s, err := sqlite.Open(ctx, sqlite.Config{Dir: n.cfg.DataDir, Gap: gap, Host: link.Host}, n.log)
		if err == nil {
			n.store, n.alone = s, byItself
		}
		return err
	}
	lock, err := dirlock.Acquire(n.cfg.DataDir)
	if err != nil {
		return err
	}
	s, err := n.openShared(ctx, gap)
	if err != nil {
		return errors.Join(err, lock.Close())
	}
	n.store, n.lock, n.tend, n.alone = s, lock, s.Tend, s.Alone
	return nil
}

// openShared opens the store on a server under the name of the data directory,
// which is locked: what its last process was visiting when it died is visited
// anew as soon as the hosts have rested.
func (n *node) openShared(ctx context.Context, gap time.Duration) (s *postgres.Store, err error) {
	name, err := nodeName(n.cfg.DataDir)
	if err != nil {
		return nil, err
	}
	err = n.wait(ctx, "the database", func() error {
		s, err = postgres.Open(ctx, postgres.Config{DSN: n.cfg.Store, Gap: gap, Host: link.Host, Owner: name}, n.log)
		return err
	})
	return s, err
}

// shared reports whether other processes may use the store as well.
func (n *node) shared() bool { return n.cfg.Store != "" }

// readers is how the names begin by which the indexes of this data directory
// follow the outbox.
func (n *node) readers() (string, error) {
	if !n.shared() {
		return readerPrefix, nil
	}
	name, err := nodeName(n.cfg.DataDir)
	return readerPrefix + name + "-", err
}

// nodeFile holds the name by which a data directory is known in a shared store.
const nodeFile = "node"

var goodNodeName = regexp.MustCompile(`^[a-z0-9]{26}$`)

// nodeName returns the name of the data directory, which never changes.
func nodeName(dir string) (string, error) {
	path := filepath.Join(dir, nodeFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newNodeName(path)
	}
	if err != nil {
		return "", fmt.Errorf("read name of the data directory: %w", err)
	}
	name := strings.TrimSpace(string(text))
	if !goodNodeName.MatchString(name) {
		return "", fmt.Errorf("%s holds no name; remove it, and the index is built anew under another", path)
	}
	return name, nil
}

func newNodeName(path string) (string, error) {
	name := strings.ToLower(rand.Text())
	err := os.WriteFile(path+".new", []byte(name+"\n"), 0o600)
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return "", fmt.Errorf("name the data directory: %w", err)
	}
	return name, nil
}
