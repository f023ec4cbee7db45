package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/crawler"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/link"
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
		newFeedsImport(a), newFeedsExport(a), newFeedsPause(a), newFeedsResume(a),
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
	fmt.Fprintln(w, "HEALTH\tLAST SUCCESS\tNEXT POLL\tARTICLES\tA DAY\tTITLE\tURL")
	now := time.Now()
	for _, f := range feeds {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%.1f\t%s\t%s\n", healthWord(f), ago(f.LastSuccess, now), until(f, now), f.Articles, aDay(f, now), f.Title, f.URL)
		if f.LastError != "" {
			fmt.Fprintf(w, "\t%s\n", f.LastError)
		}
	}
	return w.Flush()
}

// aDay is how many articles a feed has brought on a day since it was added.
func aDay(f news.Feed, now time.Time) float64 {
	const day = 24 * time.Hour
	return float64(f.Articles) / max(1, now.Sub(f.AddedAt).Hours()/day.Hours())
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
	case now.Sub(f.NextPoll) >= time.Minute:
		return "late by " + now.Sub(f.NextPoll).Round(time.Second).String()
	case !f.NextPoll.After(now):
		return "due"
	default:
		return "in " + f.NextPoll.Sub(now).Round(time.Second).String()
	}
}

func newFeedsAdd(a *app) *cobra.Command {
	var add feedsAdd
	c := &cobra.Command{
		Use: "add URL...", Short: "Add feeds, or the feeds that pages offer",
		Long: "Add feeds. An address that is no feed is searched for one: what the page offers, then\n" +
			"the usual places of its site, with at most seven requests.",
		Args: args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error { return a.addFeeds(ctx, cl, add, list) })
		},
	}
	c.Flags().StringVar(&add.title, "title", "", "what to call it")
	c.Flags().StringVar(&add.category, "category", "", "group in OPML")
	c.Flags().BoolVar(&add.asIs, "as-is", false, "do not look at the address first")
	return c
}

// feedsAdd is how feeds are to be added.
type feedsAdd struct {
	title, category string
	asIs            bool
}

func (a *app) addFeeds(ctx context.Context, cl *client, how feedsAdd, list []string) error {
	for _, u := range list {
		found := &crawler.Found{Feed: news.Feed{URL: u}}
		if !how.asIs {
			var err error
			if found, err = a.discover(ctx, cl, u); err != nil {
				return fmt.Errorf("add %s: %w", u, err)
			}
		}
		f := found.Feed
		body := map[string]any{"url": f.URL, "title": how.title, "category": how.category, "enabled": true}
		if f.Kind != "" {
			body["kind"] = f.Kind
		}
		if err := cl.call(ctx, http.MethodPost, "/v1/feeds", nil, body, nil); err != nil {
			return fmt.Errorf("add %s: %w", f.URL, err)
		}
		a.printf("added %s\n", strings.TrimSpace(f.URL+" "+f.Title))
		for _, other := range found.Others {
			a.printf("  also offered: %s\n", other)
		}
	}
	return nil
}

// discover finds the feed of an address. One that cannot be reached now is taken
// as it is: polling will tell.
func (a *app) discover(ctx context.Context, cl *client, address string) (found *crawler.Found, err error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	get := newFetch(cfg, slog.New(slog.DiscardHandler), nil)
	if cl.local != nil {
		get = cl.local.fetch // it knows when the host was last asked
	} else {
		defer func() { err = errors.Join(err, get.Close()) }()
	}
	found, err = crawler.Discover(ctx, get, address)
	fe, unreachable := errors.AsType[*fetch.Error](err)
	if unreachable && fe.Kind != fetch.Address {
		fmt.Fprintf(a.errs, "%v\nadded as it is\n", err)
		return &crawler.Found{Feed: news.Feed{URL: address}}, nil
	}
	return found, err
}

func newFeedsPause(a *app) *cobra.Command {
	var long time.Duration
	c := &cobra.Command{
		Use: "pause [HOST]", Short: "Leave a host alone for a while, or all hosts", Args: args(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				host, until := pausedHost(list), time.Now().Add(long)
				if err := cl.pause(ctx, host, until); err != nil {
					return err
				}
				a.printf("paused %s until %s\n", hostName(host), until.Format(time.DateTime))
				return nil
			})
		},
	}
	c.Flags().DurationVar(&long, "for", 365*24*time.Hour, "how `LONG`")
	return c
}

func newFeedsResume(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "resume [HOST]", Short: "End a pause", Args: args(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				host := pausedHost(list)
				if err := cl.resume(ctx, host); err != nil {
					return err
				}
				a.printf("resumed %s\n", hostName(host))
				return nil
			})
		},
	}
}

// pausedHost is the host that a pause is for, as politeness counts hosts; empty
// for all.
func pausedHost(list []string) string {
	if len(list) == 0 {
		return ""
	}
	if strings.Contains(list[0], "://") {
		return link.Host(list[0])
	}
	return link.Host("https://" + list[0])
}

func hostName(host string) string {
	if host == "" {
		return "all hosts"
	}
	return host
}

func (c *client) pause(ctx context.Context, host string, until time.Time) error {
	if c.local != nil {
		return c.local.store.Pause(ctx, host, until)
	}
	return c.call(ctx, http.MethodPost, "/v1/pauses", nil, map[string]any{"host": host, "until": until}, nil)
}

func (c *client) resume(ctx context.Context, host string) error {
	if c.local != nil {
		return c.local.store.Resume(ctx, host)
	}
	return c.call(ctx, http.MethodDelete, "/v1/pauses", url.Values{"host": {host}}, nil, nil)
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
