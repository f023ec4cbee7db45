package news_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/news"
)

func TestRule(t *testing.T) {
	merge := func(id, into string) news.Decision {
		return news.Decision{Kind: news.DecisionMerge, Entity: id, Into: into}
	}
	split := func(id string) news.Decision { return news.Decision{Kind: news.DecisionSplit, Entity: id} }
	tests := []struct {
		name      string
		decisions []news.Decision
		survivors map[string]string
	}{
		{"nothing", nil, map[string]string{"a": "a"}},
		{"merge", []news.Decision{merge("a", "b")}, map[string]string{"a": "b", "b": "b"}},
		{"merges chain", []news.Decision{merge("a", "b"), merge("b", "c")}, map[string]string{"a": "c", "b": "c"}},
		{"into what was merged", []news.Decision{merge("b", "c"), merge("a", "b")}, map[string]string{"a": "c"}},
		{"split undoes", []news.Decision{merge("a", "b"), split("a")}, map[string]string{"a": "a"}},
		{"split in the middle", []news.Decision{merge("a", "b"), merge("b", "c"), split("b")}, map[string]string{"a": "b", "b": "b"}},
		{"merged again", []news.Decision{merge("a", "b"), split("a"), merge("a", "c")}, map[string]string{"a": "c"}},
		{"turned around", []news.Decision{merge("a", "b"), merge("b", "a")}, map[string]string{"a": "a", "b": "a"}},
		{"turned around in a chain", []news.Decision{merge("a", "b"), merge("b", "c"), merge("c", "a")}, map[string]string{"a": "a", "b": "a", "c": "a"}},
		{"turned around in the middle", []news.Decision{merge("a", "b"), merge("b", "c"), merge("b", "a")}, map[string]string{"a": "a", "b": "a", "c": "c"}},
		{"turned around from afar", []news.Decision{merge("a", "b"), merge("b", "c"), merge("c", "d"), merge("c", "a")}, map[string]string{"a": "a", "b": "a", "c": "a", "d": "d"}},
		{"into itself", []news.Decision{merge("a", "a")}, map[string]string{"a": "a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := news.Rule(tt.decisions)
			for id, want := range tt.survivors {
				if got := r.Survivor(id); got != want {
					t.Errorf("survivor of %s: got %s, want %s", id, got, want)
				}
			}
		})
	}
}

func TestRulings(t *testing.T) {
	r := news.Rule([]news.Decision{
		{Kind: news.DecisionMerge, Entity: "b", Into: "a", Name: "Bea"},
		{Kind: news.DecisionMerge, Entity: "c", Into: "b"},
		{Kind: news.DecisionRename, Entity: "a", Name: "First"},
		{Kind: news.DecisionRename, Entity: "a", Name: "Ann"},
		{Kind: news.DecisionSplit, Entity: "d"},
	})
	if diff := cmp.Diff([]news.Alias{{ID: "b", Name: "Bea"}, {ID: "c"}}, r.Aliases("a")); diff != "" {
		t.Errorf("aliases (-want +got)\n%s", diff)
	}
	if got := r.Name("a"); got != "Ann" {
		t.Errorf("name: got %q, want Ann", got)
	}
	if !r.Alone("d") || r.Alone("a") || !r.Knows("d") || r.Knows("e") {
		t.Error("who is alone or known is wrong")
	}
	var none *news.Rulings
	if none.Survivor("a") != "a" || none.Name("a") != "" || none.Alone("a") || none.Aliases("a") != nil || none.Knows("a") {
		t.Error("nil rules something")
	}
}
