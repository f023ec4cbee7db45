package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// page is an answer that was read to its end.
type page struct {
	t      testing.TB
	path   string
	status int
	header http.Header
	body   string
	root   *html.Node
}

// Most that a page, the stylesheet and the script may weigh, compressed.
const (
	maxPage   = 25_000
	maxStyle  = 8_000
	maxScript = 10_000
)

// checkFrame checks what holds for every page: nothing that a policy without
// inline code would stop, nothing from elsewhere, one of each landmark, and a
// weight within bounds. What else makes a page accessible is axe-core's to tell.
func (p *page) checkFrame() {
	p.t.Helper()
	policy := p.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		p.t.Errorf("%s: policy %q", p.path, policy)
	}
	if n := gzipped(p.body); n > maxPage {
		p.t.Errorf("%s: %d bytes compressed, want at most %d", p.path, n, maxPage)
	}
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode {
			p.checkElement(n)
		}
	}
	for _, landmark := range []string{"header", "main", "footer", "h1"} {
		if n := len(p.all(landmark)); n != 1 {
			p.t.Errorf("%s: %d elements %s, want 1", p.path, n, landmark)
		}
	}
}

func (p *page) checkElement(n *html.Node) {
	p.t.Helper()
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
			p.t.Errorf("%s: inline %s on <%s>", p.path, a.Key, n.Data)
		}
		if (a.Key == "href" || a.Key == "src" || a.Key == "action") && !isFollowable(a.Val) {
			p.t.Errorf("%s: <%s %s=%q>", p.path, n.Data, a.Key, a.Val)
		}
		if (n.Data == "link" || n.Data == "script" || n.Data == "img") && (a.Key == "href" || a.Key == "src") && !strings.HasPrefix(a.Val, "/") {
			p.t.Errorf("%s: <%s> from elsewhere: %q", p.path, n.Data, a.Val)
		}
	}
	switch n.Data {
	case "script":
		if n.FirstChild != nil {
			p.t.Errorf("%s: inline script", p.path)
		}
	case "style", "iframe", "object", "embed":
		p.t.Errorf("%s: <%s>", p.path, n.Data)
	}
}

func isFollowable(address string) bool {
	return strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") || strings.HasPrefix(address, "#") ||
		strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

func gzipped(s string) int {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.Len()
}

// all lists the elements of a name, in order.
func (p *page) all(name string) []*html.Node {
	var out []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			out = append(out, n)
		}
	}
	return out
}

// class lists the elements of a class, in order.
func (p *page) class(name string) []*html.Node {
	var out []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && strings.Contains(" "+attr(n, "class")+" ", " "+name+" ") {
			out = append(out, n)
		}
	}
	return out
}

// link returns the address of the link of that name.
func (p *page) link(name string) string {
	p.t.Helper()
	for _, a := range p.all("a") {
		if strings.Join(strings.Fields(text(a)), " ") == name || attr(a, "aria-label") == name {
			return attr(a, "href")
		}
	}
	p.t.Fatalf("%s: no link %q", p.path, name)
	return ""
}

// links lists the addresses of all links that stay here, each once.
func (p *page) links() []string {
	seen := map[string]bool{}
	var out []string
	for _, a := range p.all("a") {
		href := attr(a, "href")
		if strings.HasPrefix(href, "/") && !seen[href] {
			seen[href] = true
			out = append(out, href)
		}
	}
	return out
}

// has reports whether all of words stand in the page's text.
func (p *page) has(words ...string) bool {
	shown := text(p.root)
	for _, w := range words {
		if !strings.Contains(shown, w) {
			return false
		}
	}
	return true
}

func (p *page) want(words ...string) {
	p.t.Helper()
	for _, w := range words {
		if !p.has(w) {
			p.t.Errorf("%s: %q is not on the page:\n%s", p.path, w, strings.Join(strings.Fields(text(p.root)), " "))
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
