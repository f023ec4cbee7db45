package news_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"broadsheet.example/news"
)

func TestArticleID(t *testing.T) {
	id := news.ArticleID("https://example.org/a")
	if id != news.ArticleID("https://example.org/a") || id == news.ArticleID("https://example.org/b") {
		t.Error("an id is not a function of its key")
	}
	if !news.IsID(id) || len(id) != 26 {
		t.Errorf("%q has not the form of an id", id)
	}
	for _, s := range []string{"", "short", strings.Repeat("A", 26), strings.Repeat("1", 26), id + "a"} {
		if news.IsID(s) {
			t.Errorf("IsID(%q)", s)
		}
	}
}

func TestEntityID(t *testing.T) {
	person, place := news.EntityID(news.Person, "jordan"), news.EntityID(news.Place, "jordan")
	if person == place {
		t.Error("a person and a place share an id")
	}
	if !news.IsEntityID(person) || news.IsEntityID(person[:17]) || news.IsEntityID("x_"+person[2:]) {
		t.Errorf("IsEntityID is wrong about %q and its like", person)
	}
}

func TestDigest(t *testing.T) {
	var a, b, c news.Digest
	a.Add("x", 1)
	a.Add("y", 2)
	b.Add("y", 2)
	b.Add("x", 1)
	c.Add("x", 2)
	c.Add("y", 1)
	if a != b {
		t.Error("the order of additions matters")
	}
	if a == c {
		t.Error("versions do not matter")
	}
}

func TestPartitionOf(t *testing.T) {
	late := time.Date(2026, 3, 31, 23, 30, 0, 0, time.FixedZone("", -2*3600))
	if got := news.PartitionOf(late); got != "2026-04" {
		t.Errorf("partition %q, want the month in UTC", got)
	}
}

func TestDefaultsAreValid(t *testing.T) {
	q := news.Query{Facets: []news.FacetRequest{{Name: news.FacetDate}}}
	q.SetDefaults()
	if err := q.Validate(); err != nil {
		t.Error(err)
	}
	if q.Size != 20 || q.Sort != news.SortRelevancy || q.Zone != time.UTC || q.Facets[0].Size != 10 || q.Now.IsZero() {
		t.Errorf("defaults: %+v", q)
	}
}

func TestValidate(t *testing.T) {
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name  string
		query news.Query
		param string // "" means ErrTooDeep
	}{
		{"large page", news.Query{Size: 101}, "pageSize"},
		{"negative page", news.Query{Offset: -1}, "page"},
		{"deep page", news.Query{Offset: 9_990, Size: 20}, ""},
		{"span", news.Query{From: day.AddDate(0, 0, 1), To: day}, "from"},
		{"facet", news.Query{Facets: []news.FacetRequest{{Name: "colour"}}}, "facets"},
		{"facet size", news.Query{Facets: []news.FacetRequest{{Name: news.FacetSource, Size: 1_001}}}, "facetSize"},
		{"date is no filter", news.Query{Filters: []news.Filter{{Facet: news.FacetDate, Values: []string{"x"}}}}, "date"},
		{"empty filter", news.Query{Filters: []news.Filter{{Facet: news.FacetSource}}}, "source"},
		{"text field", news.Query{SearchIn: []string{"footnotes"}}, "searchIn"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.query.SetDefaults()
			err := tt.query.Validate()
			var bad *news.ParamError
			switch {
			case tt.param == "" && !errors.Is(err, news.ErrTooDeep):
				t.Errorf("error %v, want ErrTooDeep", err)
			case tt.param != "" && (!errors.As(err, &bad) || bad.Param != tt.param || !strings.Contains(err.Error(), tt.param)):
				t.Errorf("error %v, want one about %s", err, tt.param)
			}
		})
	}
}
