package opensearch_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet.example/index/indextest"
	"broadsheet.example/index/opensearch"
	"broadsheet.example/news"
)

// urlVariable holds the address of a cluster that tests may use. They make
// indexes of their own and delete them.
const urlVariable = "BROADSHEET_OPENSEARCH_URL"

var prefixes atomic.Int64

// connect returns a connection with a prefix of its own, whose indexes are
// deleted at the end of the test.
func connect(t testing.TB, changes ...func(*opensearch.Config)) *opensearch.Cluster {
	t.Helper()
	address := os.Getenv(urlVariable)
	if address == "" {
		t.Skip("set " + urlVariable + " to the address of an OpenSearch, such as .ci/opensearch start prints")
	}
	cfg, err := opensearch.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Prefix = "t" + strings.ReplaceAll(time.Now().UTC().Format("150405.000000"), ".", "") + string(rune('a'+prefixes.Add(1)%26))
	cfg.QueryTime = time.Minute // on a busy machine too
	for _, change := range changes {
		change(&cfg)
	}
	c, err := opensearch.Connect(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Sweep(context.Background(), func(string) bool { return true }); err != nil {
			t.Error(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// open returns the engine of a first generation, which is searched.
func open(t testing.TB, c *opensearch.Cluster, lib *indextest.Library) *opensearch.Engine {
	t.Helper()
	e := c.Open("g1", lib, slog.New(slog.DiscardHandler))
	if err := e.Promote(t.Context()); err != nil {
		t.Fatal(err)
	}
	return e
}

// shards has each partition divided.
func shards(n int) func(*opensearch.Config) {
	return func(c *opensearch.Config) { c.Shards = n }
}

func TestConformance(t *testing.T) {
	for _, n := range []int{1, 3} {
		t.Run(fmt.Sprintf("shards=%d", n), func(t *testing.T) {
			indextest.Run(t, func(t *testing.T, lib *indextest.Library) news.Index { return open(t, connect(t, shards(n)), lib) })
		})
	}
}
