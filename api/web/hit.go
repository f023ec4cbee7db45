package web

import (
	"html"
	"html/template"
	"strings"
	"time"

	"broadsheet.example/news"
)

// hit is one article in a list.
type hit struct {
	Title, Snippet template.HTML
	Name           string // the title without marks
	URL            string // of the publisher; empty if it is no address on the web
	Details        string // our page of the article
	Source, Via    choice
	When           when
	Updated        bool
	Completeness   string
	Language       string
	Entities       []choice
	Copies         string
}

// shownEntities is how many entities a hit shows.
const shownEntities = 4

// destination says where the value of a facet leads.
type destination func(facet, value string) string

func newHit(h *news.Hit, to destination, zone *time.Location, now time.Time) hit {
	a := &h.Article
	out := hit{
		Title: marked(h.Highlights["title"], titleOf(a)), Snippet: marked(h.Highlights["content"], a.Description),
		Name: titleOf(a), URL: webAddress(a.URL), Details: articlePath(a.ID),
		Source: choice{Label: nameOf(a.Source), Href: to(news.FacetSource, a.Source.ID)},
		When:   published(a, zone, now), Updated: !a.UpdatedAt.IsZero(), Completeness: completenessWords(a.Completeness),
	}
	if a.Via != nil {
		out.Via = choice{Label: nameOf(*a.Via), Href: to(news.FacetVia, a.Via.ID)}
	}
	if a.Language != "" && a.Language != "en" {
		out.Language = languageName(a.Language)
	}
	for _, e := range a.Entities[:min(len(a.Entities), shownEntities)] {
		out.Entities = append(out.Entities, choice{Label: firstOf(e.Name, e.ID, "Unnamed"), Href: to(string(e.Type), e.ID)})
	}
	if n := len(h.Copies); n > 0 {
		out.Copies = count(n, "more source")
	}
	return out
}

// titleOf is never empty, so that there is something to click.
func titleOf(a *news.Article) string { return firstOf(a.Title, "Untitled") }

// nameOf is what a publisher is called, for want of better by its id.
func nameOf(r news.Ref) string { return firstOf(r.Name, r.ID, "Unnamed") }

// firstOf is the first of the texts that is not blank.
func firstOf(texts ...string) string {
	for _, s := range texts {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// webAddress is the address if a browser may follow it, else nothing.
func webAddress(s string) string {
	if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") {
		return s
	}
	return ""
}

func articlePath(id string) string { return "/articles/" + id }

func completenessWords(c news.Completeness) string {
	switch c {
	case news.Partial:
		return "opening only"
	case news.FeedOnly:
		return "summary only"
	default:
		return ""
	}
}

// The marks that engines set around terms unless told otherwise.
const (
	markOpen  = "<mark>"
	markClose = "</mark>"
)

// marked is the highlighted form of a field, or else the plain one. Of an
// engine's HTML nothing but well-formed marks is let through.
func marked(fragments []string, plain string) template.HTML {
	fragment := strings.Join(fragments, " … ")
	if strings.TrimSpace(fragment) == "" {
		return template.HTML(html.EscapeString(plain)) // escaped here
	}
	var b strings.Builder
	for i, part := range strings.Split(fragment, markOpen) {
		inside, outside, ok := strings.Cut(part, markClose)
		if i > 0 && ok {
			b.WriteString(markOpen + neutral(inside) + markClose)
		} else {
			outside = strings.ReplaceAll(part, markClose, "")
		}
		b.WriteString(neutral(strings.ReplaceAll(outside, markClose, "")))
	}
	return template.HTML(b.String()) // every part escaped by neutral
}

// neutral escapes text that is HTML-escaped already, once.
func neutral(s string) string { return html.EscapeString(html.UnescapeString(s)) }

// when is a time in three forms.
type when struct{ Words, Exact, ISO string }

// published is when the article was published, as precisely as that is known.
func published(a *news.Article, zone *time.Location, now time.Time) when {
	w := moment(a.PublishedAt, zone, now)
	if a.PublishedAtPrecision == news.PrecisionDay {
		w.Exact = a.PublishedAt.UTC().Format("Monday, 2 January 2006")
		if w.ISO = a.PublishedAt.UTC().Format(time.DateOnly); now.Sub(a.PublishedAt) < 24*time.Hour {
			w.Words = "today"
		}
	}
	return w
}

func moment(t time.Time, zone *time.Location, now time.Time) when {
	return when{ago(t.In(zone), now.In(zone)), t.In(zone).Format("Monday, 2 January 2006, 15:04 MST"), t.UTC().Format(time.RFC3339)}
}
