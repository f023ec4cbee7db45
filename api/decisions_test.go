package api_test

import (
	"net/http"
	"testing"

	"broadsheet.example/news"
)

// decided is what the tests read of a decision's reply.
type decided struct {
	Entity struct {
		ID, Name string
		Aliases  []news.Alias
	}
	Decision news.Decision
}

// What people say of an entity holds at once, under every id that it has.
func TestDecisions(t *testing.T) {
	w := newWorld(t, nil)
	articles := sample()
	bob := news.Entity{ID: news.EntityID(news.Person, "a. reyes"), Type: news.Person, Name: "A. Reyes", Count: 1}
	articles[1].Entities = append(articles[1].Entities, bob)
	w.put(t, articles...)
	ada := articles[0].Entities[0]
	decide := func(method, path, body string) decided {
		var d decided
		r := w.send(t, method, "/v1/entities/"+path, body)
		if r.status != http.StatusOK {
			t.Fatalf("%s %s: %d %s", method, path, r.status, r.body)
		}
		r.into(t, &d)
		return d
	}
	var page struct {
		Entity struct {
			ID, Name string
			Articles int
			Aliases  []news.Alias
		}
	}
	d := decide(http.MethodPost, bob.ID+"/merge", `{"into":"`+ada.ID+`"}`)
	if d.Entity.ID != ada.ID || len(d.Entity.Aliases) != 1 || d.Decision.By != "local" || d.Decision.Kind != news.DecisionMerge {
		t.Errorf("merge: %+v", d)
	}
	r := w.get(t, "/v1/entities/"+bob.ID)
	if r.into(t, &page); page.Entity.ID != ada.ID || page.Entity.Articles != 3 || r.header.Get("Content-Location") != "/v1/entities/"+ada.ID {
		t.Errorf("the merged id answers %+v, %s", page, r.header.Get("Content-Location"))
	}
	if d := decide(http.MethodPost, ada.ID+"/aliases", `{"name":"Ada M. Reyes"}`); len(d.Entity.Aliases) != 2 || d.Decision.Entity != news.EntityID(news.Person, "ada m. reyes") {
		t.Errorf("alias: %+v", d)
	}
	if d := decide(http.MethodPost, news.EntityID(news.Person, "ada m. reyes")+"/split", ""); d.Entity.ID != ada.ID || len(d.Entity.Aliases) != 1 {
		t.Errorf("a name taken away: %+v", d)
	}
	if d := decide(http.MethodPatch, bob.ID, `{"name":"Minister Reyes"}`); d.Entity.Name != "Minister Reyes" || d.Entity.ID != ada.ID {
		t.Errorf("rename: %+v", d)
	}
	if d := decide(http.MethodPost, bob.ID+"/split", ""); d.Entity.ID != bob.ID || len(d.Entity.Aliases) != 0 {
		t.Errorf("split: %+v", d)
	}
	if w.get(t, "/v1/entities/"+ada.ID).into(t, &page); page.Entity.Articles != 2 || page.Entity.Name != "Minister Reyes" {
		t.Errorf("after the split: %+v", page)
	}
}

func TestDecisionsRefused(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	ada, lisbon := sample()[0].Entities[0].ID, sample()[0].Entities[1].ID
	nobody := news.EntityID(news.Person, "nobody")
	tests := []struct {
		name, path, body string
		status           int
		code             string
	}{
		{"a person into a place", ada + "/merge", `{"into":"` + lisbon + `"}`, 400, "parameterInvalid"},
		{"into itself", ada + "/merge", `{"into":"` + ada + `"}`, 400, "parameterInvalid"},
		{"into nobody", ada + "/merge", `{"into":"` + nobody + `"}`, 404, "notFound"},
		{"nobody into somebody", nobody + "/merge", `{"into":"` + ada + `"}`, 404, "notFound"},
		{"into no id", ada + "/merge", `{"into":"ada"}`, 400, "parameterInvalid"},
		{"into what", ada + "/merge", `{}`, 400, "parametersMissing"},
		{"member", ada + "/merge", `{"with":"x"}`, 400, "parameterInvalid"},
		{"split nobody", nobody + "/split", "", 404, "notFound"},
		{"split no id", "x/split", "", 404, "notFound"},
		{"alias without a name", ada + "/aliases", `{"name":" "}`, 400, "parametersMissing"},
		{"alias of two lines", ada + "/aliases", `{"name":"a\nb"}`, 400, "parameterInvalid"},
		{"alias of nobody", nobody + "/aliases", `{"name":"a"}`, 404, "notFound"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantProblem(t, w.send(t, http.MethodPost, "/v1/entities/"+tt.path, tt.body), tt.status, tt.code)
		})
	}
}
