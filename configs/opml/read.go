package opml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode"

	"broadsheet.example/news"
)

// Limits of a file.
const (
	MaxBytes    = 8 << 20
	MaxDepth    = 20     // outlines within outlines
	MaxOutlines = 20_000 // feeds and groups
	maxText     = 500    // bytes of a title or a group's name; longer ones are cut
	maxURL      = 2_000  // bytes of an address
)

// Error says where a file is wrong and what to do about it.
type Error struct {
	Line    int // from 1
	Problem string
	Remedy  string
}

// Error says it in one sentence for people.
func (e *Error) Error() string {
	return fmt.Sprintf("OPML, line %d: %s; %s", e.Line, e.Problem, e.Remedy)
}

// Skipped is an outline that was left out, since nobody could poll it.
type Skipped struct {
	Line   int    `json:"line"`
	URL    string `json:"url"`
	Reason string `json:"reason"`
}

// File is what an OPML file holds.
type File struct {
	// Feeds have URL, Title, SiteURL, Kind, Enabled, Language and Category, in
	// the order of the file. They have no ID.
	Feeds   []news.Feed
	Skipped []Skipped
}

// Read reads an OPML file. Groups within groups become a Category joined by
// "/"; an outline marked as a comment is a feed switched off. A file that is not
// OPML, is larger than the limits, or has a document type (which may hide any
// amount of text) is refused with an [*Error]; other errors come from r.
func Read(r io.Reader) (*File, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read OPML: %w", err)
	}
	if len(text) > MaxBytes {
		return nil, &Error{1 + bytes.Count(text, []byte{'\n'}), fmt.Sprintf("the file is larger than %d MB", MaxBytes>>20), "split it"}
	}
	p := parser{dec: xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))}
	p.dec.Entity = xml.HTMLEntity
	if err := p.run(); err != nil {
		return nil, err
	}
	return &p.file, nil
}

// group is an outline that is open.
type group struct {
	name     string // "" for one that only holds a feed
	disabled bool
}

type parser struct {
	dec   *xml.Decoder
	file  File
	open  []group
	count int
	root  bool // <opml> has been seen
}

func (p *parser) fail(problem, remedy string) error {
	line, _ := p.dec.InputPos()
	return &Error{line, problem, remedy}
}

func (p *parser) run() error {
	for {
		token, err := p.dec.Token()
		switch {
		case errors.Is(err, io.EOF) && !p.root:
			return p.fail("there is no <opml> in it", "give an OPML file, as feed readers export it")
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return p.explain(err)
		}
		if err := p.token(token); err != nil {
			return err
		}
	}
}

// explain turns an error of the XML decoder into one with a remedy.
func (p *parser) explain(err error) error {
	remedy := "repair the XML at this place"
	problem := err.Error()
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		problem = syntax.Msg
	}
	switch {
	case strings.Contains(problem, "entity"):
		remedy = "write &amp; for every & in names and addresses"
	case strings.Contains(problem, "encoding") || strings.Contains(problem, "UTF-8"):
		remedy = "save the file as UTF-8"
	case strings.Contains(problem, "EOF"):
		remedy = "the file is cut off: export it again"
	}
	return p.fail(problem, remedy)
}

func (p *parser) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return p.fail("there is a document type or entity declaration", "remove the <! ... > line")
	case xml.StartElement:
		return p.start(t)
	case xml.EndElement:
		if isOutline(t.Name) && len(p.open) > 0 {
			p.open = p.open[:len(p.open)-1]
		}
	}
	return nil
}

func isOutline(n xml.Name) bool { return strings.EqualFold(n.Local, "outline") }

func (p *parser) start(e xml.StartElement) error {
	if !p.root {
		if !strings.EqualFold(e.Name.Local, "opml") {
			return p.fail(fmt.Sprintf("the file is <%s>, not <opml>", cut(e.Name.Local, 40)), "give an OPML file, as feed readers export it")
		}
		p.root = true
	}
	if !isOutline(e.Name) {
		return nil
	}
	if p.count++; p.count > MaxOutlines {
		return p.fail(fmt.Sprintf("there are more than %d outlines", MaxOutlines), "split the file")
	}
	if len(p.open) == MaxDepth {
		return p.fail(fmt.Sprintf("outlines are nested more than %d deep", MaxDepth), "use fewer groups within groups")
	}
	p.outline(attributes(e))
	return nil
}

// attributes returns the attributes under lower-case names, since readers write
// xmlUrl, xmlURL and xmlurl.
func attributes(e xml.StartElement) map[string]string {
	attrs := make(map[string]string, len(e.Attr))
	for _, a := range e.Attr {
		attrs[strings.ToLower(a.Name.Local)] = a.Value
	}
	return attrs
}

// outline takes a feed in, or opens a group.
func (p *parser) outline(attrs map[string]string) {
	g := group{disabled: p.disabled() || strings.EqualFold(attrs["iscomment"], "true")}
	title := line(attrs["title"])
	if title == "" {
		title = line(attrs["text"])
	}
	address := strings.TrimSpace(attrs["xmlurl"])
	if address == "" {
		g.name = strings.ReplaceAll(title, "/", "-") // a slash would make two groups of it
		p.open = append(p.open, g)
		return
	}
	p.open = append(p.open, g)
	clean, reason := feedURL(address)
	if reason != "" {
		at, _ := p.dec.InputPos()
		p.file.Skipped = append(p.file.Skipped, Skipped{at, cut(address, 200), reason})
		return
	}
	f := news.Feed{URL: clean, Title: title, Kind: news.KindFeed, Enabled: !g.disabled, Language: line(attrs["language"])}
	if strings.EqualFold(attrs["type"], string(news.KindSitemap)) {
		f.Kind = news.KindSitemap
	}
	if site, reason := feedURL(attrs["htmlurl"]); reason == "" {
		f.SiteURL = site
	}
	if f.Category = p.category(); f.Category == "" {
		f.Category = firstCategory(attrs["category"])
	}
	p.file.Feeds = append(p.file.Feeds, f)
}

func (p *parser) disabled() bool {
	return len(p.open) > 0 && p.open[len(p.open)-1].disabled
}

// category joins the names of the groups that are open.
func (p *parser) category() string {
	var names []string
	for _, g := range p.open {
		if g.name != "" {
			names = append(names, g.name)
		}
	}
	return strings.Join(names, "/")
}

// firstCategory returns the first of the paths in a category attribute.
func firstCategory(attr string) string {
	first, _, _ := strings.Cut(attr, ",")
	path := strings.Trim(line(first), "/")
	if strings.Count(path, "/") >= MaxDepth-1 {
		return ""
	}
	return path
}

// feedURL returns the address to poll, or why there is none. Addresses that
// name the scheme feed mean http or https.
func feedURL(s string) (clean, reason string) {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "feed:"); ok {
		s = strings.TrimPrefix(rest, "//")
		if !strings.Contains(s, "://") {
			s = "http://" + s
		}
	}
	u, err := url.Parse(s)
	switch {
	case len(s) > maxURL:
		return "", "the address is too long"
	case err != nil || u.Host == "" || strings.ContainsFunc(s, unicode.IsControl):
		return "", "this is not an address on the web"
	case u.Scheme != "http" && u.Scheme != "https":
		return "", "the address does not begin with http or https"
	}
	return s, ""
}

// line folds blanks and control characters, and cuts what is too long.
func line(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	return cut(s, maxText)
}

func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "")
}
