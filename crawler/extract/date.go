package extract

import (
	"strings"
	"time"

	htmldate "github.com/markusmobius/go-htmldate"
	"golang.org/x/net/html"

	"broadsheet.example/news"
)

// Limits of a publication date.
const (
	// clockSlack is how far ahead of ours a publisher's clock may run.
	clockSlack = 10 * time.Minute
	// earliestYear is when the web began; earlier dates are defaults and errors.
	earliestYear = 1990
	// maxRawDate is how much of a date as written is kept.
	maxRawDate = 100
	// sameDay is how far apart two statements of one day may lie, given zones.
	sameDay = 24 * time.Hour
)

// stated is a date that the markup states, as written and parsed.
type stated struct {
	raw       string
	time      time.Time
	precision news.DatePrecision
	source    news.DateSource
}

// published finds the publication date. The day is the one that go-htmldate
// finds in markup and date lines; the clock and zone are those of JSON-LD or
// meta elements when they state the same day.
func (s *scan) published(doc *html.Node, pageURL string, now time.Time) Date {
	best := s.statedDate(publishedKeys, "datePublished")
	day, raw := s.searchDay(doc, pageURL, now)
	switch {
	case best.time.IsZero() && day.IsZero():
		return Date{Raw: clip(or(best.raw, raw), maxRawDate)}
	case best.time.IsZero(), !near(best.time, day) && !day.IsZero() && plausible(day, now):
		best = stated{raw: raw, time: day, precision: news.PrecisionDay, source: s.daySource(day, pageURL)}
	}
	d := Date{Raw: clip(best.raw, maxRawDate)}
	if plausible(best.time, now) {
		d.Time, d.Source, d.Precision = best.time, best.source, best.precision
	}
	return d
}

// publishedKeys and modifiedKeys are the meta elements that state a time.
var (
	publishedKeys = []string{
		"article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
		"sailthru.date", "pubdate", "publishdate", "publish-date", "publication_date", "dc.date.issued", "dcterms.created",
		"dc.date", "dcterms.date", "date", "article.published", "cxenseparse:recs:publishtime",
	}
	modifiedKeys = []string{
		"article:modified_time", "og:article:modified_time", "og:updated_time", "og:modified_time", "datemodified",
		"dcterms.modified", "dc.date.modified", "lastmod", "last-modified", "article.updated",
	}
)

// statedDate is the date that JSON-LD, else a meta element states.
func (s *scan) statedDate(keys []string, property string) stated {
	found := stated{raw: firstText(s.linked.article[property]), source: news.DateJSONLD}
	if t, p, ok := parseDate(found.raw); ok {
		found.time, found.precision = t, p
		return found
	}
	for _, key := range keys {
		raw := s.first(key)
		if t, p, ok := parseDate(raw); ok {
			return stated{raw, t, p, news.DateMeta}
		}
		found.raw = or(found.raw, raw)
	}
	return found
}

// updated is the stated time of the last change.
func (s *scan) updated(published, now time.Time) time.Time {
	t := s.statedDate(modifiedKeys, "dateModified").time
	if t.IsZero() || !plausible(t, now) || t.Before(published) || t.Equal(published) {
		return time.Time{}
	}
	return t
}

// searchDay asks go-htmldate for the original date.
func (s *scan) searchDay(doc *html.Node, pageURL string, now time.Time) (day time.Time, raw string) {
	found, err := htmldate.FromDocument(doc, htmldate.Options{
		URL:             pageURL,
		UseOriginalDate: true,
		MinDate:         time.Date(earliestYear, 1, 1, 0, 0, 0, 0, time.UTC),
		MaxDate:         now.Add(sameDay),
	})
	if err != nil || found.DateTime.IsZero() {
		return time.Time{}, ""
	}
	y, m, d := found.DateTime.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC), found.SrcString
}

// daySource tells whether a day is the one in the page's address.
func (s *scan) daySource(day time.Time, pageURL string) news.DateSource {
	for _, layout := range []string{"2006/01/02", "2006-01-02", "20060102", "2006/1/2", "2006/Jan/02"} {
		if strings.Contains(strings.ToLower(pageURL), strings.ToLower(day.Format(layout))) {
			return news.DateURL
		}
	}
	return news.DateMeta
}

// near reports whether a moment lies on a day in some time zone.
func near(t, day time.Time) bool {
	y, m, d := t.Date()
	local := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return local.Equal(day) || t.Sub(day).Abs() <= sameDay
}

func plausible(t, now time.Time) bool {
	return t.Year() >= earliestYear && !t.After(now.Add(clockSlack))
}

// dateLayouts are the ways in which markup writes dates, with their precision.
var dateLayouts = []struct {
	layout    string
	precision news.DatePrecision
}{
	{time.RFC3339, news.PrecisionSecond},
	{"2006-01-02T15:04:05Z0700", news.PrecisionSecond},
	{"2006-01-02T15:04:05", news.PrecisionSecond},
	{"2006-01-02 15:04:05 -0700", news.PrecisionSecond},
	{"2006-01-02 15:04:05Z07:00", news.PrecisionSecond},
	{"2006-01-02 15:04:05 MST", news.PrecisionSecond},
	{"2006-01-02 15:04:05", news.PrecisionSecond},
	{"2006-01-02T15:04Z07:00", news.PrecisionMinute},
	{"2006-01-02T15:04Z0700", news.PrecisionMinute},
	{"2006-01-02T15:04", news.PrecisionMinute},
	{"2006-01-02 15:04", news.PrecisionMinute},
	{time.RFC1123, news.PrecisionSecond},
	{time.RFC1123Z, news.PrecisionSecond},
	{time.ANSIC, news.PrecisionSecond},
	{"Mon Jan 2 15:04:05 MST 2006", news.PrecisionSecond},
	{"Mon Jan 02 2006 15:04:05 GMT-0700", news.PrecisionSecond},
	{"2006-01-02", news.PrecisionDay},
	{"2006/01/02", news.PrecisionDay},
	{"20060102", news.PrecisionDay},
	{"January 2, 2006", news.PrecisionDay},
	{"Jan 2, 2006", news.PrecisionDay},
	{"2 January 2006", news.PrecisionDay},
	{"2 Jan 2006", news.PrecisionDay},
}

// parseDate reads a date in one of the unambiguous notations of markup.
func parseDate(raw string) (time.Time, news.DatePrecision, bool) {
	raw = strings.TrimSpace(raw)
	if len(raw) < len("20060102") || len(raw) > maxRawDate {
		return time.Time{}, "", false
	}
	if i := strings.Index(raw, " ("); i > 0 { // a zone's name after its offset
		raw = raw[:i]
	}
	for _, l := range dateLayouts {
		if t, err := time.Parse(l.layout, raw); err == nil {
			return t, l.precision, true
		}
	}
	return time.Time{}, "", false
}

// clip cuts a text to at most n bytes at a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
