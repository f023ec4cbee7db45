package cli

import (
	"context"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

func newExport(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "export", Short: "Print every article as JSON, one a line; import takes it back", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				return a.copyReply(ctx, cl, "/v1/export/articles.ndjson")
			})
		},
	}
}

func newReindex(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "reindex", Short: "Build the index anew from the store, while the old one answers", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				done := make(chan error, 1)
				go func() { done <- cl.call(ctx, http.MethodPost, "/v1/reindex", nil, nil, nil) }()
				return a.watchReindex(ctx, cl, done)
			})
		},
	}
}

// watchReindex shows progress until done yields.
func (a *app) watchReindex(ctx context.Context, cl *client, done <-chan error) error {
	bar := a.progress(0, "reindexing", false)
	defer bar.Close()
	start := time.Now()
	for {
		select {
		case err := <-done:
			bar.Close()
			if err == nil {
				a.printf("reindexed in %s\n", time.Since(start).Round(time.Millisecond))
			}
			return err
		case <-time.After(200 * time.Millisecond):
		}
		var status struct {
			Articles int `json:"articles"`
			More     struct {
				Reindex struct {
					Pending int `json:"pending"`
				} `json:"reindex"`
			} `json:"more"`
		}
		if err := cl.call(ctx, http.MethodGet, "/v1/status", nil, nil, &status); err == nil {
			bar.Total(int64(status.Articles))
			bar.Set(int64(status.Articles - status.More.Reindex.Pending))
		}
	}
}
