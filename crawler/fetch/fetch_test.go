package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/crawler/fetch"
	"broadsheet.example/store"
)

func TestGet(t *testing.T) {
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=windows-1251")
		w.Header().Set("ETag", `W/"a b"`)
		w.Header().Set("Last-Modified", "yesterday, 5 o'clock")
		w.Header().Set("Cache-Control", "public, Max-Age=7200")
		w.Header().Set("Set-Cookie", "a=b")
		fmt.Fprint(w, "\xcf\xf0\xe8\xe2\xe5\xf2")
	})
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	cfg := loopback()
	cfg.Now = func() time.Time { return now }
	c := open(t, cfg)
	got := get(t, c, page(o.URL+"/a?utm_source=x#top"))
	want := &fetch.Response{
		URL: o.URL + "/a?utm_source=x", Status: 200, ContentType: "text/html; charset=windows-1251", Body: []byte("\xcf\xf0\xe8\xe2\xe5\xf2"),
		At: now, HostNext: now, MaxAge: 2 * time.Hour,
		Validators: store.Validators{ETag: `W/"a b"`, LastModified: "yesterday, 5 o'clock"},
	}
	if got.Header.Get("Set-Cookie") != "" {
		t.Error("the cookie was kept")
	}
	got.Header, got.Took = nil, 0
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("response (-want +got):\n%s", d)
	}
	get(t, c, page(o.URL+"/b"))
	r := o.last()
	for _, name := range []string{"Cookie", "Referer", "Authorization", "If-None-Match", "If-Modified-Since"} {
		if v := r.Header.Get(name); v != "" {
			t.Errorf("%s: %s was sent", name, v)
		}
	}
	if got := r.UserAgent(); got != fetch.DefaultUserAgent {
		t.Errorf("user agent %q, want %q", got, fetch.DefaultUserAgent)
	}
	if want := []string{"/robots.txt", "/a?utm_source=x", "/b"}; !slices.Equal(o.paths(), want) {
		t.Errorf("requests %q, want %q", o.paths(), want)
	}
}

func TestConditional(t *testing.T) {
	const etag, modified = `W/"x, y"`, "Thu, 1 Jan 1970 0:00:00 +0000"
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/feed", http.StatusMovedPermanently)
		case r.Header.Get("If-None-Match") == etag && r.Header.Get("If-Modified-Since") == modified:
			w.Header().Set("Cache-Control", "max-age=60")
			w.WriteHeader(http.StatusNotModified)
		case r.URL.Path == "/odd":
			w.WriteHeader(http.StatusNotModified)
		default:
			fmt.Fprint(w, "fresh")
		}
	})
	c := open(t, loopback())
	v := store.Validators{ETag: etag, LastModified: modified}

	res := get(t, c, fetch.Request{URL: o.URL + "/feed", Validators: v})
	if !res.NotModified || res.Status != 304 || len(res.Body) != 0 || res.MaxAge != time.Minute {
		t.Errorf("conditional: %+v, want 304 without a body", res)
	}
	if res := get(t, c, fetch.Request{URL: o.URL + "/feed"}); res.NotModified || string(res.Body) != "fresh" {
		t.Errorf("unconditional: %+v, want the body", res)
	}
	if res := get(t, c, fetch.Request{URL: o.URL + "/moved", Validators: v}); res.NotModified {
		t.Error("validators of the old address were sent to the new one")
	}
	if res := get(t, c, fetch.Request{URL: o.URL + "/moved", Validators: v, ValidatorsURL: o.URL + "/feed"}); !res.NotModified {
		t.Error("validators of the new address were not sent to it")
	}
	if e := fail(t, c, page(o.URL+"/odd"), fetch.Status); e.Status != 304 {
		t.Errorf("304 out of the blue: status %d", e.Status)
	}
	if res := get(t, c, fetch.Request{URL: o.URL + "/feed", Validators: store.Validators{ETag: "a\r\nX: y"}}); string(res.Body) != "fresh" {
		t.Errorf("with a validator that cannot be sent: %+v", res)
	}
}

func TestRedirects(t *testing.T) {
	other := serve(t, "127.0.0.3", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "other") })
	other.robots = "User-agent: *\nDisallow: /private"
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		to := func(target string, code int) { w.Header().Set("Location", target); w.WriteHeader(code) }
		var n int
		switch {
		case r.URL.Path == "/301":
			to("/308", 301)
		case r.URL.Path == "/308":
			to("end?q=ä", 308)
		case r.URL.Path == "/302":
			to("/301", 302)
		case r.URL.Path == "/self":
			to("/self", 302)
		case r.URL.Path == "/circle":
			to("/circle2", 302)
		case r.URL.Path == "/circle2":
			to("/circle", 302)
		case r.URL.Path == "/script":
			to("javascript:alert(1)", 302)
		case r.URL.Path == "/user":
			to("http://user:pass@127.0.0.2/", 302)
		case r.URL.Path == "/nowhere":
			w.WriteHeader(302)
		case r.URL.Path == "/private":
			to("http://10.0.0.1/", 301)
		case r.URL.Path == "/port":
			to("http://example.com:22/", 301)
		case r.URL.Path == "/other":
			to(other.URL+"/x", 307)
		case r.URL.Path == "/other-private":
			to(other.URL+"/private/x", 301)
		default:
			if _, err := fmt.Sscanf(r.URL.Path, "/chain%d", &n); err == nil && n > 0 {
				to(fmt.Sprintf("/chain%d", n-1), 301)
				return
			}
			fmt.Fprint(w, "end")
		}
	})
	c := open(t, loopback())
	for _, tt := range []struct {
		path, end string
		permanent bool
		hops      int
	}{
		{"/301", o.URL + "/end?q=%C3%A4", true, 2},
		{"/302", o.URL + "/end?q=%C3%A4", false, 3},
		{"/other", other.URL + "/x", false, 1},
		{"/chain5", o.URL + "/chain0", true, 5},
		{"/end", o.URL + "/end", false, 0},
	} {
		res := get(t, c, page(o.URL+tt.path))
		if res.URL != tt.end || res.Permanent != tt.permanent || len(res.Hops) != tt.hops {
			t.Errorf("%s: ended at %s, permanent %v, %d hops, want %s, %v, %d", tt.path, res.URL, res.Permanent, len(res.Hops), tt.end, tt.permanent, tt.hops)
		}
	}
	for path, kind := range map[string]fetch.ErrorKind{
		"/self": fetch.Redirect, "/circle": fetch.Redirect, "/chain6": fetch.Redirect, "/script": fetch.Redirect, "/user": fetch.Redirect,
		"/nowhere": fetch.Redirect, "/private": fetch.Address, "/other-private": fetch.Robots,
	} {
		fail(t, c, page(o.URL+path), kind)
	}
	if got := other.paths(); slices.Contains(got, "/private/x") {
		t.Errorf("the target that robots.txt forbids was fetched: %q", got)
	}
}

func TestUntrustedCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	e := fail(t, open(t, loopback()), page(s.URL+"/"), fetch.Network)
	if !strings.Contains(e.Error(), "certificate") {
		t.Errorf("error %q does not speak of the certificate", e)
	}
}

func TestStatus(t *testing.T) {
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		var status int
		fmt.Sscanf(r.URL.Path, "/%d", &status)
		w.Header().Set("Retry-After", r.URL.Query().Get("retry"))
		if h := r.URL.Query().Get("header"); h != "" {
			w.Header().Set(h, "challenge")
		}
		w.WriteHeader(status)
		fmt.Fprint(w, r.URL.Query().Get("body"))
	})
	for _, tt := range []struct {
		path  string
		kind  fetch.ErrorKind
		retry time.Duration
	}{
		{"/404", fetch.Status, 0},
		{"/410", fetch.Status, 0},
		{"/500", fetch.Status, 0},
		{"/503", fetch.Status, 0},
		{"/503?retry=120", fetch.Status, 2 * time.Minute},
		{"/403", fetch.Status, 0},
		{"/204", fetch.Status, 0},
		{"/300", fetch.Status, 0},
		{"/403?body=<title>Just+a+moment...</title>", fetch.Blocked, 0},
		{"/503?body=Please+solve+this+CAPTCHA", fetch.Blocked, 0},
		{"/200?header=cf-mitigated", fetch.Blocked, 0},
		{"/202?header=x-amzn-waf-action", fetch.Blocked, 0},
		{"/401", fetch.Blocked, 0},
		{"/402", fetch.Blocked, 0},
		{"/451", fetch.Blocked, 0},
		{"/429", fetch.Blocked, 0},
		{"/429?retry=99999999999999999999", fetch.Blocked, 0},
		{"/429?retry=1000000", fetch.Blocked, 7 * 24 * time.Hour},
	} {
		e := fail(t, open(t, loopback()), page(o.URL+tt.path), tt.kind)
		var status int
		fmt.Sscanf(tt.path, "/%d", &status)
		if e.Status != status || e.RetryAfter != tt.retry {
			t.Errorf("%s: %+v, want status %d, retry after %v", tt.path, e, status, tt.retry)
		}
	}
}

func TestRetryAfterDate(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", now.Add(3*24*time.Hour).Format(http.TimeFormat))
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	cfg := loopback()
	cfg.Now = func() time.Time { return now }
	c := open(t, cfg)
	e := fail(t, c, page(o.URL+"/a"), fetch.Status)
	if e.RetryAfter != 72*time.Hour || e.HostNext.Sub(now).Round(time.Second) != 72*time.Hour {
		t.Errorf("retry after %v, next %v, want three days", e.RetryAfter, e.HostNext.Sub(now))
	}
	e = fail(t, c, page(o.URL+"/b"), fetch.Resting)
	if e.HostNext.Sub(now).Round(time.Second) != 72*time.Hour {
		t.Errorf("next %v, want three days", e.HostNext.Sub(now))
	}
	if want := []string{"/robots.txt", "/a"}; !slices.Equal(o.paths(), want) {
		t.Errorf("requests %q, want %q", o.paths(), want)
	}
}

func TestForeignTypes(t *testing.T) {
	sent := make(chan bool, 1)
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("t"))
		w.Write([]byte("x"))
		w.(http.Flusher).Flush()
		if r.URL.Query().Get("endless") == "" {
			return
		}
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<10)); err != nil {
				break
			}
		}
		sent <- true
	})
	c := open(t, loopback())
	for _, tt := range []struct {
		kind  fetch.Kind
		media string
		ok    bool
	}{
		{fetch.Page, "text/html", true},
		{fetch.Page, "", true},
		{fetch.Page, "nonsense", true},
		{fetch.Page, "application/xhtml%2Bxml", true},
		{fetch.Page, "IMAGE/PNG%3B q=1", false},
		{fetch.Page, "image/svg%2Bxml", false},
		{fetch.Page, "application/pdf%3Bcharset=%3B%3B", false},
		{fetch.Page, "application/octet-stream", false},
		{fetch.Feed, "application/octet-stream", true},
		{fetch.Feed, "audio/mpeg", false},
		{fetch.Page, "application/vnd.ms-excel", false},
		{fetch.Feed, "application/gzip", false},
		{fetch.Sitemap, "application/gzip", true},
	} {
		r := fetch.Request{URL: o.URL + "/?t=" + strings.ReplaceAll(tt.media, " ", ""), Kind: tt.kind}
		if !tt.ok {
			fail(t, c, r, fetch.NotText)
		} else {
			get(t, c, r)
		}
	}
	fail(t, c, page(o.URL+"/?endless=1&t=video/mp4"), fetch.NotText)
	<-sent // the body was given up, not read
}

func TestTruncated(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, strings.Repeat("some text and more ", 200))
	z.Close()
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		body := []byte("the beginning")
		if r.URL.Path == "/gzip" {
			w.Header().Set("Content-Encoding", "gzip")
			body = packed.Bytes()[:packed.Len()-20]
		}
		w.Header().Set("Content-Length", "5000")
		w.Write(body)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	c := open(t, loopback())
	if res := get(t, c, page(o.URL+"/plain")); !res.Truncated || string(res.Body) != "the beginning" {
		t.Errorf("plain: %+v", res)
	}
	if res := get(t, c, page(o.URL+"/gzip")); !res.Truncated || !bytes.HasPrefix(res.Body, []byte("some text")) {
		t.Errorf("gzip: %+v", res)
	}
}

func TestCanceled(t *testing.T) {
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := open(t, loopback()).Get(ctx, page(o.URL+"/"))
	e, ok := errors.AsType[*fetch.Error](err)
	if !ok || e.Kind != fetch.Canceled || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want one of kind canceled that wraps the deadline", err)
	}
}

func TestProxyIgnored(t *testing.T) {
	trap := serve(t, "127.0.0.9", func(w http.ResponseWriter, r *http.Request) {})
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, trap.URL)
	}
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "direct") })
	if res := get(t, open(t, loopback()), page(o.URL+"/")); string(res.Body) != "direct" {
		t.Errorf("body %q", res.Body)
	}
	if got := trap.paths(); got != nil {
		t.Errorf("the proxy got %q", got)
	}
}

func TestObserve(t *testing.T) {
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "1234567") })
	cfg := loopback()
	var seen []string
	var total atomic.Int64
	cfg.Observe = func(kind, outcome string, took time.Duration, bytes int) {
		seen = append(seen, kind+" "+outcome)
		total.Add(int64(bytes))
	}
	get(t, open(t, cfg), page(o.URL+"/"))
	if total.Load() < 7 {
		t.Errorf("%d bytes observed", total.Load())
	}
	if want := []string{"robots 404", "page 200"}; !slices.Equal(seen, want) {
		t.Errorf("observed %q, want %q", seen, want)
	}
}

func TestValidate(t *testing.T) {
	bad := fetch.Config{UserAgent: "a\r\nb", Gap: -1, MaxFeedBytes: -1, PageTimeout: -1}
	err := bad.Validate()
	for _, part := range []string{"user agent", "gap", "size", "page timeout"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v does not name the %s", err, part)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	body := bytes.Repeat([]byte("<p>Some text of a page that is neither long nor short.</p>\n"), 600)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(body)
	z.Close()
	o := serve(b, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(packed.Bytes())
	})
	c := open(b, loopback())
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Get(b.Context(), page(o.URL+"/a")); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}
