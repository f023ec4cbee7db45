package extract

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// Limits of a page. All work but go-htmldate's takes linear time, so that these
// bound the whole.
const (
	// maxBytes is the decoded size at which a page is cut.
	maxBytes = 6 << 20
	// maxSearched is the decoded size, and maxElements the number of elements,
	// up to which go-htmldate may search a page.
	maxSearched = 2 << 20
	maxElements = 40_000
)

// Options steer an extraction. The zero value is ready to use.
type Options struct {
	// Now is the time that dates are checked against; zero means the present.
	Now time.Time
}

// Page extracts the article of a web page with the default [Options].
func Page(body []byte, contentType, pageURL string) (*Content, error) {
	return Options{}.Page(body, contentType, pageURL)
}

// Page extracts the article of a web page. contentType is the HTTP header's
// value and pageURL the address the page was fetched from; either may be empty.
//
// Bytes that are no page fail with a [*MediaError]. A page without an article
// is no error: its Content has no Blocks. Page never panics, starts no goroutine
// and is safe for concurrent use.
func (o Options) Page(body []byte, contentType, pageURL string) (*Content, error) {
	_, c, err := o.read(body, contentType, pageURL)
	return c, err
}

func (o Options) read(body []byte, contentType, pageURL string) (p *page, c *Content, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, c, err = nil, nil, fmt.Errorf("extract %s: panic: %v", pageURL, r)
		}
	}()
	if err := sniff(body, contentType); err != nil {
		return nil, nil, err
	}
	text := decode(body, contentType)
	text = text[:min(len(text), maxBytes)]
	doc, err := parse(text)
	if err != nil {
		return nil, nil, err
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	p = &page{doc: doc, scan: scanPage(doc), seg: segment(doc), url: pageURL, now: o.Now}
	p.large = len(text) > maxSearched || p.scan.elements > maxElements
	p.describer = newDescriber(p.seg, p.scan)
	c, err = p.content()
	return p, c, err
}

// page is one page being read.
type page struct {
	doc       *html.Node
	scan      *scan
	seg       *segmenter
	describer *describer
	kept      []int  // the blocks that belong to the article
	fates     []fate // what was decided about each block
	url       string
	now       time.Time
	large     bool // too large for go-htmldate
}

func (p *page) content() (*Content, error) {
	s := p.scan
	base := baseURL(p.url, s.base)
	publisher := s.publisher(base)
	c := &Content{
		SiteName:    clean(s.siteName()),
		Publisher:   publisher,
		Description: clean(s.description()),
		Canonical:   absolute(base, or(s.links["canonical"], s.first("og:url"))),
		Image:       s.image(base),
		Section:     clean(s.section()),
		Tags:        s.tags(),
		Language:    s.languageCode(),
		Wall:        s.wall(),
		Robots:      s.robots(),
	}
	site := or(c.SiteName, publisher.Name)
	c.Title = clean(s.pageTitle(site, host(base)))
	var err error
	if c.Blocks, err = p.blocks(); err != nil {
		return nil, err
	}
	c.Authors = p.authors(site)
	c.Published = p.published()
	c.Updated = s.updated(c.Published.Time, p.now)
	c.Blocks, c.Wall.Prompts = trim(c.Blocks, c.Authors, c.Title)
	c.Wall.Truncated = isCut(c.Blocks) || slices.ContainsFunc(c.Wall.Prompts, wallLine.MatchString)
	c.SetBlocks(c.Blocks)
	return c, nil
}

// blockBreak stands between the blocks of a text.
const blockBreak = "\n\n"

// offsets are where in the joined text each block begins.
func offsets(blocks []string) []int {
	out := make([]int, len(blocks))
	at := 0
	for i, b := range blocks {
		out[i] = at
		at += len(b) + len(blockBreak)
	}
	return out
}

// clean makes valid UTF-8 in NFC on one line of a text.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return norm.NFC.String(fold(s))
}

// isInvisible reports whether a character shows nothing and is no space:
// controls, zero-width spaces, byte order marks and soft hyphens.
func isInvisible(r rune) bool {
	return r < 0x20 && !unicode.IsSpace(r) || r == 0x7f || r == '\u200b' || r == '\ufeff' || r == '\u00ad'
}

func baseURL(pageURL, base string) *url.URL {
	u, err := url.Parse(pageURL)
	if err != nil {
		u = &url.URL{}
	}
	if b, err := u.Parse(base); err == nil && base != "" {
		return b
	}
	return u
}

func host(u *url.URL) string { return strings.ToLower(u.Hostname()) }

// absolute resolves an address; what is no address of the web is dropped.
func absolute(base *url.URL, ref string) string {
	if ref = strings.TrimSpace(ref); ref == "" {
		return ""
	}
	u, err := base.Parse(ref)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// sortedKeys are the keys of an object in a fixed order, so that equal pages
// give equal content.
func sortedKeys(o object) []string { return slices.Sorted(maps.Keys(o)) }
