package gazetteer_test

import (
	"testing"

	"broadsheet.example/entity/gazetteer"
)

func load(t *testing.T) *gazetteer.Gazetteer {
	t.Helper()
	g, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestPlaces(t *testing.T) {
	tests := []struct {
		name, want, country string
		kind                gazetteer.Kind
	}{
		{"U.S.", "United States", "us", gazetteer.Country},
		{"us", "United States", "us", gazetteer.Country},
		{"Türkiye", "Turkey", "tr", gazetteer.Country},
		{"Cote d’Ivoire", "Ivory Coast", "ci", gazetteer.Country},
		{"Kiev", "Kyiv", "ua", gazetteer.Capital},
		{"Calif.", "California", "us", gazetteer.Region},
		{"Guinea-Bissau", "Guinea-Bissau", "gw", gazetteer.Country},
		{"Mumbai", "Mumbai", "in", gazetteer.Metropolis},
	}
	g := load(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			places := g.Places(tt.name)
			if len(places) == 0 {
				t.Fatal("not known")
			}
			if p := places[0]; p.Name != tt.want || p.Country != tt.country || p.Kind&tt.kind == 0 {
				t.Errorf("got %+v, want %s in %s", p, tt.want, tt.country)
			}
		})
	}
}

func TestKinds(t *testing.T) {
	tests := []struct {
		surface string
		has     gazetteer.Kind
		not     gazetteer.Kind
	}{
		{"New Zealand", gazetteer.Country, gazetteer.Organization},
		{"World Bank", gazetteer.Organization, gazetteer.AnyPlace},
		{"Israelis", gazetteer.Demonym, gazetteer.AnyPlace},
		{"Port-au-Prince", gazetteer.Capital, gazetteer.Demonym},
		{"Monday", gazetteer.Common, gazetteer.AnyPlace},
		{"Sen.", gazetteer.Title, gazetteer.AnyPlace},
		{"Maria", gazetteer.FirstName, gazetteer.Country},
		{"N\u2019Djamena", gazetteer.Capital, gazetteer.Organization},
		{"Cote d\u2019Ivoire", gazetteer.Country, gazetteer.Organization},
		{"Diyarbakir", gazetteer.AnyPlace, gazetteer.Organization},
		{"Diyarbak\u0131r", gazetteer.AnyPlace, gazetteer.Organization},
		{"Sao Paulo", gazetteer.Metropolis, gazetteer.Organization},
		{"S\u00e3o Paulo", gazetteer.Metropolis, gazetteer.Organization},
		{"Constan\u021ba", gazetteer.City | gazetteer.Town, gazetteer.Organization},
		{"Nelson Mandela", gazetteer.Person, gazetteer.Organization},
		{"no such surface", 0, ^gazetteer.Kind(0)},
	}
	g := load(t)
	for _, tt := range tests {
		t.Run(tt.surface, func(t *testing.T) {
			if tt.has != 0 && !g.Is(tt.surface, tt.has) {
				t.Errorf("is not %b", tt.has)
			}
			if g.Is(tt.surface, tt.not) {
				t.Errorf("is %b", tt.not)
			}
		})
	}
}

func TestExtend(t *testing.T) {
	g := load(t)
	h := gazetteer.Hash()
	for _, w := range []string{"Port", "-", "au", "-", "Prince"} {
		h = gazetteer.Extend(h, w)
	}
	if g.Kinds(h)&gazetteer.Capital == 0 {
		t.Error("the words of Port-au-Prince do not make it")
	}
}

func TestFold(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Kenya", "kenya"},
		{"São  Tomé", "sao tome"},
		{"O’Brien", "o'brien"},
		{"Łódź", "lodz"},
		{"Straße", "strasse"},
		{" Two\nlines ", "two lines"},
		{"Москва", "москва"},
		{"北京", "北京"},
		{"\xff", "\ufffd"},
	}
	for _, tt := range tests {
		if got := gazetteer.Fold(tt.in); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Ångström’s  İzmir\xff")
	f.Fuzz(func(t *testing.T, s string) {
		once := gazetteer.Fold(s)
		if twice := gazetteer.Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, and of that %q", s, once, twice)
		}
	})
}
