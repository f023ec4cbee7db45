package link

import (
	"fmt"
	"net/url"
	"strings"
)

const upperHex = "0123456789ABCDEF"

// lenient parses a URL or reference the way browsers do: white space around it
// and line breaks within are dropped, backslashes count as slashes, and what
// may not stand in a URL is percent-encoded instead of refused.
func lenient(raw string) (*url.URL, error) {
	raw = strings.Trim(raw, " \t\r\n\f\v\x00\u00a0\ufeff")
	if len(raw) > maxRaw {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLong, len(raw))
	}
	raw, _, _ = strings.Cut(raw, "#")
	path, query, asked := strings.Cut(raw, "?")
	path = strings.ReplaceAll(path, `\`, "/")
	head, rest := splitAuthority(path)
	text := head + encode(rest)
	if asked {
		text += "?" + encode(query)
	}
	u, err := url.Parse(dropBreaks(text))
	if err != nil {
		return nil, fmt.Errorf("%w: %q", ErrSyntax, abbreviate(raw))
	}
	return u, nil
}

// splitAuthority cuts path behind scheme and authority, which are not to be
// percent-encoded. A path without an authority has an empty head.
func splitAuthority(path string) (head, rest string) {
	start := strings.Index(path, "//")
	if start < 0 || start > 0 && path[start-1] != ':' {
		return "", path
	}
	start += len("//")
	if end := strings.IndexByte(path[start:], '/'); end >= 0 {
		return path[:start+end], path[start+end:]
	}
	return path, ""
}

func dropBreaks(s string) string {
	if !strings.ContainsAny(s, "\t\r\n") {
		return s
	}
	return strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
}

// encode percent-encodes what may not stand in a path or query: controls,
// spaces, quotes, anything beyond ASCII, and a percent sign that begins no
// escape.
func encode(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '\t' || c == '\r' || c == '\n':
		case c == '%' && !isEscape(s[i:]), c <= ' ', c >= 0x7f, strings.IndexByte("\"<>\\^`{|}", c) >= 0:
			b.Write([]byte{'%', upperHex[c>>4], upperHex[c&15]})
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// isEscape reports whether s begins with a percent-encoded octet.
func isEscape(s string) bool {
	return len(s) >= 3 && s[0] == '%' && isHex(s[1]) && isHex(s[2])
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	default:
		return c - 'a' + 10
	}
}

// Plain returns s with the escapes of letters, digits and "-._~", which
// mean the same either way (RFC 3986, 6.2.2.2), decoded and the others in upper
// case.
func Plain(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if !isEscape(s[i:]) {
			b.WriteByte(s[i])
			continue
		}
		if c := unhex(s[i+1])<<4 | unhex(s[i+2]); isUnreserved(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', upperHex[c>>4], upperHex[c&15]})
		}
		i += 2
	}
	return b.String()
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// removeDots resolves "." and ".." segments of an escaped path, also where the
// dots are percent-encoded. The result begins with a slash.
func removeDots(path string) string {
	var out []string
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ToLower(s), "%2e", ".") {
		case ".":
		case "..":
			out = out[:max(len(out)-1, 0)]
		default:
			out = append(out, s)
			continue
		}
		if last {
			out = append(out, "")
		}
	}
	return "/" + strings.Join(out, "/")
}

// setPath gives u the escaped path. Valid escapes are all that encode lets
// through, so it cannot fail.
func setPath(u *url.URL, escaped string) {
	if path, err := url.PathUnescape(escaped); err == nil {
		u.Path, u.RawPath = path, escaped
	}
}
