package feed

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

const (
	prologWindow = 1024      // where an XML declaration must end
	sniffWindow  = 256 << 10 // how much of a body the guess of a charset looks at
	sniffTrust   = 30        // confidence in percent below which a guess is not taken
)

// bomCharsets are the byte order marks, and the forms that "<" or "<?" takes in
// wide encodings without one. The longer come first: the mark of UTF-32LE
// begins with that of UTF-16LE.
var bomCharsets = []struct {
	prefix string
	skip   int
	enc    encoding.Encoding
}{
	{"\x00\x00\xfe\xff", 4, utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
	{"\xff\xfe\x00\x00", 4, utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
	{"\xef\xbb\xbf", 3, unicode.UTF8},
	{"\xfe\xff", 2, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	{"\xff\xfe", 2, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"\x00\x00\x00<", 0, utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)},
	{"<\x00\x00\x00", 0, utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
	{"\x00<", 0, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	{"<\x00", 0, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"\x00{", 0, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	{"{\x00", 0, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"\x4c\x6f\xa7\x94", 0, charmap.CodePage037}, // "<?xm" in EBCDIC
}

var (
	prologEncoding  = regexp.MustCompile(`(?i)^\s*<\?xml[^>]{0,500}?encoding\s*=\s*["']?\s*([\w.:-]+)`)
	headerCharset   = regexp.MustCompile(`(?i)charset\s*=\s*["']?\s*([\w.:-]+)`)
	replacementRune = []byte("\uFFFD")
)

// decode returns body as valid UTF-8, and how it was mended if it had to be.
// What the body is written in is decided by its byte order mark, else by the
// Content-Type, else by the XML declaration, else by looking at it; a label
// that the bytes contradict is passed over.
func decode(body []byte, contentType string) (text, repair string) {
	for _, b := range bomCharsets {
		if bytes.HasPrefix(body, []byte(b.prefix)) {
			return decodeAs(body[b.skip:], b.enc)
		}
	}
	if enc := wideSpace(body); enc != nil {
		return decodeAs(body, enc)
	}
	if utf8.Valid(body) && !isEscaped(labels(body, contentType)) {
		return string(body), ""
	}
	for _, label := range labels(body, contentType) {
		if enc := byLabel(label); enc != nil {
			if text, repair := decodeAs(body, enc); repair == "" {
				return text, "" // the label told the truth
			}
		}
	}
	return sniff(body, labels(body, contentType))
}

// wideSpace returns the encoding of a document in UTF-16 that begins with white
// space, nil for any other.
func wideSpace(body []byte) encoding.Encoding {
	switch {
	case len(body) < 2:
		return nil
	case body[0] == 0 && isSpace(body[1]):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case body[1] == 0 && isSpace(body[0]):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	}
	return nil
}

// isEscaped reports whether the labels name an encoding whose bytes are all
// ASCII, so that being valid UTF-8 proves nothing.
func isEscaped(labels []string) bool {
	return len(labels) > 0 && strings.HasPrefix(labels[0], "iso-2022-")
}

// labels returns the charsets claimed for the body, strongest first.
func labels(body []byte, contentType string) []string {
	var out []string
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		out = append(out, cleanLabel(params["charset"]))
	} else if m := headerCharset.FindStringSubmatch(contentType); m != nil {
		out = append(out, cleanLabel(m[1]))
	}
	if m := prologEncoding.FindSubmatch(body[:min(len(body), prologWindow)]); m != nil {
		out = append(out, cleanLabel(string(m[1])))
	}
	return out
}

func cleanLabel(s string) string { return strings.ToLower(strings.Trim(s, "\"' \t")) }

// byLabel returns the encoding a label names in practice, nil for an unknown
// label and for wide encodings, which would have shown in the first bytes.
// Labels mean what browsers take them to mean, so ISO-8859-1 and US-ASCII are
// windows-1252; gb2312 is read as GB18030, its superset.
func byLabel(label string) encoding.Encoding {
	switch label {
	case "gb2312", "gb_2312-80", "gbk", "cp936", "x-gbk", "euc-cn":
		return simplifiedchinese.GB18030
	case "cp037", "ibm037", "ebcdic-cp-us":
		return charmap.CodePage037
	}
	enc, name := charset.Lookup(label)
	if enc == nil || strings.HasPrefix(name, "utf-16") || name == "replacement" || name == "x-user-defined" {
		return nil
	}
	return enc
}

// decodeAs decodes body, reporting a repair when bytes had no meaning in enc.
func decodeAs(body []byte, enc encoding.Encoding) (text, repair string) {
	if enc == unicode.UTF8 {
		return validUTF8(body)
	}
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return validUTF8(body)
	}
	text, repair = validUTF8(out)
	if repair == "" && bytes.Contains(out, replacementRune) {
		repair = repairBytes
	}
	return text, repair
}

func validUTF8(b []byte) (text, repair string) {
	if utf8.Valid(b) {
		return string(b), ""
	}
	return string(bytes.ToValidUTF8(b, replacementRune)), repairBytes
}

// sniff decodes a body that is not valid UTF-8 and whose labels, if any, do not
// hold. Mostly valid UTF-8 is UTF-8 with damage; for the rest the detector is
// asked, and windows-1252 is what remains.
func sniff(body []byte, labels []string) (text, repair string) {
	if damagedUTF8(body) {
		return validUTF8(body)
	}
	for _, label := range append(detect(body), labels...) {
		if enc := byLabel(label); enc != nil && enc != unicode.UTF8 {
			if text, repair := decodeAs(body, enc); repair == "" {
				return text, repairCharset
			}
		}
	}
	text, _ = decodeAs(body, charmap.Windows1252)
	return text, repairCharset
}

// damagedUTF8 reports whether multi-byte characters of UTF-8 outnumber the bytes
// that fit none.
func damagedUTF8(body []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(body); {
		r, size := utf8.DecodeRune(body[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			bad++
		case size > 1:
			good++
		}
		i += max(size, 1)
	}
	return good > bad
}

// detect guesses a charset from the bytes themselves.
func detect(body []byte) []string {
	guess, err := chardet.NewTextDetector().DetectBest(body[:min(len(body), sniffWindow)])
	if err != nil || guess.Confidence < sniffTrust {
		return nil
	}
	return []string{cleanLabel(guess.Charset)}
}
