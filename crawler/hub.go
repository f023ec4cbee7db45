package crawler

import (
	"net/http"
	"slices"
	"strings"

	"broadsheet.example/crawler/feed"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/link"
)

// hubOf returns the WebSub hub that a feed names and what the feed calls itself
// there, by the headers of its answer before its own links; no hub when it names
// none.
func hubOf(f *feed.Feed, resp *fetch.Response) (hub, topic string) {
	hub, topic = linkHeader(resp.Header, "hub"), linkHeader(resp.Header, "self")
	if hub == "" {
		hub = f.Hub
	}
	for _, l := range f.Links {
		if topic == "" && l.Rel == "self" {
			topic = l.URL
		}
	}
	if topic == "" {
		topic = resp.URL
	}
	return joined(resp.URL, hub), joined(resp.URL, topic)
}

// joined resolves an address, keeping it as it was written when it is absolute.
func joined(base, address string) string {
	if address == "" || strings.Contains(address, "://") {
		return address
	}
	full, err := link.Join(base, address)
	if err != nil {
		return ""
	}
	return full
}

// linkHeader returns the first target of the relation in Link headers (RFC 8288).
func linkHeader(h http.Header, rel string) string {
	for part := range strings.SplitSeq(strings.Join(h.Values("Link"), ","), "<") {
		target, params, ok := strings.Cut(part, ">")
		if !ok {
			continue
		}
		for param := range strings.SplitSeq(params, ";") {
			name, value, _ := strings.Cut(param, "=")
			value = strings.Trim(strings.TrimSpace(value), `,"' `)
			if strings.EqualFold(strings.TrimSpace(name), "rel") && slices.Contains(strings.Fields(strings.ToLower(value)), rel) {
				return target
			}
		}
	}
	return ""
}
