package entity

import (
	"testing"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

// The rules are tested on what no model has marked, or has marked wrongly.

func TestDatelineCity(t *testing.T) {
	tests := []struct{ line, want string }{
		{"SOFIA — Boyan Zahariev moved in.", "SOFIA"},
		{"ITEN, Kenya — The agreement is written on a card.", "ITEN"},
		{"BEIJING, Nov. 3 - The talks went on.", "BEIJING"},
		{"ST. PETERSBURG, Russia – The talks went on.", "ST. PETERSBURG"},
		{"QAVARSUP — The talks went on.", ""},
		{"UPDATE — The talks went on.", ""},
		{"POLICE — Two men were arrested.", ""},
		{"MARCH — The month was cold.", ""},
		{"BEST — The films of the year.", ""},
		{"READING — What we liked.", ""},
		{"Sofia — The talks went on.", ""},
		{"SOFIA, the capital, was quiet.", ""},
		{"UK - The talks went on.", ""},
		{"", ""},
	}
	gaz, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		got := ""
		if found := withDatelines(tt.line, nil, gaz); len(found) > 0 {
			got = tt.line[found[0].Start:found[0].End]
		}
		if got != tt.want {
			t.Errorf("%q: place %q, want %q", tt.line, got, tt.want)
		}
	}
}

func TestIsAddressed(t *testing.T) {
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for surface, want := range map[string]bool{
		"Ms Quellbrook": true, "Mr. Adeyemi Ojo": true, "Mr Price Group": false, "Mrs": false, "Mrazek Ltd": false, "Miss World": false,
	} {
		if got := r.isAddressed(surface); got != want {
			t.Errorf("%q: %t", surface, got)
		}
	}
}

func TestDivide(t *testing.T) {
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ before, name, place, person string }{
		{"In ", "Sofia Desislava Koleva", "Sofia", "Desislava Koleva"},
		{"It rained. In ", "Kenya  Ada   Reyes", "Kenya", "Ada   Reyes"},
		{"In ", "Kenya  Berg", "", "Kenya  Berg"},
		{"Her faith in ", "Jordan Lee Brown", "", "Jordan Lee Brown"},
		{"In ", "Jordan van den Berg", "", "Jordan van den Berg"},
		{"In ", "Anna Maria Berg", "", "Anna Maria Berg"},
		{"", "Sofia Desislava Koleva", "", "Sofia Desislava Koleva"},
	} {
		text := tt.before + tt.name + " said no."
		m := news.Mention{Start: len(tt.before), End: len(tt.before) + len(tt.name), Type: news.Person}
		place, person := r.divide(text, m)
		if got := text[place.Start:place.End]; got != tt.place {
			t.Errorf("%q: place %q, want %q", text, got, tt.place)
		}
		if got := text[person.Start:person.End]; got != tt.person {
			t.Errorf("%q: person %q, want %q", text, got, tt.person)
		}
	}
}
