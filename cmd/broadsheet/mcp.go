package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"

	"broadsheet.example/news"
)

// maxToolReply is the longest reply that an assistant is given.
const maxToolReply = 1 << 20

func newMCP(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "mcp", Short: "Let an assistant search the archive (Model Context Protocol on standard input and output)", Args: args(cobra.NoArgs),
		Long: "Let an assistant search the archive. It speaks the Model Context Protocol on standard\ninput and output, and changes nothing. In the assistant's configuration:\n\n  {\"command\": \"broadsheet\", \"args\": [\"mcp\", \"--data-dir\", \"DIR\"]}",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				in, out := io.NopCloser(a.in), unclosed{a.out}
				err := newMCPServer(cl).Run(ctx, &mcp.IOTransport{Reader: in, Writer: out})
				if errors.Is(err, io.EOF) || ctx.Err() != nil {
					return nil // the assistant hung up, or we were stopped
				}
				return err
			})
		},
	}
}

// unclosed is a writer that stays open when its user closes it.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// What the tools take. Names are those of the API.
type (
	searchTool struct {
		Query        string `json:"query" jsonschema:"words, \"phrases\", AND, OR, -not, fields such as title: person: source:, dates such as after:2024-04-01; empty for everything"`
		Sources      string `json:"sources,omitempty" jsonschema:"ids of publishers, separated by commas"`
		Person       string `json:"person,omitempty" jsonschema:"names of people"`
		Place        string `json:"place,omitempty" jsonschema:"names of places"`
		Organization string `json:"organization,omitempty" jsonschema:"names of organizations"`
		Language     string `json:"language,omitempty" jsonschema:"ISO 639-1 codes"`
		From         string `json:"from,omitempty" jsonschema:"a day, a time or an age such as 7d"`
		To           string `json:"to,omitempty" jsonschema:"a day or a time"`
		SortBy       string `json:"sortBy,omitempty" jsonschema:"relevancy, newest or oldest"`
		Facets       string `json:"facets,omitempty" jsonschema:"what to count: source, date, person, place, organization, author, language, section, country"`
		PageSize     int    `json:"pageSize,omitempty" jsonschema:"1 to 100, by default 10"`
		Page         int    `json:"page,omitempty" jsonschema:"from 1"`
	}
	articleTool struct {
		ID  string `json:"id,omitempty" jsonschema:"id of the article"`
		URL string `json:"url,omitempty" jsonschema:"its address, if the id is not known"`
	}
	relatedTool struct {
		ID       string `json:"id" jsonschema:"id of the article"`
		Window   int    `json:"window,omitempty" jsonschema:"days before and after, by default 30"`
		PageSize int    `json:"pageSize,omitempty" jsonschema:"1 to 50, by default 10"`
	}
	timeseriesTool struct {
		Query    string `json:"query" jsonschema:"as for search"`
		Sources  string `json:"sources,omitempty" jsonschema:"ids of publishers, separated by commas"`
		From     string `json:"from,omitempty" jsonschema:"a day, a time or an age such as 7d"`
		To       string `json:"to,omitempty" jsonschema:"a day or a time"`
		Interval string `json:"interval,omitempty" jsonschema:"hour, day, week, month or year; by default what reads well"`
		SplitBy  string `json:"splitBy,omitempty" jsonschema:"also count the most frequent values of: source, person, place, organization, language, section"`
	}
	sourcesTool struct{}
)

// newMCPServer offers the archive's reads as tools.
func newMCPServer(cl *client) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "broadsheet", Title: "Broadsheet news archive", Version: version()}, nil)
	addTool(s, cl, "search", "Search news articles. Gives titles, addresses, dates, snippets and counts; article gives the whole text.",
		func(in searchTool) (string, url.Values, error) {
			if in.PageSize == 0 {
				in.PageSize = 10
			}
			return "/v1/search", given(url.Values{"preTag": {"**"}, "postTag": {"**"}}, map[string]string{
				"q": in.Query, "sources": in.Sources, "person": in.Person, "place": in.Place, "organization": in.Organization,
				"language": in.Language, "from": in.From, "to": in.To, "sortBy": in.SortBy, "facets": in.Facets,
				"pageSize": number(in.PageSize), "page": number(in.Page),
			}), nil
		})
	addTool(s, cl, "article", "One article with its text, by id or address.", func(in articleTool) (string, url.Values, error) {
		if in.ID == "" {
			return "/v1/lookup", url.Values{"url": {in.URL}}, nil
		}
		path, err := toolPath(in.ID)
		return path, nil, err
	})
	addTool(s, cl, "related", "Articles of the same weeks on the same people, places and things.", func(in relatedTool) (string, url.Values, error) {
		path, err := toolPath(in.ID, "/related")
		return path, given(nil, map[string]string{"window": number(in.Window), "pageSize": number(in.PageSize)}), err
	})
	addTool(s, cl, "timeseries", "How many articles match, by time.", func(in timeseriesTool) (string, url.Values, error) {
		return "/v1/timeseries", given(nil, map[string]string{
			"q": in.Query, "sources": in.Sources, "from": in.From, "to": in.To, "interval": in.Interval, "splitBy": in.SplitBy,
		}), nil
	})
	addTool(s, cl, "sources", "The publishers of the archive, with their ids and how many articles there are.",
		func(sourcesTool) (string, url.Values, error) { return "/v1/sources", nil, nil })
	return s
}

// addTool adds a tool that is one GET of the API. What is wrong with a call is
// told to the assistant in the API's words.
func addTool[In any](s *mcp.Server, cl *client, name, description string, request func(In) (string, url.Values, error)) {
	tool := &mcp.Tool{Name: name, Description: description, Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true}}
	mcp.AddTool(s, tool, func(ctx context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, any, error) {
		path, query, err := request(in)
		if err != nil {
			return nil, nil, err
		}
		text, err := cl.text(ctx, path, query)
		if err != nil {
			return nil, nil, err
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, nil
	})
}

// text returns a reply of the API as it is.
func (c *client) text(ctx context.Context, path string, query url.Values) (string, error) {
	resp, err := c.do(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxToolReply+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read reply of %s: %w", path, err)
	case len(text) > maxToolReply:
		return "", fmt.Errorf("the reply is longer than %d bytes: ask for less", maxToolReply)
	}
	return string(text), nil
}

// toolPath is the path of an article, whose id an assistant may have made up.
func toolPath(id string, more ...string) (string, error) {
	if !news.IsID(id) {
		return "", fmt.Errorf("%q is no id of an article: search gives them", id)
	}
	return articlePath(id, more...), nil
}

// given adds the values that are not empty.
func given(values url.Values, more map[string]string) url.Values {
	if values == nil {
		values = url.Values{}
	}
	for name, value := range more {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values
}

// number writes n, nothing for 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
