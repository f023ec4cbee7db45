package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"broadsheet.example/index/opensearch"
	"broadsheet.example/store"
)

// cluster is a shelf in OpenSearch, which any number of processes share.
type cluster struct {
	*opensearch.Cluster
	store store.Store
	log   *slog.Logger
}

// openCluster reaches the cluster at the address.
func openCluster(ctx context.Context, address string, s store.Store, log *slog.Logger) (*cluster, error) {
	cfg, err := opensearch.ParseAddress(address)
	if err != nil {
		return nil, fmt.Errorf("index.engine: %w", err)
	}
	c, err := opensearch.Connect(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &cluster{c, s, log}, nil
}

func (c *cluster) shared() bool { return true }

func (c *cluster) current(ctx context.Context) (string, error) { return c.Current(ctx) }

// first is the same in all processes, so that those that start at once fill the
// same generation.
func (c *cluster) first() string { return "0" }

func (c *cluster) fresh() string { return time.Now().UTC().Format("20060102150405") }

func (c *cluster) open(_ context.Context, name string) (engine, error) {
	return c.Open(name, c.store, c.log), nil
}

func (c *cluster) point(ctx context.Context, name string) error {
	return c.Open(name, c.store, c.log).Promote(ctx)
}

func (c *cluster) setAside(string) (string, error) {
	return "", errors.New("an index in OpenSearch is never set aside")
}

func (c *cluster) discard(ctx context.Context, name string) error {
	return c.Sweep(ctx, func(generation string) bool { return generation == name })
}

// stale spares what is newer: another process may be filling it.
func (c *cluster) stale(name, keep string) bool { return name < keep }

func (c *cluster) sweep(ctx context.Context, keep string) error {
	return c.Sweep(ctx, func(generation string) bool { return c.stale(generation, keep) })
}

func (c *cluster) tend(ctx context.Context) error {
	did, err := c.Tend(ctx)
	if did != (opensearch.Tended{}) {
		c.log.Info("kept house in OpenSearch", "replicas", did.Replicas, "merging", did.Merging)
	}
	return err
}

func (c *cluster) close() error { return c.Close() }
