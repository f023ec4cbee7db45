package index

import (
	"strings"
	"testing"
	"time"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
)

// TestPairsOfWordsCount expects an article that has words of the query side by
// side before one that has the same words apart, and the explanation to say so.
func TestPairsOfWordsCount(t *testing.T) {
	day := time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC)
	lib := indextest.NewLibrary()
	e := openTest(t, Config{Dir: t.TempDir()}, lib)
	defer e.Close()
	var changes []news.Change
	for id, content := range map[string]string{
		"a-apart":  "change seen in politics but climate elsewhere report",
		"b-beside": "climate change seen in politics but elsewhere report",
		"c-other":  "nothing of the kind at all",
	} {
		a := news.Article{ID: id, Version: 1, Language: "en", Content: content, PublishedAt: day}
		lib.Put(a)
		changes = append(changes, news.Change{ID: id, Version: 1, Article: &a})
	}
	if _, err := e.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"climate change report": "b-beside", "change climate report": "b-beside", "change politics report": "a-apart"} {
		r, err := e.Search(t.Context(), news.Query{Expr: plainQuery(text), Explain: true, Now: day})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Hits) != 2 || r.Hits[0].Article.ID != want {
			t.Errorf("%s: hits %+v, want %s first of two", text, r.Hits, want)
		}
		if explained := strings.Contains(explanation(r.Hits[0].Explanation), "next to each other"); explained != (want == "b-beside") {
			t.Errorf("%s: pairs explained: %v", text, explained)
		}
	}
}

func explanation(e *news.Explanation) string {
	var text strings.Builder
	text.WriteString(e.Message)
	for _, p := range e.Parts {
		text.WriteString("\n" + explanation(&p))
	}
	return text.String()
}
