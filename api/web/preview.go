package web

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
)

// previewTime is how long looking at an address may take: several requests to one
// host, politely apart. It is longer than other pages have.
const previewTime = 45 * time.Second

// Preview is what an address would bring if it were polled.
type Preview struct {
	// Feed is ready to be added: the address itself or the one found there.
	Feed news.Feed
	// Others are further feeds that the page offers.
	Others []string
	// Items are what the feed names now, in its order: title, address and date
	// as the feed states them.
	Items []news.Article
	// Article is the first of them as it would be stored; nil if nothing could be.
	Article *news.Article
	// Trouble says in plain words why its page could not be had; Article is then
	// made of the feed's own words.
	Trouble string
}

// previewPage shows what would be indexed before a feed is added.
type previewPage struct {
	frame
	Address  string
	Error    string // there is nothing to show, for this reason
	Name     string
	Found    news.Feed
	Language string
	Total    string
	Items    []previewItem
	Others   []string
	Article  *previewArticle
	Trouble  string
}

type previewItem struct {
	Title, URL string
	When       when
}

// previewArticle is an article as it would be stored.
type previewArticle struct {
	Title, Source, Text string
	Facts               []fact
	Lists               []list
}

// preview answers the form that takes any address.
func (p *pages) preview(c *fiber.Ctx) error {
	values, err := form(c)
	if err != nil {
		return err
	}
	address := strings.TrimSpace(values.Get(fieldURL))
	if address != "" && !strings.Contains(address, "://") {
		address = "https://" + address
	}
	if _, err := p.feedID(address); err != nil {
		return err
	}
	page := &previewPage{frame: frame{Title: "Add a source"}, Address: address}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), previewTime)
	defer cancel()
	found, err := p.deps.Preview(ctx, address)
	if err != nil {
		page.Error = excerpt(err.Error(), excerptLength)
	} else {
		page.show(found, p.deps.Now())
	}
	return p.render(c, fiber.StatusOK, "preview.html", page)
}

// shownItems is how many items of a feed a preview lists.
const shownItems = 8

func (v *previewPage) show(found *Preview, now time.Time) {
	v.Found, v.Name, v.Language = found.Feed, firstOf(found.Feed.Title, found.Feed.URL), languageName(found.Feed.Language)
	v.Total, v.Others, v.Trouble = count(len(found.Items), "item"), found.Others, found.Trouble
	for _, a := range found.Items[:min(len(found.Items), shownItems)] {
		item := previewItem{Title: titleOf(&a), URL: webAddress(a.URL)}
		if !a.PublishedAt.IsZero() {
			item.When = moment(a.PublishedAt, time.UTC, now)
		}
		v.Items = append(v.Items, item)
	}
	if a := found.Article; a != nil {
		v.Article = &previewArticle{
			Title: titleOf(a), Source: nameOf(a.Source), Text: excerpt(a.Content, excerptLength), Facts: facts(a), Lists: entityLists(a.Entities),
		}
	}
}

// feedID is the id of the feed at an address.
func (p *pages) feedID(address string) (string, error) {
	key, err := p.deps.Key(address)
	if err != nil {
		return "", &news.ParamError{Param: fieldURL, Value: excerpt(address, excerptLength), Reason: "is no address on the web: " + err.Error()}
	}
	return news.ArticleID(key), nil
}

// feedOf is the feed that a form describes.
func (p *pages) feedOf(values url.Values) (news.Feed, error) {
	address := strings.TrimSpace(values.Get(fieldURL))
	id, err := p.feedID(address)
	if err != nil {
		return news.Feed{}, err
	}
	f := news.Feed{ID: id, URL: address, Title: excerpt(values.Get(fieldTitle), excerptLength), Kind: news.KindFeed, Enabled: true, AddedAt: p.deps.Now()}
	if values.Get(fieldKind) == string(news.KindSitemap) {
		f.Kind = news.KindSitemap
	}
	return f, nil
}
