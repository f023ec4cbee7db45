package fetch

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"broadsheet.example/store"
)

const (
	// maxRetryAfter bounds how long a server can send us away.
	maxRetryAfter = 7 * 24 * time.Hour
	// maxValidator bounds a validator, which has to be stored and sent back.
	maxValidator = 1024
)

// retryAfter reads a Retry-After of seconds or a date. It is 0 if there is none
// or it is past.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseUint(value, 10, 64); err == nil {
		return time.Duration(min(n, uint64(maxRetryAfter/time.Second))) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}

// maxAge reads how long an answer may be kept: Cache-Control, and without any
// word there Expires, unless that is past or no date.
func maxAge(h http.Header, now time.Time) time.Duration {
	const most = 10 * 365 * 24 * 3600
	age, stated := time.Duration(0), false
	for d := range strings.SplitSeq(strings.ToLower(strings.Join(h.Values("Cache-Control"), ",")), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(d), "=")
		switch name {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			stated = true
			if n, err := strconv.ParseUint(strings.Trim(value, `"`), 10, 63); err == nil {
				age = time.Duration(min(n, most)) * time.Second
			}
		}
	}
	if at, err := http.ParseTime(h.Get("Expires")); err == nil && !stated {
		age = min(max(at.Sub(now), 0), most*time.Second)
	}
	return age
}

// validators takes the validators from an answer, byte for byte.
func validators(h http.Header) store.Validators {
	return store.Validators{ETag: validator(h.Get("ETag")), LastModified: validator(h.Get("Last-Modified"))}
}

// validator returns v if it can be sent back, else nothing.
func validator(v string) string {
	if len(v) > maxValidator || !httpguts.ValidHeaderFieldValue(v) {
		return ""
	}
	return v
}

// setValidators makes a request conditional and reports whether it did.
func setValidators(h http.Header, v store.Validators) bool {
	etag, modified := validator(v.ETag), validator(v.LastModified)
	if etag != "" {
		h["If-None-Match"] = []string{etag}
	}
	if modified != "" {
		h["If-Modified-Since"] = []string{modified}
	}
	return etag != "" || modified != ""
}

// foreign returns the media type if it is none that text can be read from.
func foreign(k Kind, contentType string) string {
	if k == robotsFile {
		return ""
	}
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		media, _, _ = strings.Cut(strings.ToLower(contentType), ";")
		media = strings.TrimSpace(media)
	}
	class, sub, _ := strings.Cut(media, "/")
	switch class {
	case "image", "video", "audio", "font", "model":
		return media
	case "application":
		if foreignApplication(k, sub) {
			return media
		}
	}
	return ""
}

func foreignApplication(k Kind, sub string) bool {
	switch sub {
	case "gzip", "x-gzip":
		return k != Sitemap
	case "octet-stream":
		return k == Page // feeds are often sent so
	case "pdf", "zip", "x-tar", "x-7z-compressed", "x-rar-compressed", "vnd.rar", "java-archive", "epub+zip", "wasm",
		"x-shockwave-flash", "msword", "postscript", "rtf", "ogg", "mp4", "x-bittorrent", "x-msdownload", "x-apple-diskimage":
		return true
	}
	office := strings.HasPrefix(sub, "vnd.ms-") || strings.HasPrefix(sub, "vnd.openxmlformats") || strings.HasPrefix(sub, "vnd.oasis")
	return office && !strings.HasSuffix(sub, "+xml")
}
