package indextest

import (
	"embed"
	"fmt"
	"path"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet.example/news"
)

//go:embed testdata/*.txt
var scripts embed.FS

// Run checks that the indexes that open returns keep the contract of
// [news.Index]. open gives an empty index over the library, which it closes at
// the end of the test.
func Run(t *testing.T, open func(t *testing.T, lib *Library) news.Index) {
	files, err := scripts.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(f.Name(), ".txt"), func(t *testing.T) { runScript(t, path.Join("testdata", f.Name()), open) })
	}
	for _, c := range contract() {
		t.Run(c.name, func(t *testing.T) {
			lib := NewLibrary()
			c.run(t, lib, open(t, lib))
		})
	}
}

func runScript(t *testing.T, name string, open func(t *testing.T, lib *Library) news.Index) {
	file, err := scripts.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // embedded
	commands, err := parseScript(file)
	if err != nil {
		t.Fatal(err)
	}
	lib := NewLibrary()
	s := &scriptRun{lib: lib, idx: open(t, lib), versions: make(map[string]int64)}
	for _, c := range commands {
		if err := s.run(t, c); err != nil {
			t.Fatal(err)
		}
	}
}

// scriptRun is a script on its way.
type scriptRun struct {
	lib      *Library
	idx      news.Index
	versions map[string]int64
	pending  []news.Change
}

func (s *scriptRun) run(t *testing.T, c command) error {
	t.Helper()
	switch c.verb {
	case "article":
		return s.put(c, defaultArticle(c.arg))
	case "update":
		a, ok := s.lib.All()[c.arg]
		if !ok {
			return fmt.Errorf("line %d: no article %q to update", c.line, c.arg)
		}
		return s.put(c, a)
	case "stale":
		return s.stale(t, c)
	case "delete":
		s.versions[c.arg]++
		s.lib.Delete(c.arg)
		s.pending = append(s.pending, news.Change{ID: c.arg, Version: s.versions[c.arg], Deleted: true})
		return nil
	case "search":
		return s.search(t, c)
	case "suggest":
		return s.suggest(t, c)
	case "related", "text":
		return s.related(t, c)
	default:
		return fmt.Errorf("line %d: no such command %q", c.line, c.verb)
	}
}

// put hands in the article with the command's keys set.
func (s *scriptRun) put(c command, a news.Article) error {
	seen := make(map[string]bool)
	for _, kv := range c.keys {
		if err := setArticle(&a, kv, !seen[kv.key]); err != nil {
			return err
		}
		seen[kv.key] = true
	}
	s.versions[a.ID]++
	a.Version = s.versions[a.ID]
	s.lib.Put(a)
	s.pending = append(s.pending, news.Change{ID: a.ID, Version: a.Version, Article: &a})
	return nil
}

// stale hands in the article as it was once.
func (s *scriptRun) stale(t *testing.T, c command) error {
	t.Helper()
	if err := s.flush(t); err != nil {
		return err
	}
	a := defaultArticle(c.arg)
	a.Version = s.versions[c.arg] - 1
	a.Title = "stale"
	out, err := s.idx.Apply(t.Context(), []news.Change{{ID: a.ID, Version: a.Version, Article: &a}})
	if err != nil {
		return fmt.Errorf("line %d: %w", c.line, err)
	}
	if out[0].Applied || out[0].Err != nil {
		t.Errorf("line %d: outcome of a stale version is %+v, want it not applied", c.line, out[0])
	}
	return nil
}

// flush applies what is pending.
func (s *scriptRun) flush(t *testing.T) error {
	t.Helper()
	out, err := s.idx.Apply(t.Context(), s.pending)
	if err != nil {
		return err
	}
	if len(out) != len(s.pending) {
		t.Errorf("%d outcomes of %d changes", len(out), len(s.pending))
	}
	for i, o := range out {
		if c := s.pending[i]; o.ID != c.ID || o.Version != c.Version || o.Err != nil {
			t.Errorf("outcome of %s version %d is %+v", c.ID, c.Version, o)
		}
	}
	s.pending = nil
	return nil
}

func (s *scriptRun) search(t *testing.T, c command) error {
	t.Helper()
	if err := s.flush(t); err != nil {
		return err
	}
	q, want, err := parseSearch(c)
	if err != nil {
		return err
	}
	result, err := s.idx.Search(t.Context(), q)
	for _, x := range want {
		if got, want := x.check(result, err); got != want {
			t.Errorf("line %d: search %s: %s:\n got %s\nwant %s", x.kv.line, c.arg, x.kv.key, got, want)
		}
	}
	return nil
}

func (s *scriptRun) suggest(t *testing.T, c command) error {
	t.Helper()
	if err := s.flush(t); err != nil {
		return err
	}
	q := news.SuggestQuery{Text: c.arg}
	want := ""
	for _, kv := range c.keys {
		switch kv.key {
		case "kind":
			q.Kinds = strings.Fields(kv.value)
		case "is":
			want = strings.Join(split(kv.value), "; ")
		default:
			return fmt.Errorf("line %d: no such key %q", kv.line, kv.key)
		}
	}
	list, err := s.idx.Suggest(t.Context(), q)
	if err != nil {
		return fmt.Errorf("line %d: %w", c.line, err)
	}
	var got []string
	for _, g := range list {
		got = append(got, fmt.Sprintf("%s %s=%d", g.Kind, g.Text, g.Count))
	}
	if text := strings.Join(got, "; "); text != want {
		t.Errorf("line %d: suggest %s:\n got %s\nwant %s", c.line, c.arg, text, want)
	}
	return nil
}

// related looks for what is related to an article of the library, or to a text.
func (s *scriptRun) related(t *testing.T, c command) error {
	t.Helper()
	if err := s.flush(t); err != nil {
		return err
	}
	q := news.RelatedQuery{Article: news.Article{Title: c.arg, Language: "en"}}
	if c.verb == "related" {
		q.Article = s.lib.All()[c.arg]
	}
	want := ""
	for _, kv := range c.keys {
		var err error
		switch kv.key {
		case "window":
			var days int
			days, err = strconv.Atoi(kv.value)
			q.Window = time.Duration(days) * 24 * time.Hour
		case "size":
			q.Size, err = strconv.Atoi(kv.value)
		case "filter", "exclude":
			var f news.Filter
			f, err = parseFilter(kv)
			q.Filters = append(q.Filters, f)
		case "is":
			want = kv.value
		default:
			err = fmt.Errorf("no such key %q", kv.key)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", kv.line, err)
		}
	}
	hits, err := s.idx.Related(t.Context(), q)
	if err != nil {
		return fmt.Errorf("line %d: %w", c.line, err)
	}
	if got := strings.Join(ids(hits), " "); got != want {
		t.Errorf("line %d: %s %s:\n got %s\nwant %s", c.line, c.verb, c.arg, got, want)
	}
	return nil
}
