package authority_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/entity/authority"
	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func person(name string) news.Entity       { return named(news.Person, name) }
func organization(name string) news.Entity { return named(news.Organization, name) }

func named(t news.EntityType, name string) news.Entity {
	return news.Entity{ID: news.EntityID(t, gazetteer.Fold(name)), Type: t, Name: name, Count: 1, First: 10}
}

func merge(e, into news.Entity) news.Decision {
	return news.Decision{Kind: news.DecisionMerge, Entity: e.ID, Into: into.ID}
}

// shown writes entities as "Name xCOUNT <Found, Found>".
func shown(list []news.Entity) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = fmt.Sprintf("%s x%d", e.Name, e.Count)
		if len(e.Found) > 0 {
			out[i] += " <" + strings.Join(names(e.Found), ", ") + ">"
		}
	}
	return out
}

func names(list []news.Find) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.Name)
	}
	slices.Sort(out)
	return out
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }

func TestDecisions(t *testing.T) {
	jake, jacob, other := person("Jake Sullivan"), person("Jacob Sullivan"), person("Ann Other")
	list := []news.Entity{jake, other, jacob}
	tests := []struct {
		name      string
		decisions []news.Decision
		want      []string
	}{
		{"none", nil, []string{"Jake Sullivan x1", "Ann Other x1", "Jacob Sullivan x1"}},
		{"merge", []news.Decision{merge(jacob, jake)}, []string{"Jake Sullivan x2 <Jacob Sullivan, Jake Sullivan>", "Ann Other x1"}},
		{"rename", []news.Decision{{Kind: news.DecisionRename, Entity: other.ID, Name: "Ann"}}, []string{"Jacob Sullivan x1", "Jake Sullivan x1", "Ann x1 <Ann Other>"}},
		{"merge and rename", []news.Decision{merge(jacob, jake), {Kind: news.DecisionRename, Entity: jake.ID, Name: "J. S."}}, []string{"J. S. x2 <Jacob Sullivan, Jake Sullivan>", "Ann Other x1"}},
		{"merge and split", []news.Decision{merge(jacob, jake), {Kind: news.DecisionSplit, Entity: jacob.ID}}, []string{"Jake Sullivan x1", "Ann Other x1", "Jacob Sullivan x1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := authority.NewRules(news.Rule(tt.decisions), list, nil)
			got := r.Apply(list, noon)
			if diff := cmp.Diff(sorted(tt.want), sorted(shown(got))); diff != "" {
				t.Errorf("entities (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(got, r.Apply(got, noon)); diff != "" {
				t.Errorf("applied twice (-once +twice)\n%s", diff)
			}
			undone := authority.NewRules(nil, nil, nil).Apply(got, noon)
			if diff := cmp.Diff(sorted(shown(list)), sorted(shown(undone))); diff != "" {
				t.Errorf("undone (-want +got)\n%s", diff)
			}
		})
	}
}

// use is an article that names entities so many days after noon.
type use struct {
	day  int
	list []news.Entity
}

func on(day int, list ...news.Entity) use { return use{day, list} }

func (u use) at() time.Time { return noon.AddDate(0, 0, u.day) }

func TestEvidence(t *testing.T) {
	jake, mary, short := person("Jake Sullivan"), person("Mary Sullivan"), person("Sullivan")
	harrow, acronym := organization("Harrow Mining Association"), organization("HMA")
	tests := []struct {
		name    string
		archive []use
		of      news.Entity
		want    string
	}{
		{"dominant full name", []use{on(1, jake), on(-2, jake)}, short, "Jake Sullivan x1 <Sullivan>"},
		{"used once", []use{on(1, jake)}, short, "Sullivan x1"},
		{"two who are as frequent", []use{on(1, jake), on(2, jake), on(1, mary), on(2, mary)}, short, "Sullivan x1"},
		{"one clearly more frequent", []use{on(1, jake), on(2, jake), on(3, jake), on(4, jake), on(2, mary)}, short, "Jake Sullivan x1 <Sullivan>"},
		{"too long ago", []use{on(-40, jake), on(-41, jake)}, short, "Sullivan x1"},
		{"another one long ago", []use{on(1, jake), on(2, jake), on(-90, mary), on(-91, mary), on(-92, mary)}, short, "Jake Sullivan x1 <Sullivan>"},
		{"acronym", []use{on(1, harrow), on(2, harrow)}, acronym, "Harrow Mining Association x1 <HMA>"},
		{"never across types", []use{on(1, organization("Jake Sullivan")), on(2, organization("Jake Sullivan"))}, short, "Sullivan x1"},
		{"a full name stays", []use{on(1, jake), on(2, jake)}, mary, "Mary Sullivan x1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := gather(t, authority.MaxGathered, append(tt.archive, on(0, tt.of)))
			got := shown(authority.NewRules(nil, nil, e).Apply([]news.Entity{tt.of}, noon))
			if diff := cmp.Diff([]string{tt.want}, got); diff != "" {
				t.Errorf("entities (-want +got)\n%s", diff)
			}
		})
	}
}

// TestPeopleOverrule shows that a person's word goes before evidence.
func TestPeopleOverrule(t *testing.T) {
	jake, mary, short := person("Jake Sullivan"), person("Mary Sullivan"), person("Sullivan")
	e := gather(t, authority.MaxGathered, []use{on(0, jake), on(1, jake), on(2, jake), on(0, short)})
	known := []news.Entity{jake, mary, short}
	for name, tt := range map[string]struct {
		decision news.Decision
		want     string
	}{
		"split": {news.Decision{Kind: news.DecisionSplit, Entity: short.ID}, "Sullivan x1"},
		"merge": {merge(short, mary), "Mary Sullivan x1 <Sullivan>"},
		"on":    {merge(jake, mary), "Mary Sullivan x1 <Sullivan>"},
	} {
		got := shown(authority.NewRules(news.Rule([]news.Decision{tt.decision}), known, e).Apply([]news.Entity{short}, noon))
		if diff := cmp.Diff([]string{tt.want}, got); diff != "" {
			t.Errorf("%s: entities (-want +got)\n%s", name, diff)
		}
	}
}
