package authority_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/entity/authority"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// heard is an index that remembers what it was asked.
type heard struct {
	news.Index
	query news.Query
}

func (h *heard) Search(_ context.Context, q news.Query) (*news.Result, error) {
	h.query = q
	return &news.Result{}, nil
}

func TestSearch(t *testing.T) {
	s := openStore(t)
	jake, jacob, ann := person("Jake Sullivan"), person("Jacob Sullivan"), person("Ann Other")
	put(t, s, draft(1, on(0, jake, jacob, ann)))
	f, err := authority.Open(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Decide(t.Context(), merge(jacob, jake)); err != nil {
		t.Fatal(err)
	}
	expr, err := query.Parse("ships person:" + jacob.ID + " -person:" + ann.ID + " person:jacob")
	if err != nil {
		t.Fatal(err)
	}
	filters := []news.Filter{{Facet: news.FacetPerson, Values: []string{ann.ID, jacob.ID, "Jacob"}}}
	var h heard
	if _, err := f.Index(&h).Search(t.Context(), news.Query{Expr: expr, Filters: filters}); err != nil {
		t.Fatal(err)
	}
	want := "ships (person:" + jake.ID + " OR person:" + jacob.ID + ") -person:" + ann.ID + " person:jacob"
	if got := h.query.Expr.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if diff := cmp.Diff([]string{ann.ID, jake.ID, "Jacob", jacob.ID}, h.query.Filters[0].Values); diff != "" {
		t.Errorf("values (-want +got)\n%s", diff)
	}
	if len(filters[0].Values) != 3 {
		t.Error("the caller's filters were changed")
	}
}

func TestSearchForManyMerged(t *testing.T) {
	s := openStore(t)
	jake, ann := person("Jake Sullivan"), person("Ann Other")
	put(t, s, draft(1, on(0, jake, ann)))
	f, err := authority.Open(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range news.MaxFilterVals {
		if _, err := f.Decide(t.Context(), merge(person(fmt.Sprintf("Jake %d Sullivan", i)), jake)); err != nil {
			t.Fatal(err)
		}
	}
	var h heard
	filters := []news.Filter{{Facet: news.FacetPerson, Values: []string{jake.ID, jake.ID, ann.ID}}}
	if _, err := f.Index(&h).Search(t.Context(), news.Query{Filters: filters}); err != nil {
		t.Fatal(err)
	}
	values := h.query.Filters[0].Values
	if len(values) != news.MaxFilterVals || values[0] != jake.ID || values[1] != ann.ID {
		t.Errorf("%d values that begin with %q; want %d, survivors first", len(values), values[:2], news.MaxFilterVals)
	}
}
