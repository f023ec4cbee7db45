package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"broadsheet.example/bench/proc"
	"broadsheet.example/index"
	"broadsheet.example/index/opensearch"
	"broadsheet.example/news"
)

// peer is a kind of index under measurement. It keeps generations, of which the
// one that was promoted last is current.
type peer interface {
	// name is how the tables call it.
	name() string
	// open makes an empty generation.
	open(ctx context.Context, generation string) (news.Index, error)
	// promote makes a generation current.
	promote(ctx context.Context, idx news.Index) error
	// servers are the processes that work for it, besides this one.
	servers() []int
	// bytes is what a generation takes on disk, replicas included.
	bytes(ctx context.Context, generation string) (int64, error)
	close() error
}

// embedded is the engine within this process.
type embedded struct {
	dir    string
	lib    *library
	opened []*index.Engine
}

func (e *embedded) name() string { return "embedded" }

func (e *embedded) open(ctx context.Context, generation string) (news.Index, error) {
	engine, err := index.Open(ctx, index.Config{Dir: filepath.Join(e.dir, generation)}, e.lib, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	e.opened = append(e.opened, engine)
	return engine, nil
}

func (e *embedded) promote(context.Context, news.Index) error { return nil }

func (e *embedded) servers() []int { return nil }

func (e *embedded) bytes(_ context.Context, generation string) (total int64, err error) {
	err = filepath.WalkDir(filepath.Join(e.dir, generation), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) { // merged away meanwhile
			return nil
		}
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return total, err
}

func (e *embedded) close() error {
	var errs []error
	for _, engine := range e.opened {
		errs = append(errs, engine.Close())
	}
	return errors.Join(errs...)
}

// cluster is OpenSearch at an address.
type cluster struct {
	*opensearch.Cluster
	hosts []string
	pids  []int
	lib   *library
}

// prefix begins the names of the indexes of this command.
const prefix = "benchcluster"

func openCluster(ctx context.Context, address string, lib *library) (*cluster, error) {
	cfg, err := opensearch.ParseAddress(address)
	if err != nil {
		return nil, err
	}
	c := &cluster{hosts: cfg.Hosts, lib: lib}
	for _, host := range cfg.Hosts {
		_, port, err := net.SplitHostPort(host)
		if err != nil {
			return nil, err
		}
		n, err := strconv.Atoi(port)
		if err != nil {
			return nil, err
		}
		pid, err := proc.Listener(n)
		if err != nil {
			return nil, err
		}
		c.pids = append(c.pids, pid)
	}
	cfg.Prefix, cfg.QueryTime = prefix, time.Minute // a busy machine makes no search fail
	c.Cluster, err = opensearch.Connect(ctx, cfg)
	return c, err
}

func (c *cluster) name() string {
	if len(c.hosts) == 1 {
		return "OpenSearch, 1 node"
	}
	return fmt.Sprintf("OpenSearch, %d nodes", len(c.hosts))
}

func (c *cluster) open(_ context.Context, generation string) (news.Index, error) {
	return c.Open(generation, c.lib, slog.Default()), nil
}

func (c *cluster) promote(ctx context.Context, idx news.Index) error {
	e, ok := idx.(*opensearch.Engine)
	if !ok {
		return errors.New("the index is of another kind")
	}
	return e.Promote(ctx)
}

func (c *cluster) servers() []int { return c.pids }

func (c *cluster) bytes(ctx context.Context, generation string) (int64, error) {
	return sizeOf(ctx, c.hosts[0], prefix+"-"+generation+"-*")
}

func (c *cluster) close() error {
	all := func(string) bool { return true }
	return errors.Join(c.Sweep(context.Background(), all), c.Close()) // at the end of the run
}

// used is what the processes of a peer have used so far.
type used struct {
	at           time.Time
	own, servers time.Duration // CPU
}

func usedBy(p peer) used {
	u := used{at: time.Now(), own: proc.CPU(os.Getpid())}
	for _, pid := range p.servers() {
		u.servers += proc.CPU(pid)
	}
	return u
}

// since is what was used since then.
func (u used) since(p peer) (wall, own, servers time.Duration) {
	now := usedBy(p)
	return now.at.Sub(u.at), now.own - u.own, now.servers - u.servers
}

// calm waits until the peer's processes have hardly anything to do: merges go on
// after writing.
func calm(p peer) {
	const interval, most, quiet = 500 * time.Millisecond, 2 * time.Minute, 3
	for end, n := time.Now().Add(most), 0; n < quiet && time.Now().Before(end); {
		before := usedBy(p)
		time.Sleep(interval)
		if _, own, servers := before.since(p); own+servers < interval/10 {
			n++
		} else {
			n = 0
		}
	}
}
