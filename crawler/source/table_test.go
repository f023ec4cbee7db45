package source_test

import (
	"regexp"
	"strings"
	"testing"

	"broadsheet.example/crawler/link"
)

func TestTable(t *testing.T) {
	var (
		id      = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
		code    = regexp.MustCompile(`^[a-z]{2}$`)
		entries = load(t).Entries()
	)
	if len(entries) < 300 {
		t.Errorf("the table has %d publishers, want at least 300", len(entries))
	}
	for _, e := range entries {
		if !id.MatchString(e.ID) {
			t.Errorf("id %q is no slug", e.ID)
		}
		if !code.MatchString(e.Country) || !code.MatchString(e.Language) {
			t.Errorf("%s: country %q, language %q", e.ID, e.Country, e.Language)
		}
		for _, d := range e.Domains {
			if d != strings.ToLower(d) || strings.HasPrefix(d, "www.") || !strings.HasSuffix(d, link.Registrable(d)) {
				t.Errorf("%s: domain %q", e.ID, d)
			}
		}
	}
}

func TestLookup(t *testing.T) {
	table := load(t)
	e, ok := table.Lookup("le-monde")
	if !ok || e.Name != "Le Monde" || e.Country != "fr" {
		t.Errorf("Lookup(le-monde) = %+v, %v", e, ok)
	}
	if got := e.Source().URL; got != "https://lemonde.fr/" {
		t.Errorf("front page %q", got)
	}
	if _, ok := table.Lookup("nobody"); ok {
		t.Error("Lookup(nobody) found somebody")
	}
}
