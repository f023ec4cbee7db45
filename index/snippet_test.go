package index

import (
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

func testMarker(t testing.TB, expr query.Node, size, fragments int) *marker {
	t.Helper()
	analyzers := testAnalyzers(t)
	m := &marker{analyzers: analyzers, style: news.Highlight{On: true, Size: size, Fragments: fragments, Pre: "<mark>", Post: "</mark>"}}
	for set := range numSets {
		q := &news.Query{Expr: expr}
		q.SetDefaults()
		p, err := newPlan(analyzers[set], q, set, 0)
		if err != nil {
			t.Fatal(err)
		}
		m.plans[set] = p
	}
	return m
}

func TestSnippets(t *testing.T) {
	long := strings.Repeat("Nothing of note happened here. ", 20)
	tests := []struct {
		name            string
		expr            query.Node
		size, fragments int
		content, want   string // snippets joined by " | "
	}{
		{
			name: "window around the words, from its sentence on", expr: query.All{Parts: []query.Node{query.Word{Text: "budget"}, query.Word{Text: "vote"}}},
			size: 60, fragments: 1, content: long + "The budget. The vote on the budget came late. " + long,
			want: "…The <mark>budget</mark>. The <mark>vote</mark> on the <mark>budget</mark> came late. Nothing of…",
		},
		{
			name: "several in the order of the text", expr: query.Word{Text: "budget"},
			size: 20, fragments: 2, content: "A budget. " + long + "Another budget.",
			want: "A <mark>budget</mark>. Nothing of… | …<mark>budget</mark>.",
		},
		{
			name: "a phrase beats its words", expr: query.Or{Parts: []query.Node{query.Phrase{Text: "new budget"}, query.Word{Text: "vote"}}},
			size: 30, fragments: 1, content: "They vote and vote. " + long + "A new budget was made.",
			want: "…A <mark>new budget</mark> was made.",
		},
		{
			name: "nothing found shows the beginning", expr: query.Word{Text: "absent"}, size: 20, fragments: 1,
			content: "First paragraph is\nthis, then more.", want: "First paragraph is…",
		},
		{
			name: "prefix", expr: query.Prefix{Text: "budg"}, size: 50, fragments: 1, content: "Two budgets.", want: "Two <mark>budgets</mark>.",
		},
		{
			name: "nothing between words to cut at", expr: query.Word{Text: "absent"}, size: 10, fragments: 1,
			content: strings.Repeat("x", 30), want: strings.Repeat("x", 10) + "…",
		},
		{
			name: "acronym", expr: query.Word{Text: "US"}, size: 50, fragments: 1,
			content: "The U.S. and example.com. Us.", want: "The <mark>U.S.</mark> and example.com. <mark>Us</mark>.",
		},
		{
			name: "bigrams", expr: query.Word{Text: "日本"}, size: 10, fragments: 1, content: "新しい日本の歌", want: "新しい<mark>日本</mark>の歌",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := testMarker(t, tt.expr, tt.size, tt.fragments)
			a := &news.Article{Language: "en", Content: tt.content}
			if tt.name == "bigrams" {
				a.Language = "ja"
			}
			if got := strings.Join(m.highlights(a)["content"], " | "); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// FuzzSnippets checks that snippets are HTML-safe, bounded, and made of the
// text.
func FuzzSnippets(f *testing.F) {
	f.Add("The <b>budget</b> vote & the “new budget” … l'été\n\n日本 budgets", "budget", 20)
	f.Add("\xff\xfe<script>", "script", 3)
	f.Fuzz(func(t *testing.T, text, word string, size int) {
		size = 1 + (size&0x7fffffff)%300
		m := testMarker(t, query.Word{Text: word}, size, 2)
		for _, list := range m.highlights(&news.Article{Language: "en", Title: text, Description: text, Content: text}) {
			for _, s := range list {
				plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(s)
				if strings.ContainsAny(plain, "<>\"'") {
					t.Errorf("%q gives unsafe %q", text, s)
				}
				if strings.Count(s, "<mark>") != strings.Count(s, "</mark>") {
					t.Errorf("%q gives unbalanced %q", text, s)
				}
				body := strings.TrimSuffix(strings.TrimPrefix(html.UnescapeString(plain), ellipsis), ellipsis)
				if utf8.ValidString(text) && !strings.Contains(tidy(text), strings.TrimSpace(body)) {
					t.Errorf("%q gives %q, which it does not hold", text, s)
				}
			}
		}
	})
}

func FuzzDecodeMeta(f *testing.F) {
	f.Add(meta{version: 3, set: setCJK, published: 1713398400000, updated: 1, seen: 5, lengths: [numTextFields]uint32{1, 2, 70000}}.encode())
	f.Add(meta{version: -1, deleted: true}.encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := decodeMeta(b)
		if err != nil {
			return
		}
		if again, err := decodeMeta(m.encode()); err != nil || again != m {
			t.Errorf("%+v comes back as %+v, %v", m, again, err)
		}
	})
}

func FuzzParseCursor(f *testing.F) {
	q := &news.Query{Sort: news.SortNewest}
	f.Add(Cursor{Query: hashQuery(q), ID: "a", Bound: 5}.String())
	f.Add("")
	f.Add("!!")
	f.Fuzz(func(t *testing.T, text string) {
		q.Cursor = text
		c, err := ParseCursor(q)
		if err != nil {
			return
		}
		q.Cursor = c.String()
		if again, err := ParseCursor(q); err != nil || again != c {
			t.Errorf("%+v comes back as %+v, %v", c, again, err)
		}
	})
}
