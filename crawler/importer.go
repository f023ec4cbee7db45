package crawler

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"broadsheet.example/crawler/extract"
	"broadsheet.example/crawler/language"
	"broadsheet.example/crawler/link"
	"broadsheet.example/crawler/source"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Limits of an imported article, in bytes and counts.
const (
	MaxImportLine   = 4 << 20
	maxImportText   = 2 << 20
	maxImportLists  = 100
	maxImportEntity = 1_000
)

// importLine is one line of an import: an article in the API's JSON form, more
// loosely typed.
type importLine struct {
	news.Article
	Source      json.RawMessage `json:"source"`
	Author      string          `json:"author"`
	PublishedAt string          `json:"publishedAt"`
	UpdatedAt   string          `json:"updatedAt"`
	FirstSeen   string          `json:"firstSeen"`
	WordCount   int             `json:"wordCount"`
}

// Import reads one line of NDJSON as an article. url, title, content and
// publishedAt suffice; what else is present is taken, and what is absent is
// derived: source, language, entities, word count. What an export wrote keeps its
// id, version, revision and partition where it is new. Its errors name the field.
func (g *Ingester) Import(text []byte) (*store.Draft, error) {
	line, err := decodeImport(text)
	if err != nil {
		return nil, err
	}
	a := line.Article
	address, err := link.Clean(a.URL)
	if err != nil {
		return nil, fmt.Errorf("url %q: %w", cut(a.URL, 200), err)
	}
	key, err := link.Key(address)
	if err != nil {
		return nil, fmt.Errorf("url %q: %w", cut(a.URL, 200), err)
	}
	a.URL = address
	if err := checkImport(&a); err != nil {
		return nil, err
	}
	if err := line.dates(&a, g); err != nil {
		return nil, err
	}
	a.Title, a.Content = oneLine(a.Title), paragraphs(a.Content)
	if a.Title == "" {
		return nil, errors.New("title: missing; url, title, content and publishedAt are needed")
	}
	g.importSource(&a, line.Source)
	if a.Authors == nil && line.Author != "" {
		a.Authors = []string{oneLine(line.Author)}
	}
	if a.WordCount = line.WordCount; a.WordCount <= 0 || a.WordCount > len(a.Content) {
		a.WordCount = words(a.Content)
	}
	if a.Language = language.Code(a.Language); a.Language == "" { // who imports knows better than a guess
		a.Language = language.Choose(a.Content)
	}
	if a.Completeness == "" {
		a.Completeness = news.Full
	}
	if a.Entities != nil {
		a.Entities = g.recognizer.Resolve(a.Entities)
	}
	g.finish(&a)
	keys := []string{key}
	if k, err := link.Key(a.CanonicalURL); err == nil && link.SameSite(a.CanonicalURL, address) && !link.IsHome(a.CanonicalURL) {
		keys = unique(append(keys, k))
	}
	d := &store.Draft{Article: a, Keys: keys, Blocks: strings.Split(a.Content, "\n\n"), Restore: true}
	d.Restore = d.Validate() == nil // what has no id, or not one of ours, gets a new one
	return d, nil
}

func decodeImport(text []byte) (*importLine, error) {
	if len(text) > MaxImportLine {
		return nil, fmt.Errorf("longer than %d bytes", MaxImportLine)
	}
	line := new(importLine)
	dec := json.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(line); err != nil {
		return nil, jsonProblem(err)
	}
	switch a := &line.Article; {
	case dec.More():
		return nil, errors.New("more than one JSON value on the line")
	case a.URL == "":
		return nil, errors.New("url: missing; url, title, content and publishedAt are needed")
	case len(a.Content) > maxImportText:
		return nil, fmt.Errorf("content: longer than %d bytes", maxImportText)
	case len(a.Authors) > maxImportLists || len(a.Tags) > maxImportLists:
		return nil, fmt.Errorf("authors, tags: more than %d", maxImportLists)
	case len(a.Entities) > maxImportEntity:
		return nil, fmt.Errorf("entities: more than %d", maxImportEntity)
	}
	return line, nil
}

// checkImport refuses values that no reader of the archive would understand.
func checkImport(a *news.Article) error {
	switch {
	case !slices.Contains([]news.Completeness{"", news.Full, news.Partial, news.FeedOnly}, a.Completeness):
		return fmt.Errorf("completeness %q: want full, partial or feedOnly", cut(string(a.Completeness), 60))
	case !slices.Contains([]news.DateSource{"", news.DateJSONLD, news.DateMeta, news.DateFeed, news.DateURL, news.DateImport, news.DateFirstSeen}, a.PublishedAtSource):
		return fmt.Errorf("publishedAtSource %q: want jsonld, meta, feed, url, import or firstSeen", cut(string(a.PublishedAtSource), 60))
	case !slices.Contains([]news.DatePrecision{"", news.PrecisionSecond, news.PrecisionMinute, news.PrecisionDay}, a.PublishedAtPrecision):
		return fmt.Errorf("publishedAtPrecision %q: want second, minute or day", cut(string(a.PublishedAtPrecision), 60))
	case a.Country != "" && !isTwoLetters(a.Country):
		return fmt.Errorf("country %q: want two small letters (ISO 3166-1), such as pt", cut(a.Country, 60))
	case a.Via != nil && !isSourceID(a.Via.ID):
		return fmt.Errorf("via.id %q: want a domain, or small letters, digits and hyphens", cut(a.Via.ID, 60))
	}
	for _, f := range []struct {
		name  string
		value *string
	}{{"canonicalUrl", &a.CanonicalURL}, {"urlToImage", &a.ImageURL}} {
		if *f.value == "" {
			continue
		}
		address, err := link.Clean(*f.value)
		if err != nil {
			return fmt.Errorf("%s %q: %w", f.name, cut(*f.value, 200), err)
		}
		*f.value = address
	}
	return nil
}

// isTwoLetters reports whether s has the form of a country's code.
func isTwoLetters(s string) bool {
	return len(s) == 2 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
}

// isSourceID reports whether s has the form of a source's id: a slug or a domain.
func isSourceID(s string) bool {
	return s != "" && len(s) <= 200 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-.:[]") == ""
}

func jsonProblem(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d: %w", syntax.Offset, syntax)
	case errors.As(err, &kind) && kind.Field == "":
		return fmt.Errorf("a JSON %s; each line must be an object", kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("%s: must not be a %s", strings.TrimPrefix(kind.Field, "Article."), kind.Value)
	default:
		return fmt.Errorf("not a JSON object: %w", err)
	}
}

// dates reads the line's dates into a. A date that cannot be read is an error;
// one that cannot be true is kept raw, as for a crawled page.
func (l *importLine) dates(a *news.Article, g *Ingester) error {
	published, precision, err := parseDate(l.PublishedAt)
	if err != nil {
		return fmt.Errorf("publishedAt: %w", err)
	}
	if a.UpdatedAt, _, err = parseDate(l.UpdatedAt); err != nil {
		return fmt.Errorf("updatedAt: %w", err)
	}
	if a.FirstSeen, _, err = parseDate(l.FirstSeen); err != nil {
		return fmt.Errorf("firstSeen: %w", err)
	}
	from, stated := a.PublishedAtSource, a.PublishedAtPrecision
	a.PublishedAt, a.PublishedAtSource, a.PublishedAtPrecision = time.Time{}, "", ""
	if from == "" {
		from = news.DateImport
	}
	if stated == "" {
		stated = precision
	}
	g.date(a, extract.Date{Time: published, Source: from, Precision: stated, Raw: l.PublishedAt}, store.Item{})
	return nil
}

func (g *Ingester) importSource(a *news.Article, raw json.RawMessage) {
	var ref news.Ref
	if json.Unmarshal(raw, &ref) != nil {
		_ = json.Unmarshal(raw, &ref.Name) // a bare string is the name; anything else says nothing
	}
	src, via, country := g.sources.Resolve(source.Claim{Publisher: ref.Name, CanonicalURL: a.CanonicalURL, PageURL: a.URL})
	if isSourceID(ref.ID) && ref.Name != "" {
		src = news.Ref{ID: cut(ref.ID, 200), Name: cut(oneLine(ref.Name), 200)}
	} else if via != nil && a.Via == nil && ref.Name != "" {
		a.Via = via
	}
	a.Source = src
	if a.Country == "" {
		a.Country = country
	}
}

// dateLayouts are the forms of date an import may use.
var dateLayouts = []struct {
	layout    string
	precision news.DatePrecision
}{
	{time.RFC3339Nano, news.PrecisionSecond},
	{"2006-01-02T15:04:05", news.PrecisionSecond},
	{"2006-01-02 15:04:05", news.PrecisionSecond},
	{"2006-01-02T15:04Z07:00", news.PrecisionMinute},
	{"2006-01-02 15:04", news.PrecisionMinute},
	{"2006-01-02", news.PrecisionDay},
	{time.RFC1123Z, news.PrecisionSecond},
	{time.RFC1123, news.PrecisionSecond},
}

func parseDate(s string) (time.Time, news.DatePrecision, error) {
	if s = strings.TrimSpace(s); s == "" {
		return time.Time{}, "", nil
	}
	for _, l := range dateLayouts {
		if t, err := time.Parse(l.layout, s); err == nil {
			return t, l.precision, nil
		}
	}
	return time.Time{}, "", fmt.Errorf("%q is no date; write 2024-04-18T19:04:00Z or 2024-04-18", cut(s, 60))
}

// paragraphs brings text to the form of news.Article.Content.
func paragraphs(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var out []string
	for part := range strings.SplitSeq(s, "\n\n") {
		if part = strings.TrimSpace(strings.Map(printable, part)); part != "" {
			out = append(out, part)
		}
	}
	return strings.Join(out, "\n\n")
}

func oneLine(s string) string {
	return cut(strings.Join(strings.Fields(strings.Map(printable, norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")))), " "), maxTitle)
}

func printable(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' {
		return -1
	}
	return r
}
