package demo_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"broadsheet.example/demo"
)

// utf8Of decodes the two pages that are not in UTF-8 by what they declare.
func utf8Of(t *testing.T, res *http.Response, body []byte) []byte {
	t.Helper()
	_, params, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	var charset *charmap.Charmap
	switch {
	case params["charset"] == "iso-8859-1":
		charset = charmap.ISO8859_1
	case bytes.Contains(body, []byte(`<meta charset="windows-1251">`)):
		charset = charmap.Windows1251
	default:
		return body
	}
	decoded, err := charset.NewDecoder().Bytes(body)
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

// inLanguage returns the URL of an article in the language.
func inLanguage(t *testing.T, p *demo.Press, lang string) string {
	t.Helper()
	for _, a := range p.Articles() {
		if a.Language == lang {
			return a.URL
		}
	}
	t.Fatalf("no article in %q", lang)
	return ""
}

func TestCharsets(t *testing.T) {
	p := start(t)
	tests := []struct {
		name, lang, contentType, meta string
		bytes                         string
		utf8                          bool
	}{
		{"Bulgarian, declared in the page", "bg", "text/html", `<meta charset="windows-1251">`, "\xd0\xe5\xea\xe0\xf2\xe0 \xf1\xe8 \xe2\xe7\xe5 \xee\xf2\xef\xf3\xf1\xea", false},
		{"German, declared in the header", "de", "text/html; charset=iso-8859-1", "", "Versp\xe4tung", false},
		{"French, in UTF-8", "fr", "text/html", `<meta charset="utf-8">`, "côte par côte", true},
		{"Spanish, in UTF-8", "es", "text/html", `<meta charset="utf-8">`, "Róterdam", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, body := get(t, "GET", inLanguage(t, p, tt.lang))
			if got := res.Header.Get("Content-Type"); got != tt.contentType {
				t.Errorf("Content-Type: got %q, want %q", got, tt.contentType)
			}
			if tt.meta == "" && bytes.Contains(body, []byte("<meta charset")) || !bytes.Contains(body, []byte(tt.meta)) {
				t.Errorf("the page does not declare %q", tt.meta)
			}
			if !bytes.Contains(body, []byte(tt.bytes)) || utf8.Valid(body) != tt.utf8 {
				t.Errorf("bytes %q: found %t; UTF-8: %t", tt.bytes, bytes.Contains(body, []byte(tt.bytes)), utf8.Valid(body))
			}
		})
	}
}

func TestConditionalRequests(t *testing.T) {
	p := start(t)
	urls := []string{p.Articles()[0].URL}
	for _, pub := range p.Publishers() {
		urls = append(urls, pub.URL, pub.FeedURL, pub.URL+"robots.txt")
	}
	for _, u := range urls {
		res, _ := get(t, "GET", u)
		tag, modified := res.Header.Get("ETag"), res.Header.Get("Last-Modified")
		for _, header := range []string{"If-None-Match: " + tag, "If-Modified-Since: " + modified} {
			again, body := get(t, "GET", u, header)
			if again.StatusCode != http.StatusNotModified || len(body) != 0 {
				t.Errorf("%s with %s: got %d and %d bytes, want 304 and none", u, header, again.StatusCode, len(body))
			}
		}
		if other, _ := get(t, "GET", u, `If-None-Match: "other"`, "If-Modified-Since: "+modified); other.StatusCode != 200 {
			t.Errorf("%s with another ETag: got %d, want 200", u, other.StatusCode)
		}
	}
}

func TestGzip(t *testing.T) {
	p := start(t)
	u := p.Feeds()[0].URL
	plain, want := get(t, "GET", u)
	tests := []struct {
		accept string
		zipped bool
	}{
		{"gzip, br", true},
		{"br;q=1.0, GZIP;q=0.5", true},
		{"gzip;q=0", false},
		{"gzip; q=0.0", false},
		{"br", false},
		{"", false},
	}
	for _, tt := range tests {
		res, body := get(t, "GET", u, "Accept-Encoding: "+tt.accept)
		if zipped := res.Header.Get("Content-Encoding") == "gzip"; zipped != tt.zipped {
			t.Errorf("Accept-Encoding %q: gzip %t, want %t", tt.accept, zipped, tt.zipped)
			continue
		}
		if res.Header.Get("Vary") != "Accept-Encoding" || (res.Header.Get("ETag") == plain.Header.Get("ETag")) == tt.zipped {
			t.Errorf("Accept-Encoding %q: Vary %q, ETag %q", tt.accept, res.Header.Get("Vary"), res.Header.Get("ETag"))
		}
		if tt.zipped {
			z, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(body, want) {
			t.Errorf("Accept-Encoding %q: the body differs", tt.accept)
		}
	}
}

func TestMethodsAndMissing(t *testing.T) {
	p := start(t)
	root := p.Publishers()[0].URL
	tests := []struct {
		method, path string
		status       int
		empty        bool
	}{
		{"HEAD", "", 200, true},
		{"HEAD", "rss.xml", 200, true},
		{"GET", "no/such/page", 404, false},
		{"HEAD", "no/such/page", 404, true},
		{"GET", "../../etc/passwd", 404, false},
		{"POST", "", 405, false},
	}
	for _, tt := range tests {
		res, body := get(t, tt.method, root+tt.path)
		if res.StatusCode != tt.status || (len(body) == 0) != tt.empty {
			t.Errorf("%s /%s: got %d and %d bytes, want %d", tt.method, tt.path, res.StatusCode, len(body), tt.status)
		}
	}
}

// correctable returns the article that gets corrected, as it stands now.
func correctable(t *testing.T, p *demo.Press) demo.Article {
	t.Helper()
	for _, a := range p.Articles() {
		if a.Corrects {
			return a
		}
	}
	t.Fatal("no article gets corrected")
	return demo.Article{}
}

func TestCorrection(t *testing.T) {
	p := start(t)
	feed := p.Publishers()[1].FeedURL
	before := correctable(t, p)
	page, oldBody := get(t, "GET", before.URL)
	oldFeed, _ := get(t, "GET", feed)

	p.Correct()
	p.Correct()

	after := correctable(t, p)
	if after.URL != before.URL || after.Title == before.Title || !after.PublishedAt.Equal(before.PublishedAt) || !after.UpdatedAt.Equal(noon) {
		t.Errorf("corrected: got %+v, was %+v", after, before)
	}
	tag, modified := page.Header.Get("ETag"), page.Header.Get("Last-Modified")
	for _, header := range []string{"If-None-Match: " + tag, "If-Modified-Since: " + modified} {
		res, body := get(t, "GET", before.URL, header)
		text := parse(t, body).text()
		if res.StatusCode != 200 || !strings.Contains(text, "Correction: ") || !strings.Contains(text, after.Phrase) || bytes.Equal(body, oldBody) {
			t.Errorf("page with %s: got %d, %q", header, res.StatusCode, text)
		}
	}
	res, body := get(t, "GET", feed, "If-None-Match: "+oldFeed.Header.Get("ETag"))
	if res.StatusCode != 200 || !strings.Contains(string(body), "<updated>"+after.UpdatedAt.In(time.FixedZone("", 8*60*60)).Format(time.RFC3339)) {
		t.Errorf("feed after the correction: got %d, without the new date", res.StatusCode)
	}
}

func TestCorrectsByItself(t *testing.T) {
	p := startWith(t, demo.Config{CorrectAfter: time.Millisecond})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if a := correctable(t, p); a.UpdatedAt.After(a.PublishedAt) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the article was not corrected")
		}
	}
}
