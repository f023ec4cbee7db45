package demo

import (
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// newsroom holds what does not change while the press runs.
type newsroom struct {
	desks    []desk
	articles []article
	pages    map[string]*template.Template
	// start is the moment that ages are counted back from.
	start time.Time
}

// edition is everything the press serves at one time. It is never changed, only
// replaced.
type edition struct {
	// documents holds what each publisher serves, by path.
	documents []map[string]*document
	missing   []*document
	articles  []Article
}

// story is an article made ready for one publisher's pages.
type story struct {
	*article
	desk *desk
	// published is when the desk put it out, written when its writer did; they
	// differ for what is republished.
	published time.Time
	written   time.Time
	modified  time.Time
	path      string
	note      string
	title     string
	summary   string
	body      []Block
	// writer and canonical name who wrote it and where: the desk itself, or
	// for a republished article somebody else.
	writer       string
	canonical    string
	hasCorrected bool
}

func newNewsroom(articles []article, roots []string, start time.Time) (*newsroom, error) {
	n := &newsroom{desks: desks(), articles: articles, start: start.Truncate(time.Minute)}
	for i := range n.desks {
		n.desks[i].root = roots[i]
	}
	pages, err := parseTemplates(content, n.desks)
	n.pages = pages
	return n, err
}

// publish makes an edition. A zero corrected leaves the first state of the article
// that gets corrected; otherwise it is when the correction was made.
func (n *newsroom) publish(corrected time.Time) (*edition, error) {
	stories, err := n.stories(corrected)
	if err != nil {
		return nil, err
	}
	e := &edition{}
	for i := range n.desks {
		d := &n.desks[i]
		own := ofDesk(stories, d)
		docs, missing, err := n.print(d, own)
		if err != nil {
			return nil, fmt.Errorf("print %s: %w", d.name, err)
		}
		e.documents, e.missing = append(e.documents, docs), append(e.missing, missing)
	}
	for _, s := range stories {
		e.articles = append(e.articles, s.export())
	}
	return e, nil
}

// stories dates and addresses every article, newest first.
func (n *newsroom) stories(corrected time.Time) ([]*story, error) {
	list := make([]*story, 0, len(n.articles))
	byFile := make(map[string]*story, len(n.articles))
	for i := range n.articles {
		a := &n.articles[i]
		d := n.desk(a.publisher)
		if d == nil {
			return nil, fmt.Errorf("articles/%s.md: unknown publisher %q", a.file, a.publisher)
		}
		s := n.story(a, d, corrected)
		list, byFile[a.file] = append(list, s), s
	}
	for _, s := range list {
		if original := byFile[s.republishes]; original != nil {
			s.writer, s.canonical, s.body = original.desk.name, original.canonical, original.body
			s.written, s.modified = original.published, original.modified
		}
	}
	slices.SortStableFunc(list, func(x, y *story) int { return y.published.Compare(x.published) })
	return list, nil
}

func (n *newsroom) story(a *article, d *desk, corrected time.Time) *story {
	s := &story{article: a, desk: d, published: n.start.Add(-a.ago), hasCorrected: a.corrected != nil}
	s.modified, s.written = s.published, s.published
	if a.updated > 0 {
		s.modified = n.start.Add(-a.updated)
	}
	text := a
	if a.corrected != nil && !corrected.IsZero() {
		text, s.modified = a.corrected, corrected
	}
	s.title, s.summary, s.note = text.title, text.description, text.note
	s.body = dated(text.blocks, s.published.In(d.zone))
	s.path = d.path(a, s.published)
	s.writer, s.canonical = d.name, d.root+s.path
	if a.originalName != "" {
		s.writer, s.canonical = a.originalName, a.originalURL
	}
	return s
}

func (n *newsroom) desk(key string) *desk {
	for i := range n.desks {
		if n.desks[i].key == key {
			return &n.desks[i]
		}
	}
	return nil
}

func ofDesk(stories []*story, d *desk) []*story {
	var own []*story
	for _, s := range stories {
		if s.desk == d {
			own = append(own, s)
		}
	}
	return own
}

// weekday stands in a body for a day near publication: {day}, {day-2}, {day+1}.
var weekday = regexp.MustCompile(`\{day([+-]\d)?\}`)

// dated replaces the weekdays in a body.
func dated(blocks []Block, published time.Time) []Block {
	fill := func(l Line) Line {
		l.Text = weekday.ReplaceAllStringFunc(l.Text, func(mark string) string {
			offset, err := strconv.Atoi(strings.Trim(mark, "{day}"))
			if err != nil {
				offset = 0
			}
			return published.AddDate(0, 0, offset).Weekday().String()
		})
		return l
	}
	out := slices.Clone(blocks)
	for i, b := range out {
		out[i].Line = fill(b.Line)
		out[i].Items = slices.Clone(b.Items)
		for k, item := range b.Items {
			out[i].Items[k] = fill(item)
		}
	}
	return out
}

// export is the story as tests should find it.
func (s *story) export() Article {
	a := Article{
		URL: s.desk.root + s.path, Title: s.title, Phrase: s.phrase, Publisher: s.writer, Section: s.section,
		Authors: slices.Clone(s.authors), Persons: slices.Clone(s.persons), Language: s.lang,
		PublishedAt: s.written, UpdatedAt: s.modified, Access: s.access, Wire: s.report, Corrects: s.hasCorrected,
	}
	if s.writer != s.desk.name {
		a.Via = s.desk.name
	}
	return a
}
