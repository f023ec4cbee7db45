package web_test

import (
	"context"
	"testing"

	"broadsheet.example/api/web"
	"broadsheet.example/news"
)

func TestDidYouMean(t *testing.T) {
	tests := []struct {
		name, query string
		corrections []news.Correction
		want        string // "" for no offer
	}{
		{"one word", "elextions", []news.Correction{{Word: "elextions", Meant: "elections"}}, "elections"},
		{"the rest stays", `"Georgia STROM" -wind title:strom`, []news.Correction{{Word: "strom", Meant: "storm"}}, `"Georgia storm" -wind title:storm`},
		{"not within a word", "stromboli", []news.Correction{{Word: "strom", Meant: "storm"}}, ""},
		{"two words", "harbur bots", []news.Correction{{Word: "harbur", Meant: "harbour"}, {Word: "bots", Meant: "boats"}}, "harbour boats"},
		{"hostile", "x y", []news.Correction{{Word: "y", Meant: "<script>"}}, "x <script>"},
		{"nothing", "x", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			app := newApp(t, web.Deps{Search: func(context.Context, news.Query) (*news.Result, error) {
				return &news.Result{Corrections: tt.corrections}, nil
			}})
			p := get(t, app, search("q", tt.query, "sources", "courier"))
			if tt.want == "" {
				if len(p.class("meant")) > 0 {
					t.Errorf("offered: %s", text(p.class("meant")[0]))
				}
				return
			}
			if got, want := p.link(tt.want), search("q", tt.want, "sources", "courier"); got != want {
				t.Errorf("leads to %q, want %q", got, want)
			}
		})
	}
}

func TestBrowserTakesWhatWasMeant(t *testing.T) {
	b := open(t, newWorld(t, press()...))
	b.visit(search("q", "harbuor"))
	b.click(".meant a")
	b.until(`location.search === "?q=harbour" && document.querySelectorAll("article").length === 3`)
	b.want(`document.querySelector("#q").value`, "harbour")
}
