package fetch

import (
	"bytes"
	"net/http"
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzBody(f *testing.F) {
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "gzip")
	f.Add([]byte("\x78\x9c\x03\x00\x00\x00\x00\x01"), "deflate")
	f.Add([]byte("\x03\x00"), "deflate")
	f.Add([]byte("\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00\x99\xe9\xd8\x51"), "zstd")
	f.Add([]byte("\x06"), "br")
	f.Add([]byte("plain"), "identity, x-gzip")
	f.Fuzz(func(t *testing.T, wire []byte, encoding string) {
		const limit = 4 << 20
		body, _, err := readBody(&meter{r: bytes.NewReader(wire)}, encoding, limit)
		if len(body) > limit {
			t.Errorf("%d bytes, the limit is %d", len(body), limit)
		}
		if err == nil && len(body) > ratioFrom && len(body) > maxRatio*len(wire) {
			t.Errorf("%d bytes grew to %d", len(wire), len(body))
		}
	})
}

func FuzzHeader(f *testing.F) {
	for _, s := range []string{"120", "-1", "Thu, 26 Nov 2026 12:00:00 GMT", "max-age=60", "no-cache, max-age=1", "max-age=9999999999999999999", "text/html; charset=x", "image/png;"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		h := http.Header{"Retry-After": {value}, "Cache-Control": {value, value}, "Etag": {value}}
		if d := retryAfter(h, now); d < 0 || d > maxRetryAfter {
			t.Errorf("Retry-After %q gives %v", value, d)
		}
		if d := maxAge(h, time.Unix(0, 0)); d < 0 {
			t.Errorf("Cache-Control %q gives %v", value, d)
		}
		if v := validators(h); v.ETag != "" && v.ETag != value {
			t.Errorf("ETag %q became %q", value, v.ETag)
		}
		if media := foreign(Page, value); media != "" && utf8.ValidString(value) && len(media) > len(value) {
			t.Errorf("Content-Type %q gives %q", value, media)
		}
	})
}

func TestHeaders(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "120": 2 * time.Minute, " 5 ": 5 * time.Second, "-5": 0, "1.5": 0, "soon": 0, "9999999": maxRetryAfter,
		"Thu, 26 Nov 2026 12:01:00 GMT": time.Minute, "Thu, 26 Nov 2026 11:00:00 GMT": 0, "Thu, 26 Nov 2099 12:00:00 GMT": maxRetryAfter,
		"Thursday, 26-Nov-26 12:00:30 GMT": 30 * time.Second,
	} {
		if got := retryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("Retry-After %q gives %v, want %v", value, got, want)
		}
	}
	for value, want := range map[string]time.Duration{
		"": 0, "max-age=60": time.Minute, "public,MAX-AGE=60": time.Minute, `max-age="60"`: time.Minute, "max-age=60, no-store": 0, "max-age=-1": 0,
		"s-maxage=60": 0, "max-age": 0, "private, max-age=x": 0,
	} {
		if got := maxAge(http.Header{"Cache-Control": {value}}, time.Time{}); got != want {
			t.Errorf("Cache-Control %q gives %v, want %v", value, got, want)
		}
	}
}
