package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"broadsheet.example/entity/authority"
	"broadsheet.example/news"
)

// decidedStore is the store with its authority file: what is decided about
// entities reaches what comes in, and soon the articles that are there.
type decidedStore struct {
	archive
	entities *authority.File
}

// Decide makes decisions; see [authority.File.Decide].
func (s decidedStore) Decide(ctx context.Context, decisions ...news.Decision) ([]news.Decision, error) {
	return s.entities.Decide(ctx, decisions...)
}

func newEntities(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "entities", Short: "Show people, places and organisations, and correct who is who", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		newEntitiesList(a), newEntitiesShow(a),
		newDecision(a, "merge ID INTO", "Say that ID is the entity INTO; its id goes on answering", cobra.ExactArgs(2), func(list []string) (string, string, any) {
			return http.MethodPost, "/merge", map[string]string{"into": list[1]}
		}),
		newDecision(a, "split ID", "Say that ID is nobody but itself; undoes a merge", cobra.ExactArgs(1), func([]string) (string, string, any) {
			return http.MethodPost, "/split", map[string]string{}
		}),
		newDecision(a, "rename ID [NAME]", "Call the entity NAME; without one, what it was called before", cobra.RangeArgs(1, 2), func(list []string) (string, string, any) {
			return http.MethodPatch, "", map[string]string{"name": strings.Join(list[1:], "")}
		}),
		newDecision(a, "alias ID NAME", "Say that whoever is called NAME is the entity", cobra.ExactArgs(2), func(list []string) (string, string, any) {
			return http.MethodPost, "/aliases", map[string]string{"name": list[1]}
		}),
		newEntitiesRefresh(a),
	)
	return c
}

func entityPath(id string) string { return "/v1/entities/" + url.PathEscape(id) }

// shownEntity is an entity as the API tells of it.
type shownEntity struct {
	ID, Name, Country string
	Type              news.EntityType
	Articles          int
	Aliases           []news.Alias
}

func newEntitiesList(a *app) *cobra.Command {
	var kind string
	c := &cobra.Command{
		Use: "list [QUERY]", Short: "List who and what the articles of a search name, most articles first", Args: args(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				if err := a.current(ctx, cl); err != nil {
					return err
				}
				values := url.Values{"facetSize": {"50"}}
				if len(list) > 0 {
					values.Set("q", list[0])
				}
				if kind != "" {
					values.Set("entityType", kind)
				}
				var reply struct{ Entities []shownEntity }
				if err := cl.call(ctx, http.MethodGet, "/v1/entities", values, nil, &reply); err != nil {
					return err
				}
				w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
				fmt.Fprintln(w, "ARTICLES\tTYPE\tID\tNAME")
				for _, e := range reply.Entities {
					fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", e.Articles, e.Type, e.ID, e.Name)
				}
				return w.Flush()
			})
		},
	}
	c.Flags().StringVar(&kind, "type", "", "person, place or organization alone")
	return c
}

func newEntitiesShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show an entity and what was merged into it", Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				if err := a.current(ctx, cl); err != nil {
					return err
				}
				var reply struct{ Entity shownEntity }
				if err := cl.call(ctx, http.MethodGet, entityPath(list[0]), nil, nil, &reply); err != nil {
					return err
				}
				a.printEntity(reply.Entity)
				a.printf("  in %s\n", plural(reply.Entity.Articles, "article"))
				return nil
			})
		},
	}
}

func (a *app) printEntity(e shownEntity) {
	a.printf("%s  %s %s %s\n", e.ID, e.Type, e.Name, e.Country)
	for _, alias := range e.Aliases {
		a.printf("  also %s %s\n", alias.ID, alias.Name)
	}
}

// newDecision is a command whose request, to the entity that the first argument
// names, is made by request: method, rest of the path, body.
func newDecision(a *app, use, short string, check cobra.PositionalArgs, request func(list []string) (method, path string, body any)) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: args(check),
		RunE: func(c *cobra.Command, list []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				method, path, body := request(list)
				var reply struct{ Entity shownEntity }
				if err := cl.call(ctx, method, entityPath(list[0])+path, nil, body, &reply); err != nil {
					return err
				}
				a.printEntity(reply.Entity)
				if cl.local == nil { // the server brings the articles in line
					return nil
				}
				_, err := cl.local.entities.Refresh(ctx)
				return err
			})
		},
	}
}

// errServed is returned by a refresh that a server does by itself.
var errServed = errors.New("a server owns the data directory: it refreshes after each decision and every entity.refresh by itself")

func newEntitiesRefresh(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "refresh", Short: "Complete short names by what the whole archive shows, and bring all articles in line", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				if cl.local == nil {
					return errServed
				}
				r, err := cl.local.entities.Refresh(ctx)
				if err == nil {
					a.printf("%s looked at, %d amended in %s\n", plural(r.Articles, "article"), r.Amended, r.Took)
				}
				return err
			})
		},
	}
}
