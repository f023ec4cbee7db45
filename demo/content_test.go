package demo_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet.example/demo"
)

// readable are the articles whose page a visitor can have, in UTF-8.
func readable(t *testing.T, p *demo.Press) map[string]node {
	t.Helper()
	pages := make(map[string]node)
	for _, a := range p.Articles() {
		res, body := get(t, "GET", a.URL)
		if a.Access == demo.AccessGone {
			if res.StatusCode != 404 {
				t.Errorf("%s: got status %d, want 404", a.URL, res.StatusCode)
			}
			continue
		}
		if res.StatusCode != 200 {
			t.Errorf("%s: got status %d", a.URL, res.StatusCode)
		}
		pages[a.URL] = parse(t, utf8Of(t, res, body))
	}
	return pages
}

func TestArticlePages(t *testing.T) {
	p := start(t)
	pages := readable(t, p)
	for _, a := range p.Articles() {
		page, ok := pages[a.URL]
		if !ok {
			continue
		}
		text := page.text()
		if a.Access == demo.AccessOpen && !strings.Contains(text, a.Phrase) {
			t.Errorf("%s: the page lacks %q", a.URL, a.Phrase)
		}
		for _, name := range a.Persons {
			if a.Access == demo.AccessOpen && !strings.Contains(text, name) {
				t.Errorf("%s: the page lacks %q", a.URL, name)
			}
		}
		for _, bad := range []string{"{day", "{{", "**", "TODO", "Lorem", "ipsum", "XXX", "[[", "ZgotmplZ", "\ufffd"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: the page has a placeholder %q", a.URL, bad)
			}
		}
	}
}

func TestMetadata(t *testing.T) {
	p := start(t)
	pages := readable(t, p)
	for _, a := range p.Articles() {
		page, ok := pages[a.URL]
		if !ok {
			continue
		}
		ld := described(t, page)
		free := a.Access != demo.AccessTeaser
		switch {
		case ld.Headline != a.Title || ld.Publisher.Name != a.Publisher || ld.Section != a.Section || ld.Language != a.Language:
			t.Errorf("%s: JSON-LD %+v does not describe %+v", a.URL, ld, a)
		case !ld.DatePublished.Equal(a.PublishedAt) || !ld.DateModified.Equal(a.UpdatedAt):
			t.Errorf("%s: JSON-LD dates %s, %s; want %s, %s", a.URL, ld.DatePublished, ld.DateModified, a.PublishedAt, a.UpdatedAt)
		case ld.Free == nil || *ld.Free != free:
			t.Errorf("%s: JSON-LD isAccessibleForFree: got %v, want %t", a.URL, ld.Free, free)
		case len(ld.Author) != len(a.Authors) || len(ld.Keywords) == 0:
			t.Errorf("%s: JSON-LD authors %v, keywords %v; want authors %v", a.URL, ld.Author, ld.Keywords, a.Authors)
		}
		if got := page.attr("meta", "property", "og:title", "content"); got != a.Title {
			t.Errorf("%s: og:title: got %q, want %q", a.URL, got, a.Title)
		}
		canonical := page.attr("link", "rel", "canonical", "href")
		if (canonical == a.URL) != (a.Via == "") {
			t.Errorf("%s: canonical is %q, via %q", a.URL, canonical, a.Via)
		}
	}
}

func TestDatesAreRelativeToNow(t *testing.T) {
	today, weeks := 0, map[int]int{}
	for _, a := range start(t).Articles() {
		age := noon.Sub(a.PublishedAt)
		if age <= 0 || age > 31*24*time.Hour || a.UpdatedAt.Before(a.PublishedAt) || a.UpdatedAt.After(noon) {
			t.Errorf("%s: published %s, updated %s; now is %s", a.URL, a.PublishedAt, a.UpdatedAt, noon)
		}
		if age < 12*time.Hour {
			today++
		}
		weeks[int(age/(7*24*time.Hour))]++
	}
	if today < 6 || len(weeks) < 4 {
		t.Errorf("got %d articles of the past 12 hours and weeks %v, want 6 or more and 4 weeks or more", today, weeks)
	}
}

func TestEachArticleStandsOnce(t *testing.T) {
	p := start(t)
	var texts []string
	for _, page := range readable(t, p) {
		texts = append(texts, page.text())
	}
	byPhrase := make(map[string][]demo.Article)
	for _, a := range p.Articles() {
		byPhrase[a.Phrase] = append(byPhrase[a.Phrase], a)
	}
	wires := map[string][]string{}
	for phrase, list := range byPhrase {
		for _, a := range list {
			if a.Wire != "" {
				wires[a.Wire] = append(wires[a.Wire], a.Publisher)
			}
			if len(list) > 1 && a.Wire == "" && list[0].Publisher != list[1].Publisher {
				t.Errorf("%q stands in articles that are no copies: %s, %s", phrase, list[0].URL, list[1].URL)
			}
		}
		found := 0
		for _, text := range texts {
			if strings.Contains(text, phrase) {
				found++
			}
		}
		if found > len(list) {
			t.Errorf("%q stands on %d pages, want at most %d", phrase, found, len(list))
		}
	}
	if got := wires["varna-signing"]; len(got) != 3 {
		t.Errorf("the wire report is carried by %v, want three publishers", got)
	}
}

func TestRepublished(t *testing.T) {
	p := start(t)
	inside, outside := 0, 0
	for _, a := range p.Articles() {
		if a.Via == "" {
			continue
		}
		_, body := get(t, "GET", a.URL)
		canonical := parse(t, body).attr("link", "rel", "canonical", "href")
		original := slices.IndexFunc(p.Articles(), func(o demo.Article) bool { return o.URL == canonical && o.Publisher == a.Publisher && o.Via == "" })
		switch {
		case original >= 0:
			inside++
		case strings.HasSuffix(host(canonical), ".example"):
			outside++
		default:
			t.Errorf("%s: its canonical %q is nobody's", a.URL, canonical)
		}
	}
	if inside != 2 || outside != 1 {
		t.Errorf("republished: got %d from within the press and %d from outside, want 2 and 1", inside, outside)
	}
}

func host(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func TestPeopleRecur(t *testing.T) {
	articles, publishers := map[string]int{}, map[string]map[string]bool{}
	for _, a := range start(t).Articles() {
		for _, name := range a.Persons {
			articles[name]++
			if publishers[name] == nil {
				publishers[name] = map[string]bool{}
			}
			publishers[name][a.Publisher] = true
		}
	}
	recurring, across, surnames := 0, 0, map[string][]string{}
	for name, n := range articles {
		if n > 20 {
			t.Errorf("%s is in %d articles, which is too many to be interesting", name, n)
		}
		if n >= 4 {
			recurring++
		}
		if len(publishers[name]) >= 3 {
			across++
		}
		surname := name[strings.LastIndex(name, " ")+1:]
		surnames[surname] = append(surnames[surname], name)
	}
	if recurring < 12 || across < 10 {
		t.Errorf("got %d people in four articles or more and %d at three publishers or more, want 12 and 10: %v", recurring, across, articles)
	}
	if len(surnames["Leighton"]) != 2 {
		t.Errorf("the Leightons are %v, want two people", surnames["Leighton"])
	}
}

func TestWall(t *testing.T) {
	p := start(t)
	for _, a := range p.Articles() {
		if strings.HasPrefix(a.URL, p.Publishers()[3].URL) {
			_, body := get(t, "GET", a.URL)
			if text := parse(t, body).text(); !strings.Contains(text, "Sign up to read this article") || !strings.Contains(text, a.Phrase) {
				t.Errorf("%s: want the wall's words around the whole body", a.URL)
			}
		}
		if a.Access == demo.AccessTeaser {
			_, body := get(t, "GET", a.URL)
			if text := parse(t, body).text(); !strings.Contains(text, "Subscribe to continue") || strings.Contains(text, "already charging for it") {
				t.Errorf("%s: want a teaser only", a.URL)
			}
		}
	}
}

func TestLinksLead(t *testing.T) {
	p := start(t)
	refused := map[string]bool{}
	for _, a := range p.Articles() {
		refused[a.URL] = a.Access == demo.AccessGone
	}
	checked := map[string]bool{}
	var follow func(u string)
	follow = func(u string) {
		if checked[u] || refused[u] {
			return
		}
		checked[u] = true
		res, body := get(t, "GET", u)
		if res.StatusCode != 200 {
			t.Errorf("%s: got status %d", u, res.StatusCode)
		}
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			return
		}
		for e := range parse(t, body).Descendants() {
			for _, key := range []string{"href", "src"} {
				if target := attribute(e, key); strings.HasPrefix(target, "http://127.0.0.1") {
					follow(target)
				}
			}
		}
	}
	for _, pub := range p.Publishers() {
		follow(pub.URL)
	}
	if len(checked) < 120 {
		t.Errorf("followed %d links, want 120 or more", len(checked))
	}
}
