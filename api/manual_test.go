package api_test

import (
	"context"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"broadsheet.example/api"
	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// The commands of the manual work, in its order, and show every route.
func TestManual(t *testing.T) {
	text, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(_ *api.Config, d *api.Deps) { d.Reindex = func(context.Context) error { return nil } })
	ids := w.put(t, sample()...)
	revised := sample()[0]
	revised.Content += "\n\nOne more paragraph."
	w.put(t, revised)
	backfill := news.ArticleID("https://observer.example/#2026-10-01..2026-10-31")
	other := news.EntityID(news.Person, "a. reyes")
	entity := revised.Entities[0].ID
	var added feedReply
	w.send(t, http.MethodPost, "/v1/feeds", `{"url":"https://gazette.example/rss"}`).into(t, &added)
	files := map[string]string{
		"feeds.opml":      opmlFile,
		"articles.ndjson": `{"url":"https://a.example/1","title":"One","content":"Text.","publishedAt":"2024-04-18T10:00:00Z"}` + "\n",
	}
	fill := strings.NewReplacer("$ID", ids[0], "$FEED", added.Feed.ID, "$ENTITY", entity, "$BACKFILL", backfill, "$OTHER", other)
	shown := map[string]bool{}
	for _, command := range commands(string(text)) {
		method, path, kind, body := curl(t, fill.Replace(command), files)
		if strings.HasPrefix(path, "/v1/stream") {
			method = http.MethodHead // a stream has no end
		}
		r := w.do(t, w.client, method, path, kind, body)
		if r.status >= 400 {
			t.Errorf("%s: %d %s", command, r.status, r.body)
		}
		route, _, _ := strings.Cut(path, "?")
		if method == http.MethodHead {
			method = http.MethodGet
		}
		shown[method+" "+strings.NewReplacer(ids[0], "{id}", added.Feed.ID, "{id}", entity, "{id}", backfill, "{id}", other, "{id}", "/2/diff", "/{n}/diff").Replace(route)] = true
	}
	for _, route := range api.Routes(w.server) {
		if !shown[route] && !strings.HasSuffix(route, "/websub/{id}") { // hubs call it, not people
			t.Errorf("the manual does not show %s", route)
		}
	}
	for _, name := range param.Names() {
		if twin := strings.HasPrefix(name, "exclude"); !twin && !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("the manual does not name the parameter %s", name)
		}
	}
}

// commands returns the curl commands in the manual's blocks.
func commands(manual string) []string {
	var out []string
	for line := range strings.Lines(strings.ReplaceAll(manual, "\\\n", "")) {
		if strings.HasPrefix(line, "curl ") {
			out = append(out, strings.TrimSpace(line))
		}
	}
	return out
}

// curl says what a command would send.
func curl(t *testing.T, command string, files map[string]string) (method, path, kind, body string) {
	t.Helper()
	method = http.MethodGet
	args := shellWords(command)[1:]
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch arg {
		case "-s", "-N":
			continue
		case "-X", "-H", "-d", "--data-binary":
			value := args[0]
			args = args[1:]
			switch {
			case arg == "-X":
				method = value
			case arg == "-H":
				kind = strings.TrimPrefix(value, "Content-Type: ")
			default:
				body = value
				if name, ok := strings.CutPrefix(value, "@"); ok {
					body = files[name]
				}
				if method == http.MethodGet {
					method = http.MethodPost
				}
			}
		default:
			path = strings.TrimPrefix(arg, "http://localhost:8080")
			path = strings.ReplaceAll(path, `"`, "%22")
		}
	}
	if !strings.HasPrefix(path, "/") {
		t.Fatalf("%s: asks nothing of this server", command)
	}
	return method, path, kind, body
}

// shellWords splits a command at blanks outside of quotes.
func shellWords(command string) []string {
	var words []string
	var word strings.Builder
	var quote rune
	for _, r := range command + " " {
		switch {
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case r == quote:
			quote = 0
		case quote == 0 && r == ' ':
			words = append(words, word.String())
			word.Reset()
		default:
			word.WriteRune(r)
		}
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}
