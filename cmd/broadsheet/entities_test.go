package main

import (
	"strings"
	"testing"

	"broadsheet.example/entity/gazetteer"
)

// checkEntities corrects who is who while the server runs, and looks at what the
// facets show.
func checkEntities(t *testing.T, dir string) {
	t.Helper()
	rows := entityRows(t, dir, "person")
	if len(rows) < 2 {
		t.Fatalf("got %d people, want some", len(rows))
	}
	into, merged := rows[0], rows[1]
	if out := must(t, dir, "entities", "merge", merged.id, into.id); !strings.Contains(out, "also "+merged.id) {
		t.Errorf("merge: got %q, want it to name %s", out, merged.id)
	}
	if out := must(t, dir, "entities", "show", merged.id); !strings.Contains(out, into.id) || !strings.Contains(out, into.name) {
		t.Errorf("show of a merged id: got %q, want %s", out, into.name)
	}
	must(t, dir, "entities", "alias", into.id, "Somebody Else Entirely")
	if out := must(t, dir, "entities", "rename", into.id, "A New Name"); !strings.Contains(out, "A New Name") {
		t.Errorf("rename: got %q", out)
	}
	must(t, dir, "entities", "rename", into.id)
	if out := must(t, dir, "entities", "split", merged.id); !strings.Contains(out, merged.name) {
		t.Errorf("split: got %q, want %s", out, merged.name)
	}
	fails(t, dir, []string{"server owns"}, "entities", "refresh")
	checkFacetNames(t, dir)
}

// checkFacetNames looks for what is no name among the first 50 of each type, and
// for people who have two rows.
func checkFacetNames(t *testing.T, dir string) {
	t.Helper()
	gaz, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	months := "January February March April May June July August September October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
	for _, kind := range []string{"person", "place", "organization"} {
		surnames := map[string]string{}
		for _, r := range entityRows(t, dir, kind) {
			words := strings.Fields(r.name)
			last := words[len(words)-1]
			switch {
			case gaz.IsLabel(r.name), strings.Contains(months, r.name), gaz.Is(r.name, gazetteer.Demonym) && !gaz.Is(r.name, gazetteer.AnyPlace|gazetteer.Organization):
				t.Errorf("%q is in the facet %s", r.name, kind)
			case kind == "person" && surnames[last] != "" && (len(words) == 1 || len(strings.Fields(surnames[last])) == 1):
				t.Errorf("%q and %q are both in the facet person", r.name, surnames[last])
			}
			surnames[last] = r.name
		}
	}
}

type entityRow struct{ id, name string }

func entityRows(t *testing.T, dir, kind string) []entityRow {
	t.Helper()
	var rows []entityRow
	for line := range strings.Lines(must(t, dir, "entities", "list", "--type", kind)) {
		if f := strings.Fields(line); len(f) > 3 && strings.HasPrefix(f[2], "e_") {
			rows = append(rows, entityRow{f[2], strings.Join(f[3:], " ")})
		}
	}
	return rows
}
