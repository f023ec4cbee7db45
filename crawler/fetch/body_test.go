package fetch_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"broadsheet.example/crawler/fetch"
)

// pack compresses in one of the ways servers do.
func pack(t testing.TB, way string, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch way {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "zlib":
		w = zlib.NewWriter(&b)
	case "flate":
		w, err = flate.NewWriter(&b, 6)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b)
	case "":
		return body
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEncodings(t *testing.T) {
	text := []byte(strings.Repeat("Words of a page, many of them alike. ", 100))
	for _, tt := range []struct {
		name, encoding string
		layers         []string
		ok             bool
	}{
		{"none", "", nil, true},
		{"identity", "identity", nil, true},
		{"gzip", "gzip", []string{"gzip"}, true},
		{"x-gzip in capitals", "X-GZip", []string{"gzip"}, true},
		{"deflate as the standard has it", "deflate", []string{"zlib"}, true},
		{"deflate as some send it", "deflate", []string{"flate"}, true},
		{"brotli", "br", []string{"br"}, true},
		{"zstd", "zstd", []string{"zstd"}, true},
		{"called gzip and plain", "gzip", nil, true},
		{"a charset in the wrong place", "utf-8", nil, true},
		{"two layers declared", "gzip, gzip", []string{"gzip", "gzip"}, false},
		{"unknown", "compress", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := text
			for _, way := range tt.layers {
				body = pack(t, way, body)
			}
			o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Encoding", tt.encoding)
				w.Write(body)
			})
			c := open(t, loopback())
			if !tt.ok {
				fail(t, c, page(o.URL+"/"), fetch.NotText)
				return
			}
			if res := get(t, c, page(o.URL+"/")); !bytes.Equal(res.Body, text) {
				t.Errorf("body of %d bytes, want %d: %.40q", len(res.Body), len(text), res.Body)
			}
		})
	}
}

// TestOneLayer shows that a second layer is handed on as it is.
func TestOneLayer(t *testing.T) {
	inner := pack(t, "gzip", []byte("text"))
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "text/xml")
		w.Write(pack(t, "gzip", inner))
	})
	if res := get(t, open(t, loopback()), page(o.URL+"/")); !bytes.Equal(res.Body, inner) {
		t.Errorf("body %q, want the inner layer", res.Body)
	}
}

// TestPackedSitemap shows that a sitemap.xml.gz is unpacked by its type.
func TestPackedSitemap(t *testing.T) {
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-gzip")
		w.Write(pack(t, "gzip", []byte("<urlset/>")))
	})
	res := get(t, open(t, loopback()), fetch.Request{URL: o.URL + "/sitemap.xml.gz", Kind: fetch.Sitemap})
	if string(res.Body) != "<urlset/>" {
		t.Errorf("body %q", res.Body)
	}
}

func TestTooLarge(t *testing.T) {
	zeros := make([]byte, 9<<20)
	bomb := map[string][]byte{}
	for encoding, way := range map[string]string{"gzip": "gzip", "br": "br", "zstd": "zstd", "deflate": "zlib"} {
		bomb[encoding] = pack(t, way, zeros[:2<<20]) // below the limit of size
	}
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		var n int
		fmt.Sscanf(r.URL.Path, "/%d", &n)
		switch way := r.URL.Query().Get("bomb"); {
		case way != "":
			w.Header().Set("Content-Encoding", way)
			w.Write(bomb[way])
		case r.URL.Query().Get("headers") != "":
			for i := range 3000 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 100))
			}
		case r.URL.Query().Get("announced") != "":
			w.Header().Set("Content-Length", fmt.Sprint(n))
			w.Write(zeros[:n])
		default:
			w.Write([]byte("x"))
			w.(http.Flusher).Flush()
			w.Write(zeros[:n-1])
		}
	})
	c := open(t, loopback())
	const page5, feed8 = 5 << 20, 8 << 20
	for _, tt := range []struct {
		path string
		kind fetch.Kind
		ok   bool
	}{
		{fmt.Sprintf("/%d", page5), fetch.Page, true},
		{fmt.Sprintf("/%d", page5+1), fetch.Page, false},
		{fmt.Sprintf("/%d?announced=1", page5+1), fetch.Page, false},
		{fmt.Sprintf("/%d", feed8), fetch.Feed, true},
		{fmt.Sprintf("/%d", feed8+1), fetch.Feed, false},
		{"/?bomb=gzip", fetch.Feed, false},
		{"/?bomb=br", fetch.Feed, false},
		{"/?bomb=zstd", fetch.Feed, false},
		{"/?bomb=deflate", fetch.Page, false},
		{"/?headers=1", fetch.Page, false},
	} {
		r := fetch.Request{URL: o.URL + tt.path, Kind: tt.kind}
		if tt.ok {
			get(t, c, r)
		} else {
			fail(t, c, r, fetch.TooLarge)
		}
	}
}

// TestBombMemory bounds what a bomb makes the client allocate.
func TestBombMemory(t *testing.T) {
	body := bytes.Repeat(pack(t, "gzip", make([]byte, 1<<20)), 200)
	o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(body)
	})
	c := open(t, loopback())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fail(t, c, fetch.Request{URL: o.URL + "/"}, fetch.TooLarge)
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
		t.Errorf("%d bytes were allocated, want at most twice the limit", grown)
	}
}
