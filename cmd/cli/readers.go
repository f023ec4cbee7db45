package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/configs"
	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/postgres"
)

// forgottenAfter is for how long a reader that acknowledges nothing is taken to
// be away rather than gone.
const forgottenAfter = 24 * time.Hour

func newReaders(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "readers",
		Short: "List who follows the archive in PostgreSQL, and how far behind",
		Long: `List the readers of the outbox of an archive in PostgreSQL: an index of each
process that has one, and those who look for duplicates. What a reader has not
acknowledged is kept for it. One whose process is gone for good keeps ever more:
remove it. If its process comes back after all, its index is built anew.`,
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.sharedOutbox(c.Context(), func(o store.Outbox) error { return a.listReaders(c.Context(), o) })
		},
	}
	c.AddCommand(&cobra.Command{
		Use: "remove NAME", Short: "Forget a reader and what is kept for it", Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			return a.sharedOutbox(c.Context(), func(o store.Outbox) error { return a.removeReader(c.Context(), o, list[0]) })
		},
	})
	return c
}

// sharedOutbox has do work on the outbox in PostgreSQL, whoever else does.
func (a *app) sharedOutbox(ctx context.Context, do func(store.Outbox) error) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if cfg.Store == "" {
		return errors.New("the archive is in a file, whose one process sees to its readers")
	}
	s, err := openShared(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

// openShared opens the archive in PostgreSQL beside the processes that use it.
func openShared(ctx context.Context, cfg *configs.Config) (*postgres.Store, error) {
	return postgres.Open(ctx, postgres.Config{DSN: cfg.Store, MaxConns: 2}, nil)
}

// reader is who follows the outbox, and how far behind.
type reader struct {
	name string
	store.Backlog
}

// readersOf lists the readers of an outbox by name.
func readersOf(ctx context.Context, o store.Outbox) ([]reader, error) {
	names, err := o.Readers(ctx)
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var list []reader
	for _, name := range names {
		b, err := o.Backlog(ctx, name)
		switch {
		case errors.Is(err, news.ErrNotFound): // removed meanwhile
			continue
		case err != nil:
			return nil, err
		}
		list = append(list, reader{name, b})
	}
	return list, nil
}

func (a *app) listReaders(ctx context.Context, o store.Outbox) error {
	list, err := readersOf(ctx, o)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "READER\tBEHIND\tSINCE")
	for _, r := range list {
		since := "-"
		if !r.Oldest.IsZero() {
			since = r.Oldest.Format(time.DateTime)
		}
		fmt.Fprintf(w, "%s\t%d\t%s\n", r.name, r.Pending, since)
	}
	return w.Flush()
}

func (a *app) removeReader(ctx context.Context, o store.Outbox, name string) error {
	b, err := o.Backlog(ctx, name)
	if err != nil {
		return err
	}
	if err := o.Unregister(ctx, name); err != nil {
		return err
	}
	a.printf("removed %s and %s kept for it\n", name, plural(b.Pending, "change"))
	return nil
}

// readersFinding looks for readers that nobody reads as any more.
func readersFinding(ctx context.Context, cfg *configs.Config) finding {
	f := finding{what: "readers"}
	s, err := openShared(ctx, cfg)
	if err != nil {
		f.problem = err
		return f
	}
	list, err := readersOf(ctx, s)
	if err = errors.Join(err, s.Close()); err != nil {
		f.problem = err
		return f
	}
	f.detail = fmt.Sprintf("%s follow the archive", plural(len(list), "reader"))
	var errs []error
	for _, r := range list {
		if away := time.Since(r.Oldest); !r.Oldest.IsZero() && away > forgottenAfter {
			errs = append(errs, fmt.Errorf("%s is %s behind, for %s; if its process is gone for good: broadsheet readers remove %[1]s",
				r.name, plural(r.Pending, "change"), away.Round(time.Hour)))
		}
	}
	f.problem = errors.Join(errs...)
	return f
}
