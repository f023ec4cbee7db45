package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"
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

// newMCPServer offers the archive's reads as tools.
func newMCPServer(cl *client) *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "broadsheet", Title: "Broadsheet news archive", Version: version()}, nil)
	addTool[searchTool](s, cl, "search", "Search news articles. Gives titles, addresses, dates, snippets and counts; article gives the whole text.")
	addTool[articleTool](s, cl, "article", "One article with its text, by id or address.")
	addTool[relatedTool](s, cl, "related", "Articles on the same people, places and things as an article, of the same weeks, or as a text.")
	addTool[timeseriesTool](s, cl, "timeseries", "How many articles match, by time.")
	addTool[sourcesTool](s, cl, "sources", "The publishers of the archive, with their ids and how many articles there are.")
	return s
}

// addTool adds a tool that is one call of the API. What is wrong with it is told to
// the assistant in the API's words.
func addTool[In tool](s *mcp.Server, cl *client, name, description string) {
	about := &mcp.Tool{Name: name, Description: description, Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true}}
	mcp.AddTool(s, about, func(ctx context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, any, error) {
		call, err := in.call()
		if err != nil {
			return nil, nil, err
		}
		text, err := cl.text(ctx, call)
		if err != nil {
			return nil, nil, err
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, nil
	})
}

// text returns a reply of the API as it is.
func (c *client) text(ctx context.Context, call toolCall) (string, error) {
	method := http.MethodGet
	if call.body != nil {
		method = http.MethodPost
	}
	resp, err := c.do(ctx, method, call.path, call.query, call.body)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxToolReply+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read reply of %s: %w", call.path, err)
	case len(text) > maxToolReply:
		return "", fmt.Errorf("the reply is longer than %d bytes: ask for less", maxToolReply)
	}
	return string(text), nil
}
