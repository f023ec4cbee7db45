package fetch

import (
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
)

// TestHTTP2 runs over TLS what the other tests run over plain connections.
func TestHTTP2(t *testing.T) {
	var older atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			older.Add(1)
		}
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(w, r)
		case "/headers":
			for i := range 2000 {
				w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("x", 60))
			}
		case "/cut":
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, "beginning")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		default:
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, "hello")
			z.Close()
		}
	}))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()

	c := New(Config{AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, slog.New(slog.DiscardHandler))
	defer c.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c.transport.TLSClientConfig = &tls.Config{RootCAs: roots}

	for range 2 {
		res, err := c.Get(t.Context(), Request{URL: s.URL + "/a", Kind: Page})
		if err != nil || string(res.Body) != "hello" {
			t.Fatalf("Get = %+v, %v", res, err)
		}
	}
	if _, err := c.Get(t.Context(), Request{URL: s.URL + "/headers", Kind: Page}); !isKind(err, TooLarge, Network) {
		t.Errorf("large headers: %v, want an error of kind %s or %s", err, TooLarge, Network)
	}
	if _, err := c.Get(t.Context(), Request{URL: s.URL + "/cut", Kind: Page}); !isKind(err, Network) {
		t.Errorf("a stream that was reset: %v, want an error of kind %s", err, Network)
	}
	if n := older.Load(); n > 0 {
		t.Errorf("%d requests came over HTTP/1", n)
	}
}
