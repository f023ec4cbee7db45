package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"broadsheet.example/configs"
	"broadsheet.example/configs/opml"
	"broadsheet.example/crawler/link"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// defaultGroup is the part of the embedded list that is switched on.
const defaultGroup = "Default"

// firstFeeds fills an empty feed list: from the configured file, or with the
// publishers that Broadsheet ships with.
func (n *node) firstFeeds(ctx context.Context) error {
	stats, err := n.store.Stats(ctx)
	if err != nil || len(stats.Feeds) > 0 || stats.Disabled > 0 {
		return err
	}
	switch n.cfg.FeedsFile {
	case configs.NoFeeds:
		return nil
	case "":
		list, err := embeddedFeeds(defaultGroup)
		if err != nil {
			return err
		}
		n.log.Info("starting with the publishers that Broadsheet ships with", "feeds", len(list))
		_, err = n.store.PutFeeds(ctx, list...)
		return err
	default:
		return n.addFeeds(ctx, n.cfg.FeedsFile)
	}
}

// addFeeds adds the feeds of an OPML file; known ones stay as they are.
func (n *node) addFeeds(ctx context.Context, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read feeds: %w", err)
	}
	list, skipped, err := parseFeeds(text)
	if err != nil {
		return fmt.Errorf("read feeds: %s: %w", path, err)
	}
	for _, s := range skipped {
		n.log.Warn("feed left out", "file", path, "line", s.Line, "url", s.URL, "reason", s.Reason)
	}
	added, err := n.store.PutFeeds(ctx, list...)
	n.log.Info("feeds", "file", path, "added", added, "known", len(list)-added)
	return err
}

// refreshAll makes every enabled feed due.
func (n *node) refreshAll(ctx context.Context) error {
	feeds, err := n.store.ListFeeds(ctx)
	if err != nil {
		return err
	}
	for _, f := range feeds {
		if !f.Enabled {
			continue
		}
		if _, err := n.store.ChangeFeed(ctx, f.ID, store.FeedPatch{Refresh: true}); err != nil {
			return err
		}
	}
	return nil
}

// parseFeeds reads OPML. Entries that cannot be polled are left out and named in
// the second result.
func parseFeeds(text []byte) ([]news.Feed, []opml.Skipped, error) {
	file, err := opml.Read(bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	feeds, skipped := identified(file.Feeds)
	return feeds, append(file.Skipped, skipped...), nil
}

// identified gives feeds their ids; those whose address cannot be polled are
// named in the second result instead.
func identified(list []news.Feed) ([]news.Feed, []opml.Skipped) {
	var feeds []news.Feed
	var skipped []opml.Skipped
	now := time.Now()
	for _, f := range list {
		key, err := link.Key(f.URL)
		if err != nil {
			skipped = append(skipped, opml.Skipped{URL: f.URL, Reason: err.Error()})
			continue
		}
		f.ID, f.AddedAt = news.ArticleID(key), now
		feeds = append(feeds, f)
	}
	return feeds, skipped
}

// embeddedFeeds returns the shipped feeds below the groups, such as "Default"
// or "Country/Kenya"; the group itself is no part of their category.
func embeddedFeeds(groups ...string) ([]news.Feed, error) {
	all, _, err := parseFeeds(configs.Feeds)
	if err != nil {
		return nil, fmt.Errorf("embedded feeds.opml: %w", err)
	}
	var out []news.Feed
	for _, f := range all {
		for _, g := range groups {
			if rest, ok := below(f.Category, g); ok {
				f.Category = rest
				out = append(out, f)
			}
		}
	}
	return out, nil
}

// below reports whether category lies in group, and where in it.
func below(category, group string) (string, bool) {
	if category == group {
		return "", true
	}
	return strings.CutPrefix(category, group+"/")
}
