package demo

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

const (
	// maxListed is how many items feeds and front pages hold, newest first.
	maxListed = 30
	// relatedCount is how many other articles a page points to.
	relatedCount = 4
	// teaserBlocks is how much of a paywalled article its page shows.
	teaserBlocks = 2
)

// page is what the templates "article" and "list" are given.
type page struct {
	Name, Tagline, Root, FeedURL, FeedType string
	Nav                                    []navLink
	Lang, Charset                          string
	// Title and Text head a list; Story is the article on an article's page.
	Title, Text string
	Story       *view
	List        []*view
}

type navLink struct{ Name, URL string }

// view is a story in the words of the templates.
type view struct {
	URL, Title, Summary, Authors     string
	Section, SectionURL              string
	Canonical, ImageURL, Caption     string
	Writer, WriterURL, Wire, Note    string
	Date, ISO, ModifiedISO, Keywords string
	Body                             []Block
	Teaser, Republished              bool
	LinkedData                       any
}

// parseTemplates reads each desk's own templates together with the common ones.
func parseTemplates(files fs.FS, desks []desk) (map[string]*template.Template, error) {
	pages := make(map[string]*template.Template, len(desks))
	for _, d := range desks {
		t, err := template.ParseFS(files, "templates/common.html", "templates/"+d.key+".html")
		if err != nil {
			return nil, fmt.Errorf("parse the templates of %s: %w", d.name, err)
		}
		pages[d.key] = t
	}
	return pages, nil
}

// print makes all documents of a desk, and the page for what is missing.
func (n *newsroom) print(d *desk, stories []*story) (map[string]*document, *document, error) {
	latest := time.Time{}
	for _, s := range stories {
		if s.modified.After(latest) {
			latest = s.modified
		}
	}
	docs, err := announcements(d, stories, latest)
	if err != nil {
		return nil, nil, err
	}
	pr := &printer{desk: d, templates: n.pages[d.key], stories: stories, docs: docs, latest: latest}
	for _, s := range stories {
		pr.article(s)
	}
	pr.lists()
	missing := pr.render("list", pr.page("Page not found", "The page you asked for is not here. It may have moved, or never have been."))
	return docs, newDocument(missing, d.htmlType(), latest), pr.err
}

// printer turns a desk's stories into pages; it keeps the first error.
type printer struct {
	desk      *desk
	templates *template.Template
	stories   []*story
	docs      map[string]*document
	latest    time.Time
	err       error
}

func (pr *printer) page(title, text string) *page {
	d := pr.desk
	p := &page{
		Name: d.name, Tagline: d.tagline, Root: d.root, FeedURL: d.root + d.feedPath, FeedType: d.kind.mediaType(),
		Lang: d.lang, Charset: "utf-8", Title: title, Text: text,
	}
	for _, name := range d.sections {
		p.Nav = append(p.Nav, navLink{name, d.root + "/section/" + sectionSlug(name)})
	}
	return p
}

func (pr *printer) render(name string, p *page) []byte {
	var b bytes.Buffer
	if err := pr.templates.ExecuteTemplate(&b, name, p); err != nil && pr.err == nil {
		pr.err = err
	}
	return b.Bytes()
}

// article prints one article's page and its picture.
func (pr *printer) article(s *story) {
	if s.access == AccessGone {
		return
	}
	p := pr.page(s.title, "")
	p.Lang, p.Story, p.List = s.lang, s.view(), pr.related(s)
	contentType := pr.desk.htmlType()
	var charset *charmap.Charmap
	if s.charset != "" {
		charset, contentType = pr.charset(s, p)
	}
	body := pr.render("article", p)
	if charset != nil {
		var err error
		// What the charset lacks becomes a character reference.
		if body, err = encoding.HTMLEscapeUnsupported(charset.NewEncoder()).Bytes(body); err != nil && pr.err == nil {
			pr.err = err
		}
	}
	pr.docs[s.path] = newDocument(body, contentType, s.modified)
	if s.caption != "" {
		pr.docs[s.imagePath()] = newDocument(drawing(s.slug), "image/svg+xml", s.published)
	}
}

// charset returns the encoding of an old-fashioned page and its Content-Type, and
// declares it in the page or in the header, not in both.
func (pr *printer) charset(s *story, p *page) (*charmap.Charmap, string) {
	charsets := map[string]*charmap.Charmap{"windows-1251": charmap.Windows1251, "iso-8859-1": charmap.ISO8859_1}
	c := charsets[s.charset]
	if c == nil && pr.err == nil {
		pr.err = fmt.Errorf("articles/%s.md: unknown charset %q", s.file, s.charset)
	}
	if s.charsetIn == "header" {
		p.Charset = ""
		return c, "text/html; charset=" + s.charset
	}
	p.Charset = s.charset
	return c, "text/html"
}

// lists prints the front page, one page a section, and who we are.
func (pr *printer) lists() {
	front := pr.page(pr.desk.name, pr.desk.tagline)
	front.List = views(pr.stories)
	pr.list("/", front)
	for _, name := range pr.desk.sections {
		p := pr.page(name, "")
		var own []*story
		for _, s := range pr.stories {
			if s.section == name {
				own = append(own, s)
			}
		}
		p.List = views(own)
		pr.list("/section/"+sectionSlug(name), p)
	}
	pr.list("/about", pr.page("About us", "An invented publisher with invented news, printed for Broadsheet's demonstration."))
}

func (pr *printer) list(path string, p *page) {
	pr.docs[path] = newDocument(pr.render("list", p), pr.desk.htmlType(), pr.latest)
}

// related picks the newest other articles, those of the same section first.
func (pr *printer) related(s *story) []*view {
	var same, other []*story
	for _, o := range pr.stories {
		switch {
		case o == s || o.access != AccessOpen:
		case o.section == s.section:
			same = append(same, o)
		default:
			other = append(other, o)
		}
	}
	picked := append(same, other...)
	return views(picked[:min(relatedCount, len(picked))])
}

func views(stories []*story) []*view {
	var out []*view
	for _, s := range stories[:min(maxListed, len(stories))] {
		out = append(out, s.view())
	}
	return out
}

func (s *story) view() *view {
	d := s.desk
	v := &view{
		URL: d.root + s.path, Title: s.title, Summary: s.summary, Section: s.section,
		SectionURL: d.root + "/section/" + sectionSlug(s.section), Authors: strings.Join(s.authors, ", "),
		Canonical: s.canonical, Caption: s.caption, Writer: s.writer, Wire: s.wire, Note: s.note,
		Date: s.written.In(d.zone).Format(d.dateLayout), ISO: s.written.In(d.zone).Format(time.RFC3339),
		ModifiedISO: s.modified.In(d.zone).Format(time.RFC3339), Keywords: strings.Join(s.tags, ", "),
		Body: s.body, Teaser: s.access == AccessTeaser, Republished: s.writer != d.name,
	}
	if s.caption != "" {
		v.ImageURL = d.root + s.imagePath()
	}
	if v.Teaser {
		v.Body = s.body[:min(teaserBlocks, len(s.body))]
	}
	v.LinkedData = s.linkedData(v)
	return v
}

func (s *story) imagePath() string { return "/img/" + s.slug + ".svg" }

func (d *desk) htmlType() string {
	if d.charsetInHeader {
		return "text/html; charset=utf-8"
	}
	return "text/html"
}
