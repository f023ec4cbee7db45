package feed

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// maxURL bounds an address; a longer one is dropped.
const maxURL = 8 << 10

// base is the address that relative ones are resolved against. The zero base
// resolves nothing.
type base struct{ url *url.URL }

// newBase returns the base for an address, the zero base for one that cannot
// serve.
func newBase(address string) base {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return base{}
	}
	return base{u}
}

// within returns the base inside n: its xml:base, which may itself be relative,
// or b.
func (b base) within(n *node) base {
	stated := strings.TrimSpace(n.attr("xml:base"))
	if stated == "" {
		return b
	}
	if inner := newBase(b.resolve(stated)); inner.url != nil {
		return inner
	}
	return b
}

// resolve returns the absolute form of an address. One that is absolute already
// comes back exactly as written, for a feed's identifiers and many servers are
// particular; one that cannot be resolved comes back too.
func (b base) resolve(address string) string {
	address = tidyAddress(address)
	if len(address) > maxURL {
		return ""
	}
	if address == "" || b.url == nil || hasScheme(address) {
		return address
	}
	ref, err := url.Parse(address)
	if err != nil {
		ref, err = url.Parse(escapeAddress(address))
	}
	if err != nil {
		return address
	}
	return b.url.ResolveReference(ref).String()
}

// tidyAddress drops the white space that feeds put around and inside addresses.
func tidyAddress(s string) string {
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, "\t\r\n") {
		s = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
	}
	return s
}

// escapeAddress percent-encodes what keeps an address from being parsed.
func escapeAddress(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])):
			b.WriteString("%25")
		case c == ' ':
			b.WriteString("%20")
		case c == ':' && !strings.Contains(s[:i], "/"):
			b.WriteString("%3A")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// hasScheme reports whether s begins with a URI scheme.
func hasScheme(s string) bool {
	i := strings.IndexByte(s, ':')
	if i < 1 {
		return false
	}
	for j := range i {
		c := s[j]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (j == 0 || !(c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.')) {
			return false
		}
	}
	return true
}

// isWeb reports whether s is an absolute http or https address.
func isWeb(s string) bool {
	return hasPrefixFold(s, "http://") || hasPrefixFold(s, "https://")
}

// resolveHTML returns an HTML fragment with its relative addresses resolved and
// everything else as it was, byte for byte.
func (b base) resolveHTML(fragment string) string {
	if b.url == nil || !strings.Contains(fragment, "<") {
		return fragment
	}
	var out strings.Builder
	out.Grow(len(fragment) + len(fragment)/8)
	z := html.NewTokenizer(strings.NewReader(fragment))
	for {
		kind := z.Next()
		raw := z.Raw()
		if kind == html.ErrorToken {
			out.Write(raw)
			return out.String()
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			out.Write(raw)
			continue
		}
		before := string(raw) // Token lower-cases in place
		if tag := z.Token(); b.resolveTag(&tag) {
			out.WriteString(tag.String())
		} else {
			out.WriteString(before)
		}
	}
}

// resolveTag resolves the addresses among a tag's attributes and reports
// whether any changed.
func (b base) resolveTag(tag *html.Token) (changed bool) {
	for i, a := range tag.Attr {
		if !isAddress(tag.Data, a.Key) {
			continue
		}
		if resolved := b.resolve(a.Val); resolved != a.Val {
			tag.Attr[i].Val = resolved
			changed = true
		}
	}
	return changed
}

// isAddress reports whether an attribute of an HTML element holds an address.
func isAddress(element, attribute string) bool {
	switch attribute {
	case "href":
		return element != "base"
	case "src", "cite", "longdesc", "poster", "action", "background", "codebase", "classid", "usemap", "profile":
		return true
	case "data":
		return element == "object"
	}
	return false
}
