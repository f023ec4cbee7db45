package demo_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// node is an HTML node with what the tests look for.
type node struct{ *html.Node }

func parse(t *testing.T, body []byte) node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	return node{root}
}

// attr returns an attribute of the first element called tag whose key is value.
func (n node) attr(tag, key, value, want string) string {
	for e := range n.Descendants() {
		if e.Type == html.ElementNode && e.Data == tag && attribute(e, key) == value {
			return attribute(e, want)
		}
	}
	return ""
}

// text returns the visible text with single spaces.
func (n node) text() string {
	var b strings.Builder
	for e := range n.Descendants() {
		hidden := e.Parent != nil && slices.Contains([]string{"script", "style", "title"}, e.Parent.Data)
		if e.Type == html.TextNode && !hidden {
			b.WriteString(e.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (n node) linkedData() string {
	for e := range n.Descendants() {
		if e.Data == "script" && attribute(e, "type") == "application/ld+json" && e.FirstChild != nil {
			return e.FirstChild.Data
		}
	}
	return ""
}

func attribute(e *html.Node, key string) string {
	for _, a := range e.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// newsArticle is what a page says of itself in JSON-LD.
type newsArticle struct {
	Type          string `json:"@type"`
	Headline      string
	DatePublished time.Time
	DateModified  time.Time
	Section       string `json:"articleSection"`
	Language      string `json:"inLanguage"`
	Free          *bool  `json:"isAccessibleForFree"`
	Keywords      []string
	Author        []struct{ Name string }
	Publisher     struct{ Name string }
}

func described(t *testing.T, page node) newsArticle {
	t.Helper()
	var doc struct {
		newsArticle
		Graph []newsArticle `json:"@graph"`
	}
	if err := json.Unmarshal([]byte(page.linkedData()), &doc); err != nil {
		t.Fatalf("JSON-LD: %v", err)
	}
	if i := slices.IndexFunc(doc.Graph, func(a newsArticle) bool { return a.Type == "NewsArticle" }); i >= 0 {
		return doc.Graph[i]
	}
	return doc.newsArticle
}
