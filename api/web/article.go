package web

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
)

// excerptLength is how much of the text is shown, in characters, where the whole
// may not be.
const excerptLength = 320

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
	} else {
		page.Excerpt = excerpt(withoutLead(a.Content, a.Description), excerptLength)
	}
	page.Changes = changes(revisions, whole, now)
	return page
}

// withoutLead is the text from behind the summary on, where it begins with that.
func withoutLead(text, lead string) string {
	text, lead = strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(lead), " ")
	return strings.TrimSpace(strings.TrimPrefix(text, lead))
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
