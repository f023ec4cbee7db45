package fetch

import (
	"net/http"
	"testing"
)

func TestDowngrade(t *testing.T) {
	for _, tt := range []struct {
		name, from, to string
		kind           Kind
		status         int
		permanent      bool
	}{
		{"feed to http", "https://example.com/f", "http://example.com/f", Feed, 301, false},
		{"page to http", "https://example.com/f", "http://example.com/f", Page, 301, true},
		{"feed to https", "http://example.com/f", "https://example.com/f", Feed, 308, true},
		{"feed for now", "http://example.com/f", "https://example.com/f", Feed, 302, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := &visit{kind: tt.kind, url: tt.from}
			a := &answer{status: tt.status, header: http.Header{"Location": {tt.to}}}
			if err := v.redirect(a); err != nil {
				t.Fatal(err)
			}
			a.status = http.StatusOK
			if got := v.response(a); got.Permanent != tt.permanent || got.URL != tt.to {
				t.Errorf("permanent = %v at %s, want %v at %s", got.Permanent, got.URL, tt.permanent, tt.to)
			}
		})
	}
}
