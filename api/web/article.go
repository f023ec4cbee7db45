package web

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// excerptLength is how much of the text is shown, in characters, where the whole
// may not be.
const excerptLength = 320

// Sizes of the list of related articles, and of the search for it.
const (
	relatedHits     = 8
	relatedEntities = 5
	relatedWords    = 12
)

// articlePage is what we hold of one article. The way to the publisher comes
// first, the text itself only where its policy lets it.
type articlePage struct {
	frame
	Heading     string
	URL, Host   string
	Source, Via choice
	Authors     []choice
	When        when
	Updated     when
	Lead        string
	Excerpt     string
	Paragraphs  []string // the full text, where it may be shown
	Note        string
	State       string
	Facts       []fact
	Lists       []list // entities by kind
	Changes     []change
	Related     []hit
	JSON        string
}

// fact is one line of metadata, and where it comes from.
type fact struct{ Name, Value, From string }

// article answers /articles/{id}.
func (p *pages) article(c *fiber.Ctx) error {
	id := c.Params("id")
	if !news.IsID(id) {
		return news.ErrNotFound
	}
	found, err := p.deps.Archive.Articles(c.UserContext(), id)
	if err != nil {
		return err
	}
	revisions, err := p.revisions(c.UserContext(), id)
	switch {
	case err != nil:
		return err
	case len(found) == 0:
		return news.ErrNotFound
	case found[0].ID != id: // merged into another
		return c.Redirect(articlePath(found[0].ID), fiber.StatusMovedPermanently)
	}
	page := p.newArticlePage(&found[0], revisions)
	if page.Related, err = p.related(c.UserContext(), &found[0]); err != nil {
		return err
	}
	return p.render(c, fiber.StatusOK, "article.html", page)
}

// revisions are those of the article, none if it was merged into another.
func (p *pages) revisions(ctx context.Context, id string) ([]news.Revision, error) {
	list, err := p.deps.Archive.Revisions(ctx, id)
	if errors.Is(err, news.ErrNotFound) {
		return nil, nil
	}
	return list, err
}

func (p *pages) newArticlePage(a *news.Article, revisions []news.Revision) *articlePage {
	now := p.deps.Now()
	page := &articlePage{
		frame: frame{Title: titleOf(a)}, Heading: titleOf(a), URL: webAddress(a.URL),
		Source: choice{Label: nameOf(a.Source), Href: pagePath(news.FacetSource, a.Source.ID)},
		When:   published(a, time.UTC, now), Lead: a.Description, Note: a.EditorNote, State: completenessWords(a.Completeness),
		Facts: facts(a), Lists: entityLists(a.Entities), JSON: "/v1/articles/" + a.ID,
	}
	if u, err := url.Parse(page.URL); err == nil {
		page.Host = strings.TrimPrefix(u.Host, "www.")
	}
	if a.Via != nil {
		page.Via = choice{Label: nameOf(*a.Via), Href: pagePath(news.FacetVia, a.Via.ID)}
	}
	if !a.UpdatedAt.IsZero() {
		page.Updated = moment(a.UpdatedAt, time.UTC, now)
	}
	for _, name := range a.Authors {
		page.Authors = append(page.Authors, choice{Label: name, Href: pagePath(news.FacetAuthor, name)})
	}
	whole := p.mayShow(a)
	if whole {
		page.Paragraphs = paragraphs(a.Content)
	} else if opening := excerpt(a.Content, excerptLength); !strings.HasPrefix(opening, a.Description) || a.Description == "" {
		page.Excerpt = opening
	}
	page.Changes = changes(revisions, whole, now)
	return page
}

// mayShow reports whether the publisher, and who republished the article, let the
// full text be shown on pages.
func (p *pages) mayShow(a *news.Article) bool {
	return p.deps.FullText(a.Source.ID) == news.FullTextPages && (a.Via == nil || p.deps.FullText(a.Via.ID) == news.FullTextPages)
}

// excerpt is the beginning of a text, at most limit characters, cut between words.
func excerpt(text string, limit int) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	cut := string([]rune(text)[:limit])
	if at := strings.LastIndexByte(cut, ' '); at > 0 {
		cut = cut[:at]
	}
	return strings.TrimRight(cut, " ,;:–—-") + "…"
}

func paragraphs(text string) []string {
	var out []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// facts is the metadata, with where each comes from.
func facts(a *news.Article) []fact {
	const exact = "2 January 2006, 15:04:05 MST"
	day := exact
	if a.PublishedAtPrecision == news.PrecisionDay {
		day = "2 January 2006"
	}
	list := []fact{
		{"Published", a.PublishedAt.UTC().Format(day), dateSourceWords(a.PublishedAtSource)},
		{"Date as stated", a.PublishedAtRaw, "refused: it lies in the future, before 1990, or cannot be read"},
		{"Changed", a.UpdatedAt.UTC().Format(exact), "by the publisher's word, or when the change was seen"},
		{"First seen", a.FirstSeen.UTC().Format(exact), "when it was stored here"},
		{"Section", a.Section, ""},
		{"Tags", strings.Join(a.Tags, ", "), ""},
		{"Language", languageName(a.Language), ""},
		{"Country", countryName(a.Country), "of the publisher"},
		{"Length", count(a.WordCount, "word"), lengthWords(a.Completeness)},
		{"Address", a.URL, ""},
		{"Canonical address", a.CanonicalURL, "as the page states it"},
		{"Revision", strconv.Itoa(a.Revision), ""},
		{"Identifier", a.ID, ""},
	}
	known := list[:0]
	for _, f := range list {
		switch {
		case f.Value == "", f.Name == "Changed" && a.UpdatedAt.IsZero(), f.Name == "First seen" && a.FirstSeen.IsZero(),
			f.Name == "Length" && a.WordCount == 0, f.Name == "Canonical address" && a.CanonicalURL == a.URL:
			continue
		}
		known = append(known, f)
	}
	return known
}

func dateSourceWords(s news.DateSource) string {
	switch s {
	case news.DateJSONLD:
		return "from the page's structured data"
	case news.DateMeta:
		return "from the page's metadata"
	case news.DateFeed:
		return "from the feed"
	case news.DateURL:
		return "from the address"
	case news.DateImport:
		return "as imported"
	case news.DateFirstSeen:
		return "not stated: when it was first seen here"
	default:
		return ""
	}
}

func lengthWords(c news.Completeness) string {
	switch c {
	case news.Partial:
		return "of the opening; the rest is behind a wall or was cut"
	case news.FeedOnly:
		return "of the feed's summary; the page could not be had"
	default:
		return "held in full"
	}
}

// entityLists are the entities by kind, most salient first.
func entityLists(entities []news.Entity) []list {
	var out []list
	for _, t := range []news.EntityType{news.Person, news.Place, news.Organization} {
		l := list{Title: facetTitle(string(t))}
		for _, e := range entities {
			if e.Type == t {
				l.Items = append(l.Items, listItem{firstOf(e.Name, e.ID), mentions(e.Count), pagePath(string(t), e.ID)})
			}
		}
		if len(l.Items) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// mentions counts them where they are more than one.
func mentions(n int) string {
	if n < 2 {
		return ""
	}
	return group(n) + "×"
}

// related searches what others wrote on the same people, places and things, best
// where the words of the title recur.
func (p *pages) related(ctx context.Context, a *news.Article) ([]hit, error) {
	if len(a.Entities) == 0 {
		return nil, nil
	}
	var ids []string
	for _, e := range a.Entities[:min(len(a.Entities), relatedEntities)] {
		ids = append(ids, e.ID)
	}
	q := news.Query{
		Expr: anyWord(a.Title), Filters: []news.Filter{{Facet: news.FacetEntity, Values: ids}}, Size: relatedHits + 1, Now: p.deps.Now(),
	}
	q.SetDefaults()
	r, err := p.deps.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	var others []news.Hit
	for _, h := range r.Hits {
		if h.Article.ID != a.ID && len(others) < relatedHits {
			others = append(others, h)
		}
	}
	return newHits(others, pagePath, time.UTC, q.Now), nil
}

// anyWord holds where any of the title's longer words does; nil if it has none.
func anyWord(title string) query.Node {
	const least = 4 // letters; shorter words say little
	var parts []query.Node
	for _, w := range strings.FieldsFunc(title, func(r rune) bool { return !isWordRune(r) }) {
		if utf8.RuneCountInString(w) >= least && len(parts) < relatedWords {
			parts = append(parts, query.Word{Text: w})
		}
	}
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	default:
		return query.Or{Parts: parts}
	}
}
