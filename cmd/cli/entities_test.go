package cli

import (
	"strings"
	"testing"

	"broadsheet.example/entity"
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
	for _, kind := range []string{"person", "place", "organization"} {
		rows := entityRows(t, dir, kind)
		for i, r := range rows {
			if why := noName(gaz, r.name); why != "" {
				t.Errorf("%q, %s, is in the facet %s", r.name, why, kind)
			}
			for _, other := range rows[:i] {
				if kind == "person" && sameHuman(r.name, other.name) {
					t.Errorf("%q and %q are both in the facet person", r.name, other.name)
				}
			}
		}
	}
}

// noName returns what a name is instead of one, or nothing.
func noName(gaz *gazetteer.Gazetteer, name string) string {
	const calendar = " January February March April May June July August September October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday "
	known := gaz.Is(name, gazetteer.AnyPlace&^gazetteer.Town|gazetteer.Organization|gazetteer.Person)
	switch {
	case gaz.IsLabel(name):
		return "a label"
	case strings.Contains(calendar, " "+name+" "):
		return "of the calendar"
	case known:
	case gaz.Is(name, gazetteer.Demonym):
		return "a nationality"
	case gaz.Is(name, gazetteer.Common|gazetteer.Title|gazetteer.OrgWord|gazetteer.EventWord):
		return "a word of headlines"
	}
	return ""
}

// sameHuman reports whether two names can be one person's: one surname, and no
// first names, or such of which one begins like the other, as J. and Jake.
func sameHuman(a, b string) bool {
	if entity.Surname(a) != entity.Surname(b) {
		return false
	}
	first := func(name string) string {
		words := strings.Fields(gazetteer.Fold(name))
		if len(words) == 1 {
			return ""
		}
		return strings.TrimSuffix(words[0], ".")
	}
	x, y := first(a), first(b)
	return strings.HasPrefix(x, y) || strings.HasPrefix(y, x)
}

func TestSameHuman(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"Jake Sullivan", "Sullivan", true},
		{"Jake Sullivan", "J. Sullivan", true},
		{"Jake Sullivan", "Jake T. Sullivan Jr.", true},
		{"Jake Sullivan", "Anna Sullivan", false},
		{"Jake Sullivan", "Jake Benning", false},
	}
	for _, tt := range tests {
		if got := sameHuman(tt.a, tt.b); got != tt.want {
			t.Errorf("%s and %s: got %v, want %v", tt.a, tt.b, got, tt.want)
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
