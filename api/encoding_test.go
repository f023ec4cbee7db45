package api

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"

	"broadsheet.example/news"
)

// What spells itself says the same as encoding/json would say of it.
func TestEncodingAgreesWithTheStandardLibrary(t *testing.T) {
	extras := hitExtras{
		Highlights: map[string][]string{"title": {"<mark>a</mark>"}, "content": {"b", `"c"`}}, Score: 3.25, Copies: []string{"x", "y"},
		Explanation: &news.Explanation{Value: 1, Message: "why", Parts: []news.Explanation{{Value: 2, Message: "<b>"}}},
	}
	article := news.Article{ID: "id", Title: "T", PublishedAt: time.Unix(0, 0).UTC(), Entities: []news.Entity{{ID: "e"}}}
	chosen := map[string]json.RawMessage{"title": json.RawMessage(`"<T>"`)}
	facets := map[string]news.Facet{
		"source": {Buckets: []news.Bucket{{Value: "v", Label: "L", Count: 3, Selected: true}, {Value: "w", Label: "<M>", Count: 2}}, Other: 7},
		"date":   {Buckets: []news.Bucket{{From: article.PublishedAt, To: article.PublishedAt.Add(time.Hour), Count: 4}}, Interval: news.IntervalDay},
		"person": {},
	}
	for name, articles := range map[string][]any{
		"none": {}, "hits": {&hit{article, extras}, &hit{article, hitExtras{}}}, "chosen fields": {chosen, chosen},
	} {
		for _, facets := range []map[string]news.Facet{nil, facets} {
			reply := &searchReply{Status: statusOK, TotalResults: 2, Query: queryReply{"q", []string{}}, Articles: articles, Facets: facets, PageSize: 20}
			text, err := encodeJSON(reply)
			if err != nil {
				t.Fatal(err)
			}
			plain := make([]any, len(articles))
			for i, a := range articles {
				if plain[i] = a; name == "hits" {
					plain[i] = struct {
						news.Article
						hitExtras
					}(*a.(*hit))
				}
			}
			want := decoded(t, reply)
			want["articles"] = decoded(t, map[string]any{"a": plain})["a"]
			if facets != nil {
				shaped := map[string]facet{}
				for name, f := range facets {
					shaped[name] = facetReply(name, f)
				}
				want["facets"] = decoded(t, shaped)
			}
			var got map[string]any
			if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %v: got\n%s\nwant\n%v", name, err, text, want)
			}
			if bytes.Contains(text, []byte(`\u003c`)) || bytes.Count(text, []byte("\n")) != 1 {
				t.Errorf("%s: escapes or line breaks in %s", name, text)
			}
		}
	}
	if _, err := encodeJSON(&hit{article, hitExtras{Score: math.NaN()}}); err == nil {
		t.Error("a score that is no number was written")
	}
}

// decoded is what encoding/json makes of a value.
func decoded(t *testing.T, v any) map[string]any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
