package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/news"
)

func newSources(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "sources", Short: "List the publishers of stored articles", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				var reply struct{ Sources []news.Source }
				if err := cl.call(ctx, http.MethodGet, "/v1/sources", nil, nil, &reply); err != nil {
					return err
				}
				w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
				fmt.Fprintln(w, "ARTICLES\tLATEST\tID\tNAME")
				now := time.Now()
				for _, s := range reply.Sources {
					fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", s.Articles, ago(s.Latest, now), s.ID, s.Name)
				}
				return w.Flush()
			})
		},
	}
}

func newRemove(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "remove ID|URL...", Short: "Take articles down for good; they are never crawled again", Args: args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				for _, name := range list {
					id, err := articleID(ctx, cl, name)
					if err == nil {
						err = cl.call(ctx, http.MethodDelete, articlePath(id), nil, nil, nil)
					}
					if err != nil {
						return fmt.Errorf("remove %s: %w", name, err)
					}
					a.printf("removed %s\n", name)
				}
				return nil
			})
		},
	}
}

// articleID returns the id of the article that name, an id or a URL, stands for.
func articleID(ctx context.Context, cl *client, name string) (string, error) {
	if news.IsID(name) {
		return name, nil
	}
	var found struct{ ID string }
	err := cl.call(ctx, http.MethodGet, "/v1/lookup", url.Values{"url": {name}}, nil, &found)
	return found.ID, err
}
