package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"
)

//go:embed articles templates
var content embed.FS

// correctedSuffix marks the file that holds the corrected state of an article.
const correctedSuffix = ".corrected"

// Access says what a visitor gets of an article.
type Access string

// The kinds of access.
const (
	AccessOpen      Access = "open"      // the whole text
	AccessTeaser    Access = "teaser"    // the first paragraphs, then a paywall
	AccessForbidden Access = "forbidden" // listed in the feed, refused by robots.txt
	AccessGone      Access = "gone"      // listed in the feed, answered with 404
)

// Article is one article as a visitor should find it; tests compare with it.
type Article struct {
	URL   string
	Title string
	// Phrase stands in the article's body and in no other's, copies excepted.
	Phrase string
	// Publisher is who wrote it, Via who republished it, if anybody.
	Publisher string
	Via       string
	Section   string
	Authors   []string
	// Persons are the people named in the body, by their full names.
	Persons     []string
	Language    string
	PublishedAt time.Time
	UpdatedAt   time.Time
	Access      Access
	// Wire names the agency report that this article carries, if it does; all
	// who carry it have the same.
	Wire string
	// Corrects says that the text changes when the press corrects it.
	Corrects bool
}

// article is one file of articles/.
type article struct {
	// file is PUBLISHER/SLUG, by which others refer to it.
	file, publisher, slug                string
	section, title, description, caption string
	authors, persons, tags               []string
	phrase, note                         string
	// wire credits the agency that wrote it; report names the report, alike for
	// all who carry it.
	wire, report  string
	lang, charset string
	// charsetIn is where a charset other than UTF-8 is declared: "meta" or
	// "header".
	charsetIn    string
	ago, updated time.Duration
	access       Access
	// republishes is the file of the article that this one carries.
	republishes string
	// originalName and originalURL name a publisher outside the press.
	originalName, originalURL string
	blocks                    []Block
	corrected                 *article
}

// loadArticles reads articles/PUBLISHER/SLUG.md. Any mistake in them is an error that names
// the file and the line.
func loadArticles(files fs.FS) ([]article, error) {
	names, err := fs.Glob(files, "articles/*/*.md")
	if err != nil {
		return nil, err
	}
	var list []article
	corrections := make(map[string]*article)
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		a, err := parseArticle(string(data))
		if err != nil {
			return nil, fmt.Errorf("%s:%w", name, err)
		}
		a.file = strings.TrimSuffix(strings.TrimPrefix(name, "articles/"), ".md")
		a.publisher, a.slug = path.Split(a.file)
		a.publisher = strings.TrimSuffix(a.publisher, "/")
		if base, ok := strings.CutSuffix(a.file, correctedSuffix); ok {
			corrections[base] = a
			continue
		}
		list = append(list, *a)
	}
	return link(list, corrections)
}

// link joins corrections to their articles and fills in republished ones.
func link(list []article, corrections map[string]*article) ([]article, error) {
	byFile := make(map[string]*article, len(list))
	for i := range list {
		byFile[list[i].file] = &list[i]
	}
	for base, c := range corrections {
		a := byFile[base]
		if a == nil {
			return nil, fmt.Errorf("articles/%s%s.md corrects no article", base, correctedSuffix)
		}
		a.corrected = c
	}
	for i := range list {
		a := &list[i]
		if a.republishes == "" {
			continue
		}
		original := byFile[a.republishes]
		if original == nil {
			return nil, fmt.Errorf("articles/%s.md republishes unknown %q", a.file, a.republishes)
		}
		a.blocks, a.persons, a.phrase = original.blocks, original.persons, original.phrase
		a.authors, a.tags, a.title, a.description = original.authors, original.tags, original.title, original.description
	}
	return list, nil
}
