package link_test

import (
	"testing"

	"broadsheet.example/crawler/link"
)

func TestRegistrable(t *testing.T) {
	for host, want := range map[string]string{
		"news.bbc.co.uk": "bbc.co.uk", "BBC.co.uk.": "bbc.co.uk", "www.example.com": "example.com", "localhost": "localhost",
		"one.github.io": "one.github.io", "github.io": "github.io", "www.bücher.example": "xn--bcher-kva.example",
		"127.0.0.1": "127.0.0.1", "[::1]": "::1", "::ffff:10.0.0.1": "10.0.0.1", "": "",
	} {
		if got := link.Registrable(host); got != want {
			t.Errorf("Registrable(%q) = %q, want %q", host, got, want)
		}
	}
}

func TestSameSite(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"https://www.example.com/a", "http://m.example.com/b", true},
		{"https://one.github.io/", "https://two.github.io/", false},
		{"https://a.co.uk/", "https://b.co.uk/", false},
		{"http://127.0.0.1/", "http://127.0.0.2/", false},
		{"http://127.0.0.1:1/a", "http://127.0.0.1:1/b", true},
		{"http://127.0.0.1:1/", "http://127.0.0.1:2/", false},
		{"nonsense", "nonsense", false},
		{"http://a.example/", "nonsense", false},
	} {
		if got := link.SameSite(tt.a, tt.b); got != tt.want {
			t.Errorf("SameSite(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestHost(t *testing.T) {
	for raw, want := range map[string]string{
		"https://feeds.feedburner.com/x": "feedburner.com",
		"http://news.bbc.co.uk:8080/":    "bbc.co.uk",
		"http://127.0.0.1/":              "127.0.0.1:80",
		"https://127.0.0.1/":             "127.0.0.1:443",
		"http://127.0.0.1:8800/feed.xml": "127.0.0.1:8800",
		"http://[::1]/":                  "[::1]:80",
		"http://[::1]:8800/":             "[::1]:8800",
		"http://localhost:80/":           "localhost:80",
		"https://intranet/":              "intranet:443",
		"ftp://example.com/":             "",
	} {
		if got := link.Host(raw); got != want {
			t.Errorf("Host(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestIsHome(t *testing.T) {
	for raw, want := range map[string]bool{
		"https://example.com": true, "https://example.com/?utm_source=x#top": true, "https://example.com/index.html": true,
		"https://example.com/en/": true, "https://example.com/pt-BR": true, "https://example.com/?p=12": false,
		"https://example.com/news": false, "https://example.com/a/b": false, "https://example.com/ab-c": false, "nonsense": false,
	} {
		if got := link.IsHome(raw); got != want {
			t.Errorf("IsHome(%q) = %v, want %v", raw, got, want)
		}
	}
}

func TestArticle(t *testing.T) {
	for raw, want := range map[string]string{
		"https://www.google.com/amp/s/www.example.com/a":             "https://www.example.com/a",
		"https://www-example-com.cdn.ampproject.org/c/example.com/a": "http://example.com/a",
		"https://x.cdn.ampproject.org/v/s/example.com/a/amp/":        "https://example.com/a/",
		"https://example.com/a/amp":                                  "https://example.com/a",
		"https://example.com/a/amp/?b=c":                             "https://example.com/a/?b=c",
		"https://example.com/a.amp.html":                             "https://example.com/a.html",
		"https://example.com/a.amp":                                  "https://example.com/a",
		"https://example.com/a?amp=1&b=c":                            "https://example.com/a?b=c",
		"https://example.com/a?outputType=amp":                       "https://example.com/a",
	} {
		if got, ok := link.Article(raw); !ok || got != want {
			t.Errorf("Article(%q) = %q, %v, want %q", raw, got, ok, want)
		}
	}
	for _, raw := range []string{"https://example.com/amp", "https://example.com/lamp", "https://example.com/a?amps=1", "nonsense", ""} {
		if got, ok := link.Article(raw); ok || got != raw {
			t.Errorf("Article(%q) = %q, %v, want it unchanged", raw, got, ok)
		}
	}
}
