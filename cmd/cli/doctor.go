package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"broadsheet.example/news"
)

// lowSpace is the free disk space below which the doctor warns.
const lowSpace = 1 << 30

func newDoctor(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check configuration, database, index and disk",
		Args:  args(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return a.doctor(c.Context()) },
	}
}

// finding is one line of the doctor's report.
type finding struct {
	what    string
	problem error
	detail  string
}

func (a *app) doctor(ctx context.Context) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	c, err := a.connect(ctx, cfg)
	if err != nil {
		return err
	}
	if err := a.current(ctx, c); err != nil {
		return errors.Join(err, c.close())
	}
	findings := []finding{{what: "configuration", detail: "valid"}, disk(cfg.DataDir)}
	if c.local != nil {
		findings = append(findings, finding{"database", c.local.store.Check(ctx), "sound"})
	}
	findings = append(findings, agreement(ctx, c)...)
	if cfg.Store != "" {
		findings = append(findings, readersFinding(ctx, cfg))
	}
	err = c.close()
	sick := 0
	for _, f := range findings {
		if f.problem == nil {
			a.printf("ok       %-14s %s\n", f.what, f.detail)
			continue
		}
		sick++
		a.printf("PROBLEM  %-14s %v\n", f.what, f.problem)
	}
	if sick > 0 {
		err = errors.Join(err, fmt.Errorf("%s found", plural(sick, "problem")))
	}
	return err
}

func disk(dir string) finding {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return finding{what: "disk", problem: err}
	}
	free := s.Bavail * uint64(s.Bsize)
	f := finding{what: "disk", detail: fmt.Sprintf("%.1f GB free", float64(free)/1e9)}
	if free < lowSpace {
		f.problem = fmt.Errorf("only %.1f GB free in %s; writing stops when it is full", float64(free)/1e9, dir)
	}
	return f
}

// agreement compares store and index, and looks at the feeds.
func agreement(ctx context.Context, c *client) []finding {
	var status struct {
		Digest struct {
			Store, Index struct{ Articles int }
			Equal        bool
		} `json:"digest"`
		Outbox struct {
			Pending int `json:"pending"`
		} `json:"outbox"`
		Feeds struct{ Health map[news.FeedHealth]int } `json:"feeds"`
	}
	if err := c.call(ctx, http.MethodGet, "/v1/status", map[string][]string{"digest": {"true"}}, nil, &status); err != nil {
		return []finding{{what: "status", problem: err}}
	}
	index := finding{what: "index", detail: fmt.Sprintf("agrees with the store on %s", plural(status.Digest.Store.Articles, "article"))}
	if d := status.Digest; !d.Equal {
		index.problem = fmt.Errorf("store and index differ (%d and %d articles, %d changes waiting); if that stays, run: broadsheet reindex",
			d.Store.Articles, d.Index.Articles, status.Outbox.Pending)
	}
	feeds := finding{what: "feeds", detail: healthWords(status.Feeds.Health)}
	if bad := status.Feeds.Health[news.HealthDead] + status.Feeds.Health[news.HealthGone]; bad > 0 {
		feeds.problem = fmt.Errorf("%s dead or gone; see: broadsheet feeds", plural(bad, "feed"))
	}
	return []finding{index, feeds}
}

// healthWords lists how many feeds are in which state.
func healthWords(states map[news.FeedHealth]int) string {
	if len(states) == 0 {
		return "none polled yet"
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(states)) {
		parts = append(parts, fmt.Sprintf("%d %s", states[name], name))
	}
	return strings.Join(parts, ", ")
}
