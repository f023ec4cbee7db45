package crawler

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"broadsheet.example/crawler/feed"
	"broadsheet.example/crawler/link"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Limits of what is kept of a feed's item, in bytes.
const (
	maxTitle   = 1_000
	maxSummary = 10_000
	maxContent = 200_000
)

// discoveries turns a feed's items into pages to fetch. Items without a usable
// link are left out; an item that stands twice counts once.
func discoveries(from news.Feed, f *feed.Feed, items []feed.Item, now time.Time) []store.Discovery {
	shared := sharedIDs(items)
	seen := map[string]bool{}
	var out []store.Discovery
	for i := range items {
		d, ok := discover(from, f, &items[i], shared)
		if !ok || seen[d.Key] {
			continue
		}
		seen[d.Key] = true
		d.Due = now
		out = append(out, d)
	}
	return out
}

// sharedIDs finds the ids that several items carry: they identify nothing.
func sharedIDs(items []feed.Item) map[string]bool {
	count, shared := map[string]string{}, map[string]bool{}
	for _, it := range items {
		if link, ok := count[it.ID]; ok && link != it.Link {
			shared[it.ID] = true
		}
		count[it.ID] = it.Link
	}
	return shared
}

func discover(from news.Feed, f *feed.Feed, it *feed.Item, shared map[string]bool) (store.Discovery, bool) {
	address, err := link.Clean(it.Link)
	if err != nil {
		return store.Discovery{}, false
	}
	key, err := link.Key(address)
	if err != nil || link.IsHome(address) {
		return store.Discovery{}, false
	}
	d := store.Discovery{Key: key, URL: address, Host: link.Host(address), Item: itemOf(f, it)}
	if alias := guidKey(from.ID, it); alias != "" && alias != key && !shared[it.ID] {
		d.Aliases = []string{alias}
	}
	if alias := ampKey(address); alias != "" {
		d.Aliases = append(d.Aliases, alias)
	}
	d.Hash = hashItem(d.Item)
	d.Item.Site = cut(f.PlainTitle(), maxTitle) // no reason to fetch the page again when it changes
	return d, true
}

// guidKey is the key of an item's id: the URL key of a permalink, otherwise
// the id within its feed.
func guidKey(feedID string, it *feed.Item) string {
	switch {
	case it.ID == "":
		return ""
	case it.Permalink || strings.HasPrefix(it.ID, "http://") || strings.HasPrefix(it.ID, "https://"):
		if key, err := link.Key(it.ID); err == nil && !link.IsHome(it.ID) && link.SameSite(it.ID, it.Link) {
			return key
		}
		return ""
	default:
		return "guid:" + feedID + ":" + cut(it.ID, maxTitle)
	}
}

// ampKey is the key of the article that an AMP page stands for, "" if address is
// none.
func ampKey(address string) string {
	article, ok := link.Article(address)
	if !ok || link.IsHome(article) {
		return ""
	}
	key, err := link.Key(article)
	if err != nil {
		return ""
	}
	return key
}

func itemOf(f *feed.Feed, it *feed.Item) store.Item {
	item := store.Item{
		Title:     cut(it.PlainTitle(), maxTitle),
		Summary:   cut(feed.Text(it.Summary), maxSummary),
		Content:   cut(feed.Text(it.Content), maxContent),
		Published: it.Published, Updated: it.Updated, DateRaw: cut(it.DateRaw, 100),
		Language: it.Language, ImageURL: it.ImageURL, Publisher: cut(it.Publisher, maxTitle),
	}
	if item.Language == "" {
		item.Language = f.Language
	}
	for _, a := range it.Authors {
		if a.Name != "" {
			item.Authors = append(item.Authors, cut(a.Name, 200))
		}
	}
	for _, t := range it.Tags {
		if term := feed.Text(t.Term); term != "" {
			item.Categories = append(item.Categories, cut(term, 200))
		}
	}
	return item
}

// hashItem changes whenever what the feed says of an item does.
func hashItem(it store.Item) string {
	text, err := json.Marshal(it)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

// cut shortens s to at most n bytes at the end of a rune.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
