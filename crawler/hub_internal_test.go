package crawler

import (
	"net/http"
	"testing"

	"broadsheet.example/crawler/feed"
	"broadsheet.example/crawler/fetch"
)

func TestHubOf(t *testing.T) {
	tests := []struct {
		name       string
		headers    []string
		feed       feed.Feed
		hub, topic string
	}{
		{name: "none", topic: "https://a.example/feed"},
		{name: "in the feed", feed: feed.Feed{Hub: "https://hub.example/", Links: []feed.Link{{Rel: "self", URL: "https://a.example/self"}}}, hub: "https://hub.example/", topic: "https://a.example/self"},
		{name: "in headers", headers: []string{`<https://hub.example/>; rel="hub", <https://a.example/self>; rel=self`}, feed: feed.Feed{Hub: "https://other.example/"}, hub: "https://hub.example/", topic: "https://a.example/self"},
		{name: "in several headers, relative", headers: []string{`</hub>; title="a"; REL="x HUB"`, `</self>; rel='self'`}, hub: "https://a.example/hub", topic: "https://a.example/self"},
		{name: "no links at all", headers: []string{`https://hub.example/; rel=hub`, `<`, `<x`, `<x>`, `<x>; rel`}, topic: "https://a.example/feed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hub, topic := hubOf(&tt.feed, &fetch.Response{URL: "https://a.example/feed", Header: http.Header{"Link": tt.headers}})
			if hub != tt.hub || topic != tt.topic {
				t.Errorf("hub %q, topic %q, want %q and %q", hub, topic, tt.hub, tt.topic)
			}
		})
	}
}
