package cli

import (
	"context"
	"errors"
	"time"

	"broadsheet.example/api"
	"broadsheet.example/api/web"
	"broadsheet.example/crawler"
	"broadsheet.example/news"
)

// preview looks at an address for the pages, as the crawler would.
func (n *node) preview(ctx context.Context, address string) (*web.Preview, error) {
	sample, err := crawler.Preview(ctx, n.fetch, n.ingest, address)
	if err != nil {
		return nil, errors.New(crawler.Explain(err))
	}
	out := &web.Preview{Feed: sample.Feed, Others: sample.Others, Article: sample.Article}
	for _, d := range sample.Pages {
		out.Items = append(out.Items, news.Article{Title: d.Item.Title, URL: d.URL, PublishedAt: d.Item.Published})
	}
	if sample.Trouble != nil {
		out.Trouble = crawler.Explain(sample.Trouble)
	}
	return out, nil
}

// maySignIn reports of a key whether its holder may look after the machine on its
// pages, which is to change feeds.
func maySignIn(find func(token string) (api.Key, bool)) func(key string) bool {
	return func(token string) bool {
		key, ok := find(token)
		inTime := key.Expires.IsZero() || time.Now().Before(key.Expires)
		return ok && inTime && (key.Scope == api.ScopeWrite || key.Scope == api.ScopeAdmin)
	}
}
