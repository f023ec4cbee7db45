package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet.example/crawler/feed"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/link"
	"broadsheet.example/news"
)

const (
	// maxProbes bounds the addresses that are tried for a feed, that of the page
	// itself left out.
	maxProbes = 6
	// maxOffers bounds the feeds that a page may offer.
	maxOffers = 20
)

// ErrNoFeed means that neither the address nor what it offers is a feed.
var ErrNoFeed = errors.New("no feed found there")

// Found is what [Discover] has found.
type Found struct {
	// Feed is ready to be added.
	Feed news.Feed
	// Others are further feeds that the page offers; they were not tried.
	Others []string

	read *feed.Feed
}

// wellKnown returns the places where feeds are when a page does not say.
func wellKnown() []string {
	return []string{"/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/news-sitemap.xml", "/sitemap_news.xml"}
}

// Discover finds a feed at an address or, when that is a page, the feed that the
// page offers, or else one in a well-known place of its site. It makes at most
// seven requests, all of them polite. It fails with ErrNoFeed, or with what kept
// the address from being fetched.
func Discover(ctx context.Context, client *fetch.Client, address string) (*Found, error) {
	d := discoverer{client: client}
	f, resp, err := d.try(ctx, address)
	if err == nil {
		return &Found{Feed: describe(f, settled(address, resp)), read: f}, nil
	}
	if resp == nil {
		return nil, fmt.Errorf("find a feed: %w", err)
	}
	offers := offered(resp.Body, resp.URL)
	candidates := slices.Clone(offers)
	for _, path := range wellKnown() {
		if u, err := link.Join(resp.URL, path); err == nil {
			candidates = append(candidates, u)
		}
	}
	for _, u := range candidates[:min(len(candidates), maxProbes)] {
		if f, resp, err := d.try(ctx, u); err == nil {
			others := slices.DeleteFunc(offers, func(o string) bool { return o == u })
			return &Found{Feed: describe(f, settled(u, resp)), Others: others, read: f}, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return nil, fmt.Errorf("%w: %s is no feed, offers none that works, and has none in the usual places", ErrNoFeed, address)
}

type discoverer struct{ client *fetch.Client }

// try fetches an address as a feed. The response is nil when there was none.
func (d discoverer) try(ctx context.Context, address string) (*feed.Feed, *fetch.Response, error) {
	resp, err := d.client.Get(ctx, fetch.Request{URL: address, Kind: fetch.Sitemap})
	if err != nil {
		return nil, nil, err
	}
	f, err := feed.Parse(resp.Body, resp.ContentType, resp.URL)
	return f, resp, err
}

// settled is the address to poll: where the site has moved the feed for good,
// else the one that was asked for.
func settled(address string, resp *fetch.Response) string {
	if resp.Permanent {
		return resp.URL
	}
	return address
}

// describe makes a feed to be added of one that was read.
func describe(f *feed.Feed, address string) news.Feed {
	out := news.Feed{URL: address, Title: f.PlainTitle(), SiteURL: f.Link, Language: f.Language, Kind: news.KindFeed, Enabled: true}
	if strings.HasPrefix(f.Type, "sitemap") {
		out.Kind = news.KindSitemap
	}
	if key, err := link.Key(address); err == nil {
		out.ID = news.ArticleID(key)
	}
	return out
}

// offered lists the feeds that a page's head links to, RSS and Atom before
// JSON, those of comments last.
func offered(page []byte, address string) []string {
	var offers []offer
	z := html.NewTokenizer(bytes.NewReader(page))
	z.SetMaxBuf(maxHead)
	base := address
	for len(offers) < maxOffers {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		switch tag := z.Token(); tag.DataAtom {
		case atom.Base:
			if joined, err := link.Join(address, attribute(tag, "href")); err == nil && attribute(tag, "href") != "" {
				base = joined
			}
		case atom.Link:
			if o, ok := readOffer(tag, base); ok {
				offers = append(offers, o)
			}
		}
	}
	slices.SortStableFunc(offers, func(a, b offer) int { return a.rank - b.rank })
	var urls []string
	for _, o := range offers {
		urls = append(urls, o.url)
	}
	return unique(urls)
}

// offer is a feed that a page links to; the lower its rank the better.
type offer struct {
	url  string
	rank int
}

func readOffer(tag html.Token, base string) (offer, bool) {
	if !slices.Contains(strings.Fields(strings.ToLower(attribute(tag, "rel"))), "alternate") {
		return offer{}, false
	}
	u, err := link.Join(base, attribute(tag, "href"))
	if err != nil || attribute(tag, "href") == "" {
		return offer{}, false
	}
	o := offer{url: u}
	kind, _, _ := strings.Cut(strings.ToLower(attribute(tag, "type")), ";")
	switch strings.TrimSpace(kind) {
	case "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml":
	case "application/feed+json", "application/json":
		o.rank = 1
	default:
		return offer{}, false
	}
	if strings.Contains(strings.ToLower(attribute(tag, "title")+" "+u), "comment") {
		o.rank += 2
	}
	return o, true
}

func attribute(tag html.Token, name string) string {
	for _, a := range tag.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}
