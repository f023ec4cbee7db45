package extract

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"
)

// Limits of charset detection.
const (
	// declarationLen is how far into a page its charset declaration is sought.
	declarationLen = 4096
	// detectLen is how much text is shown to the detector.
	detectLen = 30_000
	// maxBadShare is the share of undecodable characters above which a declared
	// charset is not believed, maxBadGuess the same for a guessed one.
	maxBadShare = 0.002
	maxBadGuess = 0.01
	// minConfidence is the detector's own confidence, of 100, below which its
	// guess is worth less than windows-1252.
	minConfidence = 30
)

var (
	metaCharset = regexp.MustCompile(`(?i)<meta[^>]+charset\s*=\s*["']?\s*([a-z0-9_:.\-]+)|<\?xml[^>]+encoding\s*=\s*["']([a-z0-9_:.\-]+)`)
	httpCharset = regexp.MustCompile(`(?i)charset\s*=\s*["']?([a-z0-9_:.\-]+)`)
	tagBytes    = regexp.MustCompile(`(?is)<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>|[\x00-\x20]{2,}`)
)

// decode returns the body as UTF-8. What the bytes prove goes before what the
// server or the page declares, and that before what statistics suggest: byte
// order mark, UTF-16 without one, ISO-2022-JP, valid UTF-8, HTTP, meta element,
// detector, windows-1252.
func decode(body []byte, contentType string) []byte {
	if name := provenCharset(body); name != "" {
		if out, bad := decodeAs(name, body); out != nil && bad < maxBadGuess {
			return out
		}
	}
	if utf8.Valid(body) {
		return body
	}
	for _, name := range declaredCharsets(body, contentType) {
		if out, bad := decodeAs(name, body); out != nil && bad < maxBadShare {
			return out
		}
	}
	if guess, err := chardet.NewTextDetector().DetectBest(textBytes(body)); err == nil && guess.Confidence >= minConfidence {
		if out, bad := decodeAs(guess.Charset, body); out != nil && bad < maxBadGuess {
			return out
		}
	}
	if out, _, err := transform.Bytes(charmap.Windows1252.NewDecoder(), body); err == nil && !mostlyUTF8(body) {
		return out
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD"))
}

// mostlyUTF8 reports whether the body is UTF-8 with a few broken bytes, as
// pages cut in the middle of a character are.
func mostlyUTF8(body []byte) bool {
	good, bad := 0, 0
	for len(body) > 0 {
		r, n := utf8.DecodeRune(body)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		body = body[n:]
	}
	return good > 4*bad
}

// provenCharset names the charset that the bytes themselves give away, or "".
func provenCharset(body []byte) string {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return "utf-8"
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return "utf-16le"
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return "utf-16be"
	case bytes.Contains(body, []byte("\x1b$B")):
		return "iso-2022-jp"
	}
	return utf16Order(body)
}

// utf16Order recognizes UTF-16 without a byte order mark: in markup, every
// other byte is zero.
func utf16Order(body []byte) string {
	head := body[:min(len(body), 2000)]
	if len(head) < 32 {
		return ""
	}
	even, odd := 0, 0
	for i, b := range head {
		switch {
		case b != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	few := len(head) / 50
	switch {
	case odd > few && even*10 <= odd:
		return "utf-16le"
	case even > few && odd*10 <= even:
		return "utf-16be"
	}
	return ""
}

// declaredCharsets lists what HTTP and the page declare, in that order. A page
// that could be read to find "utf-16" in it is not UTF-16.
func declaredCharsets(body []byte, contentType string) []string {
	var names []string
	if m := httpCharset.FindStringSubmatch(contentType); m != nil {
		names = append(names, m[1])
	}
	if m := metaCharset.FindSubmatch(body[:min(len(body), declarationLen)]); m != nil {
		name := string(m[1]) + string(m[2])
		if !strings.HasPrefix(strings.ToLower(name), "utf-16") {
			names = append(names, name)
		}
	}
	return names
}

// decodeAs decodes and measures the share of characters that could not be.
func decodeAs(name string, body []byte) (out []byte, bad float64) {
	enc, err := htmlindex.Get(strings.ToLower(name))
	if err != nil {
		return nil, 1
	}
	out, _, err = transform.Bytes(enc.NewDecoder(), body)
	if err != nil {
		return nil, 1
	}
	out = bytes.TrimPrefix(out, []byte("\uFEFF"))
	return out, float64(bytes.Count(out, []byte("\uFFFD"))) / float64(len(out)+1)
}

// textBytes strips markup, which would make any page look like English.
func textBytes(body []byte) []byte {
	text := tagBytes.ReplaceAll(body[:min(len(body), 20*detectLen)], []byte(" "))
	return text[:min(len(text), detectLen)]
}
