package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/news"
)

func TestTimeseries(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	var got struct {
		TotalResults int
		Interval     string
		Buckets      []struct{ Count int }
		Series       []struct {
			Value, Interval string
			Count           int
			Buckets         []struct{ Count int }
		}
	}
	w.get(t, "/v1/timeseries?q=harbor&interval=day&splitBy=source&series=2").into(t, &got)
	sum := 0
	for _, b := range got.Buckets {
		sum += b.Count
	}
	if got.TotalResults != 4 || sum != 4 || got.Interval != "day" {
		t.Errorf("%+v", got)
	}
	if len(got.Series) != 2 || got.Series[0].Value != "gazette" || got.Series[0].Count != 2 || got.Series[0].Interval != "day" {
		t.Errorf("series: %+v", got.Series)
	}
	for _, bad := range []string{"splitBy=date", "splitBy=colour", "splitBy=source&series=21", "splitBy=source&series=2&series=3", "splitBy=source&splitBy=via", "page=2", "interval=decade", "q=%22"} {
		if r := w.get(t, "/v1/timeseries?"+bad); r.status != 400 {
			t.Errorf("%s: %d", bad, r.status)
		}
	}
}

// What a count finds is what the search finds.
func TestCountsAgreeWithSearch(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	for _, q := range []string{"", "q=harbor+strike+zeppelin", "q=harbor+strike+zeppelin&operator=and", "q=harbor&sources=gazette"} {
		var got struct{ TotalResults int }
		w.get(t, "/v1/timeseries?"+q).into(t, &got)
		if want := w.search(t, q).TotalResults; got.TotalResults != want {
			t.Errorf("%q: %d by time, %d found", q, got.TotalResults, want)
		}
	}
}

func TestEntities(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	type named struct {
		ID, Type, Name string
		Articles       int
	}
	var list struct{ Entities []named }
	w.get(t, "/v1/entities").into(t, &list)
	if len(list.Entities) != 2 || list.Entities[0].Articles != 2 || list.Entities[0].Type == "" {
		t.Errorf("%+v", list)
	}
	w.get(t, "/v1/entities?type=person&q=tram").into(t, &list)
	if len(list.Entities) != 0 {
		t.Errorf("persons on the tram: %+v", list)
	}
	var one struct {
		Entity named
		Facets map[string]struct{ Buckets []struct{ Value string } }
	}
	ada := news.EntityID(news.Person, "ada reyes")
	w.get(t, "/v1/entities/"+ada).into(t, &one)
	if one.Entity != (named{ada, "person", "Ada Reyes", 2}) || len(one.Facets["place"].Buckets) != 1 || len(one.Facets["person"].Buckets) != 0 {
		t.Errorf("%+v", one)
	}
	w.get(t, "/v1/entities/"+ada+"?sources=gazette").into(t, &one)
	if one.Entity.Articles != 1 {
		t.Errorf("of one publisher: %+v", one)
	}
	wantProblem(t, w.get(t, "/v1/entities/e_aaaaaaaaaaaaaaaa"), 404, "notFound")
	wantProblem(t, w.get(t, "/v1/entities/x"), 404, "notFound")
	wantProblem(t, w.get(t, "/v1/entities?type=person&type=place"), 400, "parameterInvalid")
	wantProblem(t, w.get(t, "/v1/entities?type=thing"), 400, "parameterInvalid")
	wantProblem(t, w.get(t, "/v1/entities?facets=source"), 400, "parameterInvalid")
}

// A place lies where the newest article says that knows.
func TestEntityLocation(t *testing.T) {
	w := newWorld(t, nil)
	articles := sample()
	lisbon := articles[0].Entities[1]
	known := lisbon
	known.Country, known.Location = "pt", &news.Location{Latitude: 38.72, Longitude: -9.13, GeoNames: 2267057}
	articles[0].Entities = []news.Entity{articles[0].Entities[0], known}
	w.put(t, articles...)
	for path, want := range map[string]*news.Location{
		lisbon.ID: known.Location, lisbon.ID + "?section=city": nil, articles[0].Entities[0].ID: nil,
	} {
		var got struct {
			Entity struct{ Location *news.Location }
		}
		w.get(t, "/v1/entities/"+path).into(t, &got)
		if diff := cmp.Diff(want, got.Entity.Location); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestRelated(t *testing.T) {
	w := newWorld(t, nil)
	articles := sample()
	copied := articles[0]
	copied.URL, copied.Source = "https://wire.example/copy", news.Ref{ID: "wire", Name: "Wire"}
	old := articles[2]
	old.URL, old.Content, old.PublishedAt = "https://observer.example/old", "Another harbor strike, with Ada Reyes.", old.PublishedAt.AddDate(-2, 0, 0)
	ids := w.put(t, append(articles, copied, old)...)
	titles := func(query string) []string {
		var got struct{ Articles []news.Article }
		w.get(t, "/v1/articles/"+ids[0]+"/related"+query).into(t, &got)
		var out []string
		for _, a := range got.Articles {
			out = append(out, a.Title)
		}
		return out
	}
	if got := titles(""); len(got) != 1 || got[0] != articles[2].Title {
		t.Errorf("related: %q", got)
	}
	if got := titles("?window=1"); len(got) != 0 {
		t.Errorf("related of the same day: %q", got)
	}
	var other struct{ Articles []news.Article }
	w.get(t, "/v1/articles/"+ids[2]+"/related?sameSource=false&fields=id").into(t, &other)
	for _, a := range other.Articles {
		if a.Source.ID == "observer" || a.Title != "" {
			t.Errorf("%+v", a)
		}
	}
	for _, bad := range []string{"?pageSize=0", "?window=x", "?sameSource=perhaps", "?fields=x", "?q=a"} {
		wantProblem(t, w.get(t, "/v1/articles/"+ids[0]+"/related"+bad), 400, "parameterInvalid")
	}
	wantProblem(t, w.get(t, "/v1/articles/aaaaaaaaaaaaaaaaaaaaaaaaaa/related"), 404, "notFound")
}

func TestRevisionDiff(t *testing.T) {
	w := newWorld(t, nil)
	articles := sample()
	ids := w.put(t, articles...)
	articles[0].Content += "\n\nOne more paragraph."
	articles[3].Content = "Another text that may not leave."
	w.put(t, articles...)
	var got struct {
		From, To int
		Title    []struct{ Op string }
		Content  []struct{ Op, Text string }
	}
	w.get(t, "/v1/articles/"+ids[0]+"/revisions/2/diff").into(t, &got)
	if got.From != 1 || got.To != 2 || got.Title != nil || len(got.Content) == 0 || got.Content[len(got.Content)-1].Op != "added" {
		t.Errorf("%+v", got)
	}
	got.Content = nil
	w.get(t, "/v1/articles/"+ids[3]+"/revisions/2/diff").into(t, &got)
	if got.Content != nil {
		t.Errorf("a text that may not leave left: %+v", got)
	}
	for _, n := range []string{"1", "3", "0", "x"} {
		wantProblem(t, w.get(t, "/v1/articles/"+ids[0]+"/revisions/"+n+"/diff"), 404, "notFound")
	}
}
