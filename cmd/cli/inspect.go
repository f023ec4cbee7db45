package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/crawler/feed"
	"broadsheet.example/entity"
	"broadsheet.example/news/query"
)

func newInspect(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "inspect",
		Short: "Show what the parsers make of an input",
		Long:  "Show what the parsers make of an input, one JSON object a line. Inputs are named on\nthe command line, or come as lines on standard input.",
	}
	c.AddCommand(
		inspectLines(a, "feed [PATH...]", "Feeds: lines PATH [TAB CONTENT-TYPE [TAB URL]]", feed.Inspect),
		newInspectPage(a),
		inspectLines(a, "entities", `Texts: lines {"id": ..., "text": ...}`, func(ctx context.Context, in io.Reader, out io.Writer) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			r, err := a.parts.recognizer(cfg, a.quiet(cfg))
			if err != nil {
				return err
			}
			return entity.Inspect(ctx, in, out, r)
		}),
		newInspectURL(a),
		&cobra.Command{
			Use: "robots URL...", Short: "Whether robots.txt lets us fetch a URL, and which rule says so", Args: args(cobra.MinimumNArgs(1)),
			RunE: func(c *cobra.Command, list []string) error { return a.inspectRobots(c.Context(), list) },
		},
		&cobra.Command{
			Use: "query QUERY...", Short: "How a query is understood: its normal form and its tree", Args: args(cobra.MinimumNArgs(1)),
			RunE: func(_ *cobra.Command, list []string) error { return a.inspectQuery(strings.Join(list, " ")) },
		},
	)
	return c
}

// inspectLines makes a command that passes the named inputs, or else standard
// input, to f.
func inspectLines(a *app, use, short string, f func(context.Context, io.Reader, io.Writer) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short,
		RunE: func(c *cobra.Command, list []string) error {
			in := a.in
			if len(list) > 0 {
				in = strings.NewReader(strings.Join(list, "\n") + "\n")
			}
			return f(c.Context(), in, a.out)
		},
	}
}

func (a *app) inspectRobots(ctx context.Context, urls []string) (err error) {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	client := newFetch(cfg, slog.New(slog.DiscardHandler), nil)
	defer func() { err = errors.Join(err, client.Close()) }()
	for _, u := range urls {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		allowed, reason, err := client.Robots(ctx, u)
		cancel()
		row := map[string]any{"url": u, "allowed": allowed, "reason": reason, "error": nil}
		if err != nil {
			row["error"] = err.Error()
		}
		if err := a.printJSON(row); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) inspectQuery(text string) error {
	node, err := query.Parse(text)
	var syntax *query.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%w\n  %s\n  %s^", err, text, strings.Repeat(" ", len([]rune(text[:min(syntax.Offset, len(text))]))))
	case err != nil:
		return err
	case node == nil:
		return a.printJSON(map[string]any{"query": "", "tree": nil})
	}
	return a.printJSON(map[string]any{"query": node.String(), "tree": fmt.Sprintf("%T%+v", node, node)})
}

// printJSON prints v as one line of JSON.
func (a *app) printJSON(v any) error {
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	_, err := a.out.Write(line.Bytes())
	return err
}
