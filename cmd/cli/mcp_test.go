package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// assistant opens a session with the tools over a data directory.
func assistant(t *testing.T, dir string) *mcp.ClientSession {
	t.Helper()
	a := &app{in: strings.NewReader(""), out: &buffer{}, errs: &buffer{}, dataDir: dir}
	cfg, err := a.config()
	if err != nil {
		t.Fatal(err)
	}
	cl, err := a.connect(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	here, there := mcp.NewInMemoryTransports()
	server, err := newMCPServer(cl).Connect(t.Context(), there, nil)
	if err != nil {
		t.Fatal(err)
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test"}, nil).Connect(t.Context(), here, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		session.Close()
		server.Wait()
		if err := cl.close(); err != nil {
			t.Error(err)
		}
	})
	return session
}

// call uses a tool and returns its text, and whether it is an error.
func call(t *testing.T, s *mcp.ClientSession, tool string, arguments map[string]any) (string, bool) {
	t.Helper()
	result, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		t.Fatalf("%s: %v", tool, err)
	}
	text, ok := result.Content[0].(*mcp.TextContent)
	if !ok {
		t.Fatalf("%s: %T", tool, result.Content[0])
	}
	return text.Text, result.IsError
}

func TestMCP(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(t.TempDir(), "articles.ndjson")
	lines := `{"url":"https://gazette.example/1","title":"Harbor strike ends","content":"Dock workers ended their strike in the harbor.","publishedAt":"2024-04-18T10:00:00Z","language":"en"}
{"url":"https://observer.example/2","title":"Harbor strike: what now","content":"After the strike, the harbor is open again.","publishedAt":"2024-04-19T10:00:00Z","language":"en"}
`
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, dir, "import", file)
	s := assistant(t, dir)
	tools, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range tools.Tools {
		if !tool.Annotations.ReadOnlyHint {
			t.Errorf("%s does not say that it changes nothing", tool.Name)
		}
	}
	if len(tools.Tools) != 5 {
		t.Errorf("%d tools", len(tools.Tools))
	}
	text, bad := call(t, s, "search", map[string]any{"query": "harbor", "sortBy": "oldest", "facets": "source"})
	var found struct {
		TotalResults int
		Articles     []struct{ ID string }
	}
	if err := json.Unmarshal([]byte(text), &found); err != nil || bad || found.TotalResults != 2 || !strings.Contains(text, "**") {
		t.Fatalf("%v %s", err, text)
	}
	for tool, arguments := range map[string]map[string]any{
		"article":    {"id": found.Articles[0].ID},
		"related":    {"id": found.Articles[0].ID, "window": 5},
		"timeseries": {"query": "harbor", "interval": "day"},
		"sources":    {},
	} {
		if text, bad := call(t, s, tool, arguments); bad || !strings.Contains(text, `"status":"ok"`) {
			t.Errorf("%s: %s", tool, text)
		}
	}
	if text, bad := call(t, s, "related", map[string]any{"title": "The harbor strike"}); bad || !strings.Contains(text, "Harbor strike ends") {
		t.Errorf("of a text: %s", text)
	}
	if text, bad := call(t, s, "article", map[string]any{"url": "https://gazette.example/1"}); bad || !strings.Contains(text, "Dock workers") {
		t.Errorf("by address: %s", text)
	}
	for says, wrong := range map[string]map[string]any{"never closed": {"query": `"harbor`}, "not a date": {"query": "a", "from": "someday"}} {
		if text, bad := call(t, s, "search", wrong); !bad || text == "" {
			t.Errorf("%v: %s, want an error that says %s", wrong, text, says)
		}
	}
	if text, bad := call(t, s, "related", map[string]any{"id": "../../feeds"}); !bad || !strings.Contains(text, "is no id") {
		t.Errorf("a made-up id: %s", text)
	}
}
