package extract

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"strings"
)

// MediaError says that the bytes are no web page.
type MediaError struct {
	// Media is what they are, such as "application/pdf".
	Media string
}

// Error names the kind of bytes found.
func (e *MediaError) Error() string { return fmt.Sprintf("not a web page but %s", e.Media) }

// sniffLen is how much of a body decides what it is; it is what
// http.DetectContentType looks at.
const sniffLen = 512

// sniff refuses bytes that are not text of a page. What the bytes show counts
// for more than what the server declares.
func sniff(body []byte, contentType string) error {
	head := body[:min(len(body), sniffLen)]
	declared, _, _ := mime.ParseMediaType(contentType)
	found, _, _ := mime.ParseMediaType(http.DetectContentType(head))
	switch {
	case found == "text/html":
		return nil
	case hasMarkup(body):
		return nil
	case found == "application/octet-stream" && utf16Order(head) != "":
		return nil
	case !strings.HasPrefix(found, "text/"):
		return &MediaError{Media: found}
	case foreignMedia(declared):
		return &MediaError{Media: declared}
	}
	return nil
}

// hasMarkup reports whether a page starts within the first bytes, which it may
// do after a comment, an XML declaration or a stray control character.
func hasMarkup(body []byte) bool {
	head := bytes.ToLower(body[:min(len(body), 4*sniffLen)])
	return bytes.Contains(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<html"))
}

// foreignMedia reports whether a declared media type excludes a page when the
// bytes themselves show no markup.
func foreignMedia(media string) bool {
	kind, _, _ := strings.Cut(media, "/")
	switch kind {
	case "image", "audio", "video", "font":
		return true
	case "application":
		return !strings.Contains(media, "html") && !strings.HasSuffix(media, "octet-stream")
	}
	return media == "text/css" || media == "text/csv" || media == "text/javascript" || media == "text/xml"
}
