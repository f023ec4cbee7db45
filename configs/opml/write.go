package opml

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"broadsheet.example/news"
)

// document is a whole file as it is written.
type document struct {
	XMLName xml.Name   `xml:"opml"`
	Version string     `xml:"version,attr"`
	Title   string     `xml:"head>title"`
	Body    []*outline `xml:"body>outline"`
}

type outline struct {
	Text     string     `xml:"text,attr"`
	Title    string     `xml:"title,attr,omitempty"`
	Type     string     `xml:"type,attr,omitempty"`
	XMLURL   string     `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string     `xml:"htmlUrl,attr,omitempty"`
	Language string     `xml:"language,attr,omitempty"`
	Comment  bool       `xml:"isComment,attr,omitempty"`
	Outlines []*outline `xml:"outline"`
}

// Write writes feeds as OPML 2.0 under the title: a group for each part of a
// Category, feeds and groups in the order in which they come. [Read] gives the
// same feeds back, grouped.
func Write(w io.Writer, title string, feeds []news.Feed) error {
	root := &outline{}
	for _, f := range feeds {
		g := root.group(f.Category)
		g.Outlines = append(g.Outlines, feedOutline(f))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(document{Version: "2.0", Title: title, Body: root.Outlines}); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	return nil
}

// group returns the group at the path below o, and makes it if need be.
func (o *outline) group(path string) *outline {
	if path == "" {
		return o
	}
	name, rest, _ := strings.Cut(path, "/")
	for _, sub := range o.Outlines {
		if sub.XMLURL == "" && sub.Text == name {
			return sub.group(rest)
		}
	}
	sub := &outline{Text: name}
	o.Outlines = append(o.Outlines, sub)
	return sub.group(rest)
}

func feedOutline(f news.Feed) *outline {
	o := &outline{
		Text: f.Title, Title: f.Title, Type: "rss", XMLURL: f.URL, HTMLURL: f.SiteURL,
		Language: f.Language, Comment: !f.Enabled,
	}
	if o.Text == "" {
		o.Text = f.URL
	}
	if f.Kind == news.KindSitemap {
		o.Type = string(news.KindSitemap)
	}
	return o
}
