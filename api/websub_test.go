package api_test

import (
	"net/http"
	"strings"
	"testing"

	"broadsheet.example/api"
)

func TestWebSub(t *testing.T) {
	w := newWorld(t, withKeys(true))
	r := w.get(t, "/websub/known?hub.mode=subscribe&hub.topic=topic&hub.challenge=%3Cb%3E&hub.lease_seconds=60", remote)
	if r.status != 200 || string(r.body) != "<b>" || !strings.HasPrefix(r.header.Get("Content-Type"), "text/plain") {
		t.Errorf("confirmation: %d %q as %s", r.status, r.body, r.header.Get("Content-Type"))
	}
	wantProblem(t, w.get(t, "/websub/known?hub.mode=subscribe&hub.topic=other&hub.challenge=x", remote), 404, "notFound")
	tests := []struct {
		name, id, body, signature string
		status                    int
		code                      string
	}{
		{"signed", "known", "news", "sha256=news", 204, ""},
		{"not signed", "known", "news", "", 403, "notSigned"},
		{"signed for another body", "known", "news", "sha256=old", 403, "notSigned"},
		{"unknown", "other", "news", "sha256=news", 410, "removed"},
		{"too long", "known", strings.Repeat("n", api.MaxDelivery+1), "", 413, "bodyTooLarge"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := w.do(t, w.client, "POST", "/websub/"+tt.id, "application/rss+xml", tt.body, remote, func(r *http.Request) { r.Header.Set("X-Hub-Signature", tt.signature) })
			if r.status != tt.status {
				t.Errorf("status %d, want %d", r.status, tt.status)
			}
			if tt.code != "" {
				wantProblem(t, r, tt.status, tt.code)
			}
		})
	}
}
