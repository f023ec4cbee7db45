package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/crawler"
)

func newInspectURL(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "url URL...", Short: "The way of an address: discovered, fetched, stored, indexed, or why not", Args: args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				for _, u := range list {
					steps, err := cl.trace(ctx, u)
					if err != nil {
						return fmt.Errorf("trace %s: %w", u, err)
					}
					a.printTrace(steps)
				}
				return nil
			})
		},
	}
}

// trace asks the owner of the data directory for the way of an address.
func (c *client) trace(ctx context.Context, address string) ([]crawler.Step, error) {
	if n := c.local; n != nil {
		return crawler.NewTracer(n.store, n.fetch, nil).Trace(ctx, address)
	}
	var reply struct{ Steps []crawler.Step }
	err := c.call(ctx, http.MethodGet, "/v1/trace", url.Values{"url": {address}}, nil, &reply)
	return reply.Steps, err
}

func (a *app) printTrace(steps []crawler.Step) {
	for _, s := range steps {
		mark, at := "no", ""
		if s.OK {
			mark = "ok"
		}
		if !s.At.IsZero() {
			at = s.At.Local().Format(time.DateTime) + "  "
		}
		a.printf("%-2s  %-10s  %s%s\n", mark, s.Name, at, s.Note)
	}
}
