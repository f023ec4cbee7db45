package index

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	indexapi "github.com/blevesearch/bleve_index_api"

	"broadsheet.example/news"
)

// Limits of what is indexed of one article. What is longer is cut, never
// refused.
const (
	maxTitleBytes       = 4 << 10
	maxDescriptionBytes = 64 << 10
	maxContentBytes     = 2 << 20
	maxValueBytes       = 200 // of a keyword
	maxValues           = 500 // of one multi-valued keyword field
	maxIDBytes          = 128
)

// Names of the keyword fields that are not facets.
const (
	fieldSourceName = "source.name" // folded
	fieldViaName    = "via.name"    // folded
	fieldSite       = "site"        // the URL's host and every suffix of it
	fieldAuthorPart = "author.part" // folded words of the authors' names
	fieldTitleWord  = "title.word"  // words of the title in lower case, not stemmed
	fieldLabel      = "label"       // facet, value and name, see labelTerm
	fieldMeta       = "meta"        // stored only, see meta
	fieldGist       = "gist"        // stored only, see gist
)

// mappedFields returns every field that is indexed, and how.
func mappedFields() map[string]indexapi.FieldIndexingOptions {
	m := map[string]indexapi.FieldIndexingOptions{fieldMeta: indexapi.StoreField, fieldGist: indexapi.StoreField}
	for set := range numSets {
		m[textName(set)] = textOptions
	}
	for _, name := range []string{fieldSourceName, fieldViaName, fieldSite, fieldAuthorPart, fieldTitleWord, fieldLabel} {
		m[name] = keywordOptions
	}
	for _, name := range facetNames {
		m[name] = keywordOptions
	}
	for _, f := range entityFields {
		m[f.names] = keywordOptions
	}
	return m
}

// entityFields are the fields by type: ids (a facet), then folded names.
var entityFields = map[news.EntityType]struct{ ids, names string }{
	news.Person:       {news.FacetPerson, "person.name"},
	news.Place:        {news.FacetPlace, "place.name"},
	news.Organization: {news.FacetOrganization, "organization.name"},
}

// mapper turns articles into Bleve's documents. The mapping is all explicit:
// nothing is derived from the shape of an article, there is no catch-all field,
// and only the ID and meta are stored.
type mapper struct {
	analyzers [numSets]*analyzer
}

// document returns the article as a document, or what is wrong with it.
func (m *mapper) document(a *news.Article, version int64) (doc *document, err error) {
	defer func() {
		if p := recover(); p != nil {
			doc, err = nil, fmt.Errorf("analyse article: panic: %v", p)
		}
	}()
	if err := checkArticle(a); err != nil {
		return nil, err
	}
	doc = newDocument(a.ID)
	set := setOf(a.Language)
	mt := meta{version: version, set: set, published: published(a).UnixMilli(), seen: millis(a.FirstSeen)}
	mt.updated = mt.published
	if !a.UpdatedAt.IsZero() {
		mt.updated = a.UpdatedAt.UnixMilli()
	}
	if a.DuplicateOf != "" {
		mt.original = groupOf([]byte(a.DuplicateOf))
	}
	doc.addText(textName(set), m.tokens(a, set, &mt))
	addKeywords(doc, a)
	doc.Store(fieldMeta, mt.encode())
	return doc, nil
}

// tokens returns the tokens of all text fields, in their ranges of positions,
// and notes the fields' lengths.
func (m *mapper) tokens(a *news.Article, set fieldSet, mt *meta) []token {
	all := make([]token, 0, (len(a.Title)+len(a.Description)+len(a.Content))/6+8)
	for f, text := range [numTextFields]string{cut(a.Title, maxTitleBytes), cut(a.Description, maxDescriptionBytes), cut(a.Content, maxContentBytes)} {
		start, reach := textField(f).positions()
		before := len(all)
		all = m.analyzers[set].append(all, text)
		for i := before; i < len(all); i++ {
			if all[i].pos > reach {
				all = all[:i]
				break
			}
			all[i].pos += start
		}
		mt.lengths[f] = uint32(len(all) - before)
	}
	return all
}

func checkArticle(a *news.Article) error {
	switch {
	case a == nil:
		return errors.New("no article was loaded for the change")
	case a.ID == "" || len(a.ID) > maxIDBytes || !utf8.ValidString(a.ID):
		return fmt.Errorf("article id %q: must be valid UTF-8 of 1 to %d bytes", cut(a.ID, maxIDBytes), maxIDBytes)
	default:
		return nil
	}
}

// published is the date an article sorts by.
func published(a *news.Article) time.Time {
	if a.PublishedAt.IsZero() {
		return a.FirstSeen
	}
	return a.PublishedAt
}

// millis is t in milliseconds since 1970, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func addKeywords(doc *document, a *news.Article) {
	labels := &labelSet{doc: doc}
	addSource(labels, news.FacetSource, fieldSourceName, &a.Source)
	addSource(labels, news.FacetVia, fieldViaName, a.Via)
	doc.addKeywords(fieldSite, hostSuffixes(a.URL)...)
	doc.addKeywords(fieldTitleWord, titleWords(cut(a.Title, maxTitleBytes))...)
	addAuthors(labels, a.Authors)
	addEntities(labels, a.Entities)
	section := cleanValue(a.Section)
	labels.add(news.FacetSection, foldName(section), section)
	doc.addKeywords(news.FacetLanguage, strings.ToLower(cleanValue(a.Language)))
	doc.addKeywords(news.FacetCountry, strings.ToLower(cleanValue(a.Country)))
	doc.addKeywords(news.FacetCompleteness, cleanValue(string(a.Completeness)))
	labels.flush()
}

func addSource(labels *labelSet, facet, names string, ref *news.Ref) {
	if ref == nil || ref.ID == "" {
		return
	}
	name := cleanValue(ref.Name)
	labels.add(facet, cleanValue(ref.ID), name)
	labels.doc.addKeywords(names, foldName(name))
}

func addAuthors(labels *labelSet, authors []string) {
	var parts []string
	for _, author := range authors[:min(len(authors), maxValues)] {
		name := cleanValue(author)
		folded := foldName(name)
		labels.add(news.FacetAuthor, folded, name)
		parts = append(parts, strings.FieldsFunc(folded, func(r rune) bool { return !isWordRune(r) })...)
	}
	labels.doc.addKeywords(fieldAuthorPart, parts...)
}

func addEntities(labels *labelSet, entities []news.Entity) {
	names := make(map[string][]string)
	for _, e := range entities[:min(len(entities), maxValues)] {
		field, known := entityFields[e.Type]
		if !known || e.ID == "" {
			continue
		}
		name := cleanValue(e.Name)
		labels.add(field.ids, cleanValue(e.ID), name)
		names[field.names] = append(names[field.names], foldName(name))
		for _, f := range e.Found { // who was merged is still found by name
			names[field.names] = append(names[field.names], foldName(cleanValue(f.Name)))
		}
	}
	for field, list := range names {
		labels.doc.addKeywords(field, list...)
	}
}

// labelSet collects the values of facets with the names to show for them.
type labelSet struct {
	doc    *document
	values map[string][]string // by facet
	terms  []string
}

// add notes that the article carries value in the facet, shown as name.
func (l *labelSet) add(facet, value, name string) {
	if value == "" {
		return
	}
	if l.values == nil {
		l.values = make(map[string][]string)
	}
	l.values[facet] = append(l.values[facet], value)
	if name != "" && name != value {
		l.terms = append(l.terms, labelTerm(facet, value, name))
	}
}

func (l *labelSet) flush() {
	for facet, values := range l.values {
		l.doc.addKeywords(facet, values...)
	}
	l.doc.addKeywords(fieldLabel, l.terms...)
}

// labelTerm is the keyword by which the name of a facet's value is kept.
func labelTerm(facet, value, name string) string { return facet + "\x00" + value + "\x00" + name }

func splitLabelTerm(term string) (facet, value, name string, ok bool) {
	facet, rest, ok := strings.Cut(term, "\x00")
	if !ok {
		return "", "", "", false
	}
	value, name, ok = strings.Cut(rest, "\x00")
	return facet, value, name, ok
}

// cleanValue makes a keyword of what came from outside: valid UTF-8 without
// control characters, trimmed and bounded.
func cleanValue(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, cut(s, 4*maxValueBytes))
	return strings.TrimSpace(cut(strings.Join(strings.Fields(s), " "), maxValueBytes))
}

// hostSuffixes returns the host of a URL and what remains of it label by label
// (news.bbc.co.uk, bbc.co.uk, co.uk, uk), so that a site is found by any of
// them. The host itself alone when it is an IP literal.
func hostSuffixes(rawURL string) []string {
	u, err := url.Parse(rawURL)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	host := strings.ToLower(cut(u.Hostname(), maxValueBytes))
	if strings.Trim(host, "0123456789.") == "" || strings.Contains(host, ":") {
		return []string{host}
	}
	var list []string
	for {
		list = append(list, host)
		_, rest, ok := strings.Cut(host, ".")
		if !ok || rest == "" {
			return list
		}
		host = rest
	}
}

// titleWords returns the words of a title that may be offered as completions.
func titleWords(title string) []string {
	var list []string
	for _, w := range splitWords(title, nil) {
		s := strings.ToLower(foldApostrophes(cut(title[w.start:w.end], maxTermBytes)))
		s = strings.TrimSuffix(s, "'s")
		if utf8.RuneCountInString(s) >= minCompletion && strings.ContainsFunc(s, unicode.IsLetter) {
			list = append(list, s)
		}
	}
	return list
}

// tombstone is the document that remembers a deleted article's version.
func tombstone(id string, version int64) *document {
	doc := newDocument(id)
	doc.Store(fieldMeta, meta{version: version, deleted: true}.encode())
	return doc
}
