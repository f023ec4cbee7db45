package api

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
	"broadsheet.example/news/atom"
)

// Every search is a feed: its newest articles, for feed readers.
const (
	feedSize      = 50  // items unless pageSize says otherwise
	summaryLength = 400 // characters of an item's text
	idPrefix      = "urn:broadsheet:article:"
)

// syndicated is a search as a feed shows it.
type syndicated struct {
	title, self, page string
	updated           time.Time
	articles          []news.Article
}

// syndicate returns the handler of a search in one of the formats of feeds.
func (s *Server) syndicate(kind string, write func(syndicated) ([]byte, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		values, err := parameters(c)
		if err != nil {
			return err
		}
		q, err := param.ParseNarrow(values, param.PageSize)
		if err != nil {
			return err
		}
		if q.Sort = news.SortNewest; len(values[param.PageSize]) == 0 {
			q.Size = feedSize
		}
		q.Highlight.On = false
		if s.isKnown(c, q, values) {
			return c.SendStatus(fiber.StatusNotModified)
		}
		index, err := s.index()
		if err != nil {
			return err
		}
		result, err := index.Search(c.UserContext(), q)
		if err != nil {
			return err
		}
		text, err := write(s.syndicated(c, q, result, values))
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, kind+"; charset=utf-8")
		return c.Send(text)
	}
}

func (s *Server) syndicated(c *fiber.Ctx, q news.Query, r *news.Result, values url.Values) syndicated {
	home := s.home(c)
	f := syndicated{title: "Broadsheet", self: home + c.OriginalURL(), page: home + "/?" + values.Encode(), updated: s.deps.Started}
	if q.Expr != nil {
		f.title += ": " + q.Expr.String()
	}
	for i, h := range r.Hits {
		if i == 0 {
			f.updated = h.Article.PublishedAt
		}
		if h.Article.UpdatedAt.After(f.updated) {
			f.updated = h.Article.UpdatedAt
		}
		f.articles = append(f.articles, s.outward(h.Article))
	}
	return f
}

// summary is the article's description, or else how its text begins.
func summary(a news.Article) string {
	if a.Description != "" {
		return a.Description
	}
	if utf8.RuneCountInString(a.Content) <= summaryLength {
		return a.Content
	}
	return strings.TrimSpace(string([]rune(a.Content)[:summaryLength])) + "…"
}

func changedAt(a news.Article) time.Time {
	if a.UpdatedAt.IsZero() {
		return a.PublishedAt
	}
	return a.UpdatedAt
}

type rssFile struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Self        atom.Link `xml:"atom:link"`
	Built       string    `xml:"lastBuildDate"`
	Generator   string    `xml:"generator"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	GUID        rssGUID  `xml:"guid"`
	Published   string   `xml:"pubDate"`
	Creators    []string `xml:"dc:creator"`
	Categories  []string `xml:"category"`
	Description string   `xml:"description,omitempty"`
}

type rssGUID struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	Value       string `xml:",chardata"`
}

// writeRSS writes RSS 2.0.
func writeRSS(f syndicated) ([]byte, error) {
	file := rssFile{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", DC: "http://purl.org/dc/elements/1.1/", Channel: rssChannel{
		Title: f.title, Link: f.page, Description: "Articles found by a search, newest first", Generator: "Broadsheet",
		Self: atom.Link{Rel: "self", Type: "application/rss+xml", Href: f.self}, Built: f.updated.UTC().Format(time.RFC1123Z),
	}}
	for _, a := range f.articles {
		file.Channel.Items = append(file.Channel.Items, rssItem{
			Title: a.Title, Link: a.URL, GUID: rssGUID{Value: idPrefix + a.ID}, Published: a.PublishedAt.UTC().Format(time.RFC1123Z),
			Creators: a.Authors, Categories: categories(a), Description: htmlText(summary(a)),
		})
	}
	return writeXML(file)
}

// categories are the section and the tags.
func categories(a news.Article) []string {
	if a.Section == "" {
		return a.Tags
	}
	return append([]string{a.Section}, a.Tags...)
}

// htmlText is plain text as HTML, which RSS takes descriptions for.
func htmlText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func writeXML(v any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(v); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// writeAtom writes Atom 1.0.
func writeAtom(f syndicated) ([]byte, error) {
	file := atom.Feed{
		ID: f.self, Title: f.title, Updated: atom.Time(f.updated.UTC()), Author: &atom.Person{Name: "Broadsheet"},
		Links: []atom.Link{{Rel: "self", Type: "application/atom+xml", Href: f.self}, {Rel: "alternate", Type: "text/html", Href: f.page}},
	}
	for _, a := range f.articles {
		file.Entries = append(file.Entries, atom.Entry{
			ID: idPrefix + a.ID, Title: a.Title, Link: atom.Link{Rel: "alternate", Href: a.URL},
			Published: atom.Time(a.PublishedAt.UTC()), Updated: atom.Time(changedAt(a).UTC()),
			Summary: atom.Text{Type: "html", Text: htmlText(summary(a))}, // many readers take plain text for HTML
			Authors: atom.People(a.Authors), Categories: atom.Categories(categories(a)),
		})
	}
	return writeXML(file)
}

type jsonFeed struct {
	Version string         `json:"version"`
	Title   string         `json:"title"`
	Home    string         `json:"home_page_url"`
	Self    string         `json:"feed_url"`
	Items   []jsonFeedItem `json:"items"`
}

type jsonPerson struct {
	Name string `json:"name"`
}

type jsonFeedItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	Text      string       `json:"content_text"`
	Image     string       `json:"image,omitempty"`
	Published time.Time    `json:"date_published"`
	Modified  time.Time    `json:"date_modified,omitzero"`
	Authors   []jsonPerson `json:"authors,omitempty"`
	Tags      []string     `json:"tags,omitempty"`
	Language  string       `json:"language,omitempty"`
}

// writeJSONFeed writes JSON Feed 1.1.
func writeJSONFeed(f syndicated) ([]byte, error) {
	file := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: f.title, Home: f.page, Self: f.self, Items: []jsonFeedItem{}}
	for _, a := range f.articles {
		item := jsonFeedItem{
			ID: idPrefix + a.ID, URL: a.URL, Title: a.Title, Text: summary(a), Image: a.ImageURL, Published: a.PublishedAt.UTC(),
			Modified: a.UpdatedAt, Tags: categories(a), Language: a.Language,
		}
		for _, name := range a.Authors {
			item.Authors = append(item.Authors, jsonPerson{name})
		}
		file.Items = append(file.Items, item)
	}
	return encodeJSON(file)
}

type openSearch struct {
	XMLName     xml.Name        `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	ShortName   string          `xml:"ShortName"`
	Description string          `xml:"Description"`
	Encoding    string          `xml:"InputEncoding"`
	URLs        []openSearchURL `xml:"Url"`
}

type openSearchURL struct {
	Type     string `xml:"type,attr"`
	Template string `xml:"template,attr"`
}

// openSearch answers GET /opensearch.xml, by which browsers learn to search here.
func (s *Server) openSearch(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	home := s.home(c)
	text, err := writeXML(openSearch{
		ShortName: "Broadsheet", Description: "Search the news archive", Encoding: "UTF-8",
		URLs: []openSearchURL{
			{"text/html", home + "/?q={searchTerms}"},
			{"application/rss+xml", home + "/v1/search.rss?q={searchTerms}"},
			{"application/atom+xml", home + "/v1/search.atom?q={searchTerms}"},
		},
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/opensearchdescription+xml; charset=utf-8")
	return c.Send(text)
}
