package opensearch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

// minMajor is the oldest major version of OpenSearch that is used.
const minMajor = 3

// Engine is one generation of the index in OpenSearch. It is safe for concurrent
// use, by any number of processes.
type Engine struct {
	cfg        Config
	generation string
	client     *client
	mapper     *index.Mapper
	library    index.Library
	names      *index.Names
	log        *slog.Logger

	written written
	views   views

	mu   sync.Mutex
	made map[string]bool // indexes known to be there
}

var _ news.Index = (*Engine)(nil)

// Cluster is a connection to an OpenSearch cluster that has been found fit.
type Cluster struct {
	cfg    Config
	client *client
	mapper *index.Mapper
}

// Connect reaches the cluster and checks that it can do what is needed of it. An
// error says what is wrong with it and the remedy; one that is
// [news.ErrUnavailable] may pass.
func Connect(ctx context.Context, cfg Config) (*Cluster, error) {
	cfg.setDefaults()
	mapper, err := index.NewMapper()
	if err != nil {
		return nil, err
	}
	c, err := newClient(cfg)
	if err != nil {
		return nil, err
	}
	cluster := &Cluster{cfg: cfg, client: c, mapper: mapper}
	if err := cluster.check(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("OpenSearch at %s: %w", strings.Join(cfg.Hosts, ", "), err), c.close())
	}
	return cluster, nil
}

// Name tells the cluster's indexes from others that follow the same store.
func (c *Cluster) Name() string { return "opensearch." + c.cfg.Prefix }

// Close ends the connection; engines over it must be closed before.
func (c *Cluster) Close() error { return c.client.close() }

func (c *Cluster) check(ctx context.Context) error {
	var info struct {
		Version struct {
			Number       string `json:"number"`
			Distribution string `json:"distribution"`
		} `json:"version"`
	}
	err := c.client.do(ctx, http.MethodGet, "/", nil, nil, &info)
	switch {
	case isStatus(err, http.StatusUnauthorized), isStatus(err, http.StatusForbidden):
		return fmt.Errorf("the user or the password is refused: give them in the address, or by %s and %s: %w", UserVariable, PasswordVariable, err)
	case err != nil:
		return fmt.Errorf("check that it runs, and that the address in index.engine is its own (and has tls=true if it speaks HTTPS): %w", err)
	case info.Version.Distribution != "opensearch":
		return fmt.Errorf("this is %q, version %q, not OpenSearch: give the address of an OpenSearch cluster", info.Version.Distribution, info.Version.Number)
	}
	major, _, _ := strings.Cut(info.Version.Number, ".")
	if n, err := strconv.Atoi(major); err != nil || n < minMajor {
		return fmt.Errorf("version %s is too old: upgrade it to %d.0 or later", info.Version.Number, minMajor)
	}
	return c.checkAnalysis(ctx)
}

// checkAnalysis makes sure that the parts of our analyzer are there.
func (c *Cluster) checkAnalysis(ctx context.Context) error {
	ask := object{"tokenizer": "whitespace", "filter": []any{object{"type": "stop", "stopwords": []string{gap}}}, "text": "a " + gap + " b"}
	var said struct {
		Tokens []struct {
			Token    string `json:"token"`
			Position int    `json:"position"`
		} `json:"tokens"`
	}
	err := c.client.do(ctx, http.MethodPost, "/_analyze", nil, ask, &said)
	if err != nil && !errors.Is(err, news.ErrUnavailable) {
		return fmt.Errorf("the module analysis-common is missing, which every distribution has: install it on all nodes: %w", err)
	}
	if err == nil && (len(said.Tokens) != 2 || said.Tokens[1].Position != 2) {
		return fmt.Errorf("its analysis keeps no gaps between words: %v", said.Tokens)
	}
	return err
}

// Open returns the engine of a generation, which is a short name in lower case.
// Nothing is made in the cluster before the first write or [Engine.Promote].
func (c *Cluster) Open(generation string, library index.Library, log *slog.Logger) *Engine {
	return &Engine{
		cfg: c.cfg, generation: generation, client: c.client, mapper: c.mapper, library: library, log: log,
		names: index.NewNames(library, c.cfg.Now), made: make(map[string]bool),
	}
}

// Close does nothing: the connection is the [Cluster]'s.
func (e *Engine) Close() error { return nil }
