package demo

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const head = "section: World\ntitle: A title\ndescription: A summary\nphrase: odd words\nago: 2h\n"

func TestParseArticle(t *testing.T) {
	a, err := parseArticle(head + "authors: Ann Bell; Cy Dow\n---\n**Why it matters:** It does.\n\n- one\n- **Two:** three\n\n## Then\n\n> Said.\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []Block{
		{Kind: BlockText, Line: Line{"Why it matters:", "It does."}},
		{Kind: BlockList, Items: []Line{{"", "one"}, {"Two:", "three"}}},
		{Kind: BlockHeading, Line: Line{"", "Then"}},
		{Kind: BlockQuote, Line: Line{"", "Said."}},
	}
	if diff := cmp.Diff(want, a.blocks); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Ann Bell", "Cy Dow"}, a.authors); diff != "" {
		t.Errorf("authors (-want +got):\n%s", diff)
	}
	if a.ago != 2*time.Hour || a.lang != "en" || a.access != AccessOpen {
		t.Errorf("got ago %s, lang %q, access %q", a.ago, a.lang, a.access)
	}
}

func TestParseArticleRefuses(t *testing.T) {
	tests := []struct{ name, input, want string }{
		{"nothing", "", "1: want a new key"},
		{"no fence", head, "6: want a new key"},
		{"no body", head + "---\n", "the body is empty"},
		{"unknown key", head + "colour: red\n---\nText.", `6: unknown key "colour"`},
		{"key twice", head + "ago: 3h\n---\nText.", "6: want a new key"},
		{"no value", head + "note:\n---\nText.", "6: want a new key"},
		{"missing key", "section: World\nago: 2h\n---\nText.", "the head lacks"},
		{"bad age", "ago: yesterday\n", "1: want an age"},
		{"negative age", "ago: -2h\n", "1: want an age"},
		{"day of 30 hours", "ago: 1d30h\n", "1: want an age"},
		{"unknown access", head + "access: maybe\n---\nText.", `unknown access "maybe"`},
		{"two blocks together", head + "---\nOne line.\nAnother.", "8: one block a line"},
		{"list after text", head + "---\nOne line.\n- item", "8: one block a line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseArticle(tt.input)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestLoadArticlesNamesTheFile(t *testing.T) {
	tests := []struct {
		name, want string
		files      map[string]string
	}{
		{"bad head", "articles/courier/a.md:1: ", map[string]string{"articles/courier/a.md": "hello"}},
		{"correction of nothing", "corrects no article", map[string]string{"articles/courier/a.corrected.md": head + "---\nText."}},
		{"copy of nothing", "republishes unknown", map[string]string{"articles/courier/a.md": "section: World\nago: 1h\nrepublishes: ledger/b\n---\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := fstest.MapFS{}
			for name, text := range tt.files {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
			if _, err := loadArticles(files); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestArticlesAreWellMade(t *testing.T) {
	articles, err := loadArticles(content)
	if err != nil {
		t.Fatal(err)
	}
	long := 0
	for _, a := range articles {
		words := 0
		for _, b := range a.blocks {
			words += len(strings.Fields(b.Line.Label + " " + b.Line.Text))
			for _, item := range b.Items {
				words += len(strings.Fields(item.Label + " " + item.Text))
			}
		}
		if a.access == AccessOpen && (words < 90 || words > 950) {
			t.Errorf("articles/%s.md has %d words, want between 90 and 950", a.file, words)
		}
		if words >= 600 {
			long++
		}
		if len(a.authors) == 0 || len(a.tags) == 0 || len(a.persons) == 0 {
			t.Errorf("articles/%s.md lacks authors, tags or persons", a.file)
		}
	}
	if len(articles) < 80 || long < 3 {
		t.Errorf("got %d articles, %d of them long; want 80 and 3 or more", len(articles), long)
	}
}

func FuzzParseArticle(f *testing.F) {
	f.Add(head + "---\nText.\n\n- a\n- **b:** c\n")
	f.Add("ago: 99d\n---\n## \n")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := parseArticle(s)
		if err == nil && (a.ago <= 0 || a.section == "") {
			t.Errorf("accepted an article of age %s in section %q", a.ago, a.section)
		}
	})
}
