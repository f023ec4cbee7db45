package crawler

import (
	"context"
	"errors"

	"broadsheet.example/crawler/fetch"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Sample is what an address would bring if it were polled.
type Sample struct {
	Found
	// Pages are the articles that the feed names now, in its order.
	Pages []store.Discovery
	// Article is the first of them as it would be stored, nil if nothing could be.
	// Trouble is why its page could not be had; the article is then made of the
	// feed's own words.
	Article *news.Article
	Trouble error
}

// Preview finds the feed of an address as [Discover] does, and reads the first
// article of it as the crawler would, with one request more. It stores nothing.
func Preview(ctx context.Context, client *fetch.Client, ingest *Ingester, address string) (*Sample, error) {
	found, err := Discover(ctx, client, address)
	if err != nil {
		return nil, err
	}
	s := &Sample{Found: *found, Pages: discoveries(found.Feed, found.read, found.read.Items, ingest.now())}
	if len(s.Pages) == 0 {
		return s, nil
	}
	d := s.Pages[0]
	l := store.PageLease{Key: d.Key, URL: d.URL, Aliases: d.Aliases, Item: d.Item}
	draft, err := ingest.sample(ctx, client, l)
	if s.Trouble = err; err != nil {
		draft = ingest.FeedWords(ctx, l)
	}
	if draft != nil {
		s.Article = &draft.Article
		s.Article.FirstSeen = ingest.now()
		if s.Article.PublishedAt.IsZero() {
			s.Article.PublishedAt, s.Article.PublishedAtSource = s.Article.FirstSeen, news.DateFirstSeen
		}
	}
	return s, nil
}

// sample fetches and reads a page without a trace of it.
func (g *Ingester) sample(ctx context.Context, client *fetch.Client, l store.PageLease) (*store.Draft, error) {
	resp, err := client.Get(ctx, fetch.Request{URL: l.URL, Kind: fetch.Page})
	if err != nil {
		return nil, err
	}
	return g.Page(ctx, l, resp)
}

// Explain says in plain words why an address gave no sample.
func Explain(err error) string {
	failed, isFetch := errors.AsType[*fetch.Error](err)
	switch {
	case errors.Is(err, ErrNoFeed):
		return "This is no feed, the page offers none that works, and there is none in the usual places of its site."
	case errors.Is(err, context.DeadlineExceeded):
		return "The site took too long to answer."
	case isFetch:
		return "The site could not be read: " + failed.Err.Error() + "."
	default:
		return err.Error()
	}
}
