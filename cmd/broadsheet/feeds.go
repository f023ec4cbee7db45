package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/news"
)

// maxOPML bounds an OPML file.
const maxOPML = 16 << 20

func newFeeds(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "feeds",
		Short: "List and change what is polled",
		Args:  args(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return a.session(c.Context(), a.listFeeds) },
	}
	c.AddCommand(
		&cobra.Command{Use: "list", Short: "List feeds with their health", Args: args(cobra.NoArgs), RunE: c.RunE},
		newFeedsAdd(a),
		feedCommand(a, "remove", "Forget feeds; their articles stay", func(ctx context.Context, cl *client, id string) error {
			return cl.call(ctx, http.MethodDelete, "/v1/feeds/"+id, nil, nil, nil)
		}),
		feedCommand(a, "enable", "Poll feeds again", setEnabled(true)),
		feedCommand(a, "disable", "Stop polling feeds", setEnabled(false)),
		feedCommand(a, "refresh", "Poll feeds as soon as their hosts allow", func(ctx context.Context, cl *client, id string) error {
			return cl.call(ctx, http.MethodPost, "/v1/feeds/"+id+"/refresh", nil, nil, nil)
		}),
		newFeedsImport(a), newFeedsExport(a),
	)
	return c
}

func fetchFeeds(ctx context.Context, cl *client) ([]news.Feed, error) {
	var reply struct{ Feeds []news.Feed }
	err := cl.call(ctx, http.MethodGet, "/v1/feeds", nil, nil, &reply)
	return reply.Feeds, err
}

func (a *app) listFeeds(ctx context.Context, cl *client) error {
	feeds, err := fetchFeeds(ctx, cl)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "HEALTH\tLAST SUCCESS\tNEXT POLL\tARTICLES\tTITLE\tURL")
	now := time.Now()
	for _, f := range feeds {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%s\n", healthWord(f), ago(f.LastSuccess, now), until(f, now), f.Articles, f.Title, f.URL)
		if f.LastError != "" {
			fmt.Fprintf(w, "\t%s\n", f.LastError)
		}
	}
	return w.Flush()
}

func healthWord(f news.Feed) string {
	switch {
	case !f.Enabled:
		return "off"
	case f.Health == "":
		return "new"
	default:
		return string(f.Health)
	}
}

func ago(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return age(t, now)
}

func until(f news.Feed, now time.Time) string {
	switch {
	case !f.Enabled || f.NextPoll.IsZero():
		return "-"
	case !f.NextPoll.After(now):
		return "due"
	default:
		return "in " + f.NextPoll.Sub(now).Round(time.Second).String()
	}
}

func newFeedsAdd(a *app) *cobra.Command {
	var title, category string
	c := &cobra.Command{
		Use: "add URL...", Short: "Add feeds", Args: args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				for _, u := range list {
					var f struct{ Feed news.Feed }
					body := map[string]any{"url": u, "title": title, "category": category, "enabled": true}
					if err := cl.call(ctx, http.MethodPost, "/v1/feeds", nil, body, &f); err != nil {
						return fmt.Errorf("add %s: %w", u, err)
					}
					a.printf("added %s\n", u)
				}
				return nil
			})
		},
	}
	c.Flags().StringVar(&title, "title", "", "what to call it")
	c.Flags().StringVar(&category, "category", "", "group in OPML")
	return c
}

// feedCommand makes a command that does something to each feed named.
func feedCommand(a *app, use, short string, do func(context.Context, *client, string) error) *cobra.Command {
	return &cobra.Command{
		Use: use + " ID|URL...", Short: short, Args: args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				feeds, err := fetchFeeds(ctx, cl)
				if err != nil {
					return err
				}
				for _, name := range list {
					f, err := findFeed(feeds, name)
					if err == nil {
						err = do(ctx, cl, f.ID)
					}
					if err != nil {
						return fmt.Errorf("%s %s: %w", use, name, err)
					}
					a.printf("%s: %s\n", use, f.URL)
				}
				return nil
			})
		},
	}
}

func findFeed(feeds []news.Feed, name string) (news.Feed, error) {
	for _, f := range feeds {
		if f.ID == name || f.URL == name {
			return f, nil
		}
	}
	return news.Feed{}, fmt.Errorf("%w: no feed has this id or URL; see broadsheet feeds list", news.ErrNotFound)
}

func setEnabled(on bool) func(context.Context, *client, string) error {
	return func(ctx context.Context, cl *client, id string) error {
		return cl.call(ctx, http.MethodPatch, "/v1/feeds/"+id, nil, map[string]any{"enabled": on}, nil)
	}
}

func newFeedsImport(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "import FILE.opml", Short: "Add the feeds of an OPML file (- for standard input)", Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			text, err := a.readFile(list[0], maxOPML)
			if err != nil {
				return err
			}
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				var reply struct{ Added, Known int }
				if err := cl.call(ctx, http.MethodPost, "/v1/import", nil, opmlText(text), &reply); err != nil {
					return fmt.Errorf("import %s: %w", list[0], err)
				}
				a.printf("%s added, %d known already\n", plural(reply.Added, "feed"), reply.Known)
				return nil
			})
		},
	}
}

func newFeedsExport(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "export", Short: "Print the feeds as OPML", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error { return a.copyReply(ctx, cl, "/v1/export") })
		},
	}
}

// copyReply prints the body of a GET as it comes.
func (a *app) copyReply(ctx context.Context, cl *client, path string) error {
	resp, err := cl.do(ctx, http.MethodGet, path, nil, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(a.out, resp.Body)
	return err
}

// readFile reads a file of at most limit bytes; "-" is standard input.
func (a *app) readFile(path string, limit int64) ([]byte, error) {
	in := a.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = fmt.Errorf("%s is larger than %d bytes", path, limit)
	}
	return text, err
}
