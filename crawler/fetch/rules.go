package fetch

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jimsmart/grobotstxt"
)

// rules are what one robots.txt says to one crawler. The zero value allows
// everything.
type rules struct {
	list  []rule
	delay time.Duration // Crawl-delay, 0 if there is none
}

// rule is one Allow or Disallow line.
type rule struct {
	allow   bool
	pattern string // as written, percent-encoded
}

// parseRules reads a robots.txt as the crawler named agent: its own group if
// there is one, else that of "*". Groups with the same name merge.
func parseRules(body, agent string) *rules {
	c := &collector{agent: agent}
	grobotstxt.Parse(upperEscapes(escapeForeign(body)), c)
	if c.named {
		return &c.own
	}
	return &c.global
}

// escapeForeign percent-encodes the bytes beyond ASCII, but for a byte order mark,
// since grobotstxt spoils escapes where it has to change any itself.
func escapeForeign(body string) string {
	const mark = "\ufeff"
	rest, marked := strings.CutPrefix(body, mark)
	if !strings.ContainsFunc(rest, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return body
	}
	var b strings.Builder
	if marked {
		b.WriteString(mark)
	}
	for i := range len(rest) {
		if c := rest[i]; c < utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// allows decides on the URL, which should be percent-encoded, and names the
// line that decided, if any. The longest pattern that matches wins, and Allow
// among equals.
func (r *rules) allows(url string) (bool, string) {
	path := requestPath(url)
	allow, disallow := 0, 0
	var line string
	for _, rule := range r.list {
		n := rule.match(path)
		switch {
		case rule.allow && n > allow:
			allow = n
		case !rule.allow && n > disallow:
			disallow, line = n, rule.pattern
		}
	}
	if disallow > allow {
		return false, "Disallow: " + line
	}
	return true, ""
}

// match returns the length of the pattern if it matches path, else 0. As at
// Google, "Allow: /a/index.html" allows "/a/" too.
func (r rule) match(path string) int {
	if matches(path, r.pattern) {
		return len(r.pattern)
	}
	if i := strings.LastIndexByte(r.pattern, '/'); r.allow && i >= 0 && strings.HasPrefix(r.pattern[i:], "/index.htm") {
		if short := r.pattern[:i+1] + "$"; matches(path, short) {
			return len(short)
		}
	}
	return 0
}

// matches reports whether pattern, in which "*" stands for anything and "$" at
// the end for the end, matches the beginning of path. It takes linear time
// whatever the pattern.
func matches(path, pattern string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	piece, rest, more := strings.Cut(pattern, "*")
	path, ok := strings.CutPrefix(path, piece)
	if !ok {
		return false
	}
	for more {
		piece, rest, more = strings.Cut(rest, "*")
		if anchored && !more {
			return strings.HasSuffix(path, piece)
		}
		i := strings.Index(path, piece)
		if i < 0 {
			return false
		}
		path = path[i+len(piece):]
	}
	return !anchored || path == ""
}

// requestPath returns path and query of a URL, "/" if it has neither.
func requestPath(url string) string {
	url, _, _ = strings.Cut(url, "#")
	if i := strings.Index(url, "://"); i >= 0 && i < firstOf(url, "/?;") {
		url = url[i+len("://"):]
	} else {
		url = strings.TrimPrefix(url, "//")
	}
	i := firstOf(url, "/?;")
	switch {
	case i == len(url):
		return "/"
	case url[i] == '/':
		return url[i:]
	default:
		return "/" + url[i:]
	}
}

// upperEscapes writes percent-escapes in upper case, as patterns have them.
func upperEscapes(url string) string {
	b := []byte(url)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], bytes.ToUpper(b[i+1:i+3]))
		}
	}
	return string(b)
}

// firstOf is the index of the first of chars in s, or the length of s.
func firstOf(s, chars string) int {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return i
	}
	return len(s)
}

// collector takes from a robots.txt what concerns one agent.
type collector struct {
	agent       string
	own, global rules
	named       bool // some group names the agent
	inOwn       bool // the current group names the agent
	inGlobal    bool // the current group names "*"
	inRules     bool // the current group's list of agents is over
}

var _ grobotstxt.ParseHandler = (*collector)(nil)

// HandleRobotsStart does nothing.
func (c *collector) HandleRobotsStart() {}

// HandleRobotsEnd does nothing.
func (c *collector) HandleRobotsEnd() {}

// HandleSitemap does nothing.
func (c *collector) HandleSitemap(int, string) {}

// HandleUserAgent opens a group or adds a name to the one just opened.
func (c *collector) HandleUserAgent(_ int, value string) {
	if c.inRules {
		c.inOwn, c.inGlobal, c.inRules = false, false, false
	}
	if rest, ok := strings.CutPrefix(value, "*"); ok && (rest == "" || unicode.IsSpace(rune(rest[0]))) {
		c.inGlobal = true
	} else if strings.EqualFold(productOf(value), c.agent) {
		c.inOwn, c.named = true, true
	}
}

// HandleAllow keeps the rule if it is for the agent.
func (c *collector) HandleAllow(_ int, value string) { c.add(true, value) }

// HandleDisallow keeps the rule if it is for the agent.
func (c *collector) HandleDisallow(_ int, value string) { c.add(false, value) }

// HandleUnknownAction looks for Crawl-delay.
func (c *collector) HandleUnknownAction(_ int, action, value string) {
	if r := c.current(); r != nil && strings.EqualFold(action, "crawl-delay") {
		r.delay = max(r.delay, parseDelay(value))
	}
}

func (c *collector) add(allow bool, pattern string) {
	r := c.current()
	if r == nil {
		return
	}
	c.inRules = true
	if pattern != "" {
		// A clone, since the pattern would hold the whole file in memory.
		r.list = append(r.list, rule{allow, strings.Clone(pattern)})
	}
}

// current returns the rules that the current group adds to, nil for a
// stranger's group.
func (c *collector) current() *rules {
	switch {
	case c.inOwn:
		return &c.own
	case c.inGlobal:
		return &c.global
	default:
		return nil
	}
}

// parseDelay reads a number of seconds; what is no sensible number is 0.
func parseDelay(value string) time.Duration {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(n) || n <= 0 {
		return 0
	}
	return time.Duration(min(n, 1e6) * float64(time.Second))
}

// productOf cuts a user agent behind its product token: "Name/1.0 (x)" gives
// "Name".
func productOf(agent string) string {
	return agent[:len(agent)-len(strings.TrimLeft(agent, tokenChars))]
}

// tokenChars are the characters of a product token (RFC 9110).
const tokenChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~#$%'*+-.^_`|"
