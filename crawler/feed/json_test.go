package feed_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/crawler/feed"
)

func TestParseJSON(t *testing.T) {
	got := mustParse(t, `{
		"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Post", "home_page_url": "https://press.example/",
		"feed_url": "/feed.json", "description": "News", "language": "en", "icon": "/icon.png",
		"authors": [{"name": "Desk", "url": "/desk"}], "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
		"items": [
			{"id": 1, "url": "/1", "external_url": "https://else.example/1", "title": 5, "summary": "Short",
			 "content_html": "<a href='/x'>x</a>", "date_published": "2026-11-26T10:00:00+01:00", "date_modified": "soon",
			 "authors": "Ada", "tags": ["a", 2, null], "image": "/i.jpg", "language": "fr",
			 "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": "12"}]},
			{"id": "https://press.example/2", "content_text": "one < two\n\nthree", "author": {"name": "Ida"}},
			"not an item"
		]}`)
	want := &feed.Feed{
		Type: "json11", Title: "Harbour Post", Link: "https://press.example/", Description: "News", Language: "en",
		Authors: []feed.Person{{Name: "Desk", URL: "https://press.example/desk"}},
		Links: []feed.Link{
			{URL: "https://press.example/", Rel: "alternate", Type: "text/html"},
			{URL: "https://press.example/feed.json", Rel: "self", Type: "application/feed+json"},
			{URL: "https://hub.example/", Rel: "hub"},
		},
		Image: &feed.Image{URL: "https://press.example/icon.png"}, Hub: "https://hub.example/",
		Repaired: []string{"values of the wrong JSON type were converted"},
		Items: []feed.Item{
			{
				ID: "1", Title: "5", Link: "https://press.example/1", Summary: "Short",
				Content:   `<a href="https://press.example/x">x</a>`,
				Published: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), DateRaw: "2026-11-26T10:00:00+01:00",
				Authors: []feed.Person{{Name: "Ada"}}, Tags: []feed.Tag{{Term: "a"}, {Term: "2"}},
				Links: []feed.Link{
					{URL: "https://press.example/1", Rel: "alternate", Type: "text/html"},
					{URL: "https://else.example/1", Rel: "related"},
				},
				Enclosures: []feed.Enclosure{{URL: "https://press.example/a.mp3", Type: "audio/mpeg", Length: "12"}},
				Language:   "fr", ImageURL: "https://press.example/i.jpg",
			},
			{
				ID: "https://press.example/2", Link: "https://press.example/2", Permalink: true,
				Content: "one &lt; two<br>\n<br>\nthree", Authors: []feed.Person{{Name: "Ida"}},
			},
		},
	}
	if diff := cmp.Diff(want, got, unexported()); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
}

func TestBrokenJSON(t *testing.T) {
	const head = `{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[`
	item := `{"id":"1","title":"one"}`
	for _, tc := range []struct {
		name, body string
		items      int
		truncated  bool
	}{
		{"cut in an item", head + item + `,` + item + `,{"id":"3","ti`, 2, true},
		{"cut between items", head + item + `,`, 1, true},
		{"cut after the items", head + item + `]`, 1, true},
		{"raw line breaks", head + "{\"id\":\"1\",\"title\":\"o\nn\te\"}]}", 1, false},
		{"control characters", head + "{\"id\":\"1\",\"title\":\"o\x01ne\"}]}", 1, false},
		{"junk after", head + item + `]} trailing`, 1, false},
		{"no items", `{"version":"https://jsonfeed.org/version/1","title":"t"}`, 0, false},
		{"items of another type", `{"version":"https://jsonfeed.org/version/1","title":"t","items":5}`, 0, true},
		{"byte order mark", "\ufeff" + head + item + `]}`, 1, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := mustParse(t, tc.body)
			if len(f.Items) != tc.items || f.Truncated != tc.truncated {
				t.Errorf("got %d items, truncated %v; want %d, %v", len(f.Items), f.Truncated, tc.items, tc.truncated)
			}
			if tc.truncated && strings.Join(f.Repaired, "") == "" {
				t.Error("the salvage is not reported")
			}
		})
	}
}
