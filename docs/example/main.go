// Command example searches a Broadsheet server in plain Go: it prints the newest
// articles that match, page after page by cursor, and who is named in them.
//
//	go run ./docs/example http://localhost:8080 'harbor -opinion'
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"time"
)

// result is what of a search's reply is used here.
type result struct {
	TotalResults int
	Articles     []struct {
		Title, URL  string
		PublishedAt time.Time
		Source      struct{ Name string }
	}
	Facets map[string]struct {
		Buckets []struct {
			Label string
			Count int
		}
	}
	NextCursor string
}

// problem is what every error looks like.
type problem struct {
	Code, Detail, Param string
	Status              int
}

func (p *problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail) }

// client asks one server. Key may be empty on the machine itself.
type client struct{ base, key string }

func (c client) search(ctx context.Context, values url.Values) (*result, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/v1/search?"+values.Encode(), nil)
	if err != nil {
		return nil, err
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		p := &problem{Status: resp.StatusCode}
		if err := json.NewDecoder(resp.Body).Decode(p); err != nil {
			return nil, fmt.Errorf("%s: %w", resp.Status, err)
		}
		return nil, p
	}
	var r result
	return &r, json.NewDecoder(resp.Body).Decode(&r)
}

// show prints at most pages pages of what matches.
func show(ctx context.Context, out io.Writer, c client, q string, pages int) error {
	values := url.Values{"q": {q}, "sortBy": {"newest"}, "pageSize": {"5"}, "facets": {"person"}, "facetSize": {"3"}}
	for page := range pages {
		r, err := c.search(ctx, values)
		if err != nil {
			return err
		}
		if page == 0 {
			fmt.Fprintf(out, "%d articles\n", r.TotalResults)
			for _, b := range r.Facets["person"].Buckets {
				fmt.Fprintf(out, "  %s in %d\n", b.Label, b.Count)
			}
		}
		for _, a := range r.Articles {
			fmt.Fprintf(out, "%s  %s (%s)\n  %s\n", a.PublishedAt.Format(time.DateOnly), a.Title, a.Source.Name, a.URL)
		}
		if r.NextCursor == "" {
			return nil
		}
		values.Set("cursor", r.NextCursor)
	}
	return nil
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: example BASE-URL QUERY")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := client{base: os.Args[1], key: os.Getenv("BROADSHEET_KEY")}
	if err := show(ctx, os.Stdout, c, os.Args[2], 2); err != nil {
		log.Fatal(err)
	}
}
