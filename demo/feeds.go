package demo

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"strings"
	"time"
)

// mediaType is the content type under which pages announce the feed; empty for a
// sitemap, which they do not announce.
func (k Kind) mediaType() string {
	switch k {
	case KindRSS:
		return "application/rss+xml"
	case KindAtom:
		return "application/atom+xml"
	case KindJSON:
		return "application/feed+json"
	default:
		return ""
	}
}

// announcements makes robots.txt and the desk's feed or sitemap.
func announcements(d *desk, stories []*story, latest time.Time) (map[string]*document, error) {
	listed := stories[:min(maxListed, len(stories))]
	var body []byte
	var err error
	contentType := d.kind.mediaType()
	switch d.kind {
	case KindRSS:
		body, err = marshalXML(rssOf(d, listed, latest))
		contentType += "; charset=utf-8"
	case KindAtom:
		body, err = marshalXML(atomOf(d, listed, latest))
	case KindJSON:
		body, err = json.MarshalIndent(jsonFeedOf(d, listed), "", "  ")
	case KindSitemap:
		body, err = marshalXML(sitemapOf(d, listed))
		contentType = "application/xml"
	}
	return map[string]*document{
		"/robots.txt": newDocument(robots(d), "text/plain; charset=utf-8", latest.Truncate(24*time.Hour)),
		d.feedPath:    newDocument(body, contentType, latest),
	}, err
}

func robots(d *desk) []byte {
	var b strings.Builder
	b.WriteString("User-agent: *\nDisallow: /subscribers/\nDisallow: /search\n")
	if d.kind == KindSitemap {
		fmt.Fprintf(&b, "\nSitemap: %s%s\n", d.root, d.feedPath)
	}
	return []byte(b.String())
}

func marshalXML(v any) ([]byte, error) {
	body, err := xml.MarshalIndent(v, "", "  ")
	return append([]byte(xml.Header), body...), err
}

// link is the story's address as the desk's feed gives it.
func (s *story) link() string {
	if s.desk.tracking == "" {
		return s.desk.root + s.path
	}
	return s.desk.root + s.path + "?" + s.desk.tracking
}

// excerpt is the start of the story as HTML, for feeds that carry it.
func (s *story) excerpt() string {
	var b strings.Builder
	for _, block := range s.body[:min(teaserBlocks, len(s.body))] {
		if block.Kind == BlockText {
			fmt.Fprintf(&b, "<p>%s</p>", template.HTMLEscapeString(block.Line.Text))
		}
	}
	fmt.Fprintf(&b, `<p><a href="%s">Continue reading on %s</a></p>`, s.desk.root+s.path, template.HTMLEscapeString(s.desk.name))
	return b.String()
}
