package demo

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

// feedMaxAge is the freshness that feeds state, short so that the correction is
// seen.
const feedMaxAge = "max-age=5"

// document is one resource of a publisher, ready to be sent.
type document struct {
	body        []byte
	contentType string
	tag         string
	modified    time.Time
}

func newDocument(body []byte, contentType string, modified time.Time) *document {
	sum := sha256.Sum256(body)
	return &document{body: body, contentType: contentType, tag: hex.EncodeToString(sum[:8]), modified: modified}
}

// handler serves the current edition of the i-th publisher.
func (p *Press) handler(i int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		e := p.edition.Load()
		if doc := e.documents[i][r.URL.Path]; doc != nil {
			doc.send(w, r)
			return
		}
		e.missing[i].sendMissing(w, r)
	})
}

// send answers with the document, or 304, or a part of it, compressed where the
// visitor asks for it.
func (d *document) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", d.contentType)
	h.Set("Cache-Control", feedMaxAge)
	h.Set("Vary", "Accept-Encoding")
	body, tag := d.body, d.tag
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		body, tag = compress(d.body), d.tag+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", d.modified, bytes.NewReader(body))
}

func (d *document) sendMissing(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", d.contentType)
	w.WriteHeader(http.StatusNotFound)
	if r.Method == http.MethodGet {
		_, _ = w.Write(d.body) // a visitor that is gone is no concern of the press
	}
}

// acceptsGzip reports whether an Accept-Encoding header asks for gzip.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		q := strings.ReplaceAll(params, " ", "")
		return q != "q=0" && !strings.HasPrefix(q, "q=0.0")
	}
	return false
}

func compress(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
