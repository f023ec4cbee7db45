package extract

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	htmldate "github.com/markusmobius/go-htmldate"

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
)

// stated is a date that the markup states, as written and parsed.
type stated struct {
	raw       string
	time      time.Time
	precision news.DatePrecision
	source    news.DateSource
}

// published finds the publication date. What JSON-LD, meta elements and marked
// elements state goes first, with clock and zone; then the day in the address,
// the date line near the title, what a catalogue's meta elements say, and what
// go-htmldate finds.
func (p *page) published() Date {
	best := p.scan.statedDate(publishedKeys, "datePublished")
	inURL := urlDay(p.url)
	if !plausible(inURL, p.now) {
		inURL = time.Time{}
	}
	switch {
	case !best.time.IsZero():
		best.time = onDay(best.time, best.precision, cmp.Or(inURL, p.titleDate().time))
	case !inURL.IsZero():
		best = stated{p.url, inURL, news.PrecisionDay, news.DateURL}
	default:
		found := p.searchDay()
		found.raw = or(found.raw, best.raw)
		best = found
	}
	d := Date{Raw: clip(best.raw, maxRawDate)}
	if plausible(best.time, p.now) {
		d.Time, d.Source, d.Precision = best.time, best.source, best.precision
	}
	return d
}

// dayInURL is a whole date in an address, which is more than a year, a month
// and a title that begins with a number.
var dayInURL = regexp.MustCompile(`[/_-](199\d|20\d\d)([/_-])(\d{1,2})([/_-])(\d{1,2})(?:[/_.?-]|$)`)

// compactDay is a whole date in an address without separators.
var compactDay = regexp.MustCompile(`[/_-](199\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[/_.?-]|$)`)

// urlDay is the date in an address, zero without one.
func urlDay(address string) time.Time {
	if m := compactDay.FindStringSubmatch(address); m != nil {
		return makeDay(m[1], number(m[2]), m[3])
	}
	m := dayInURL.FindStringSubmatch(address)
	if m == nil || m[2] != m[4] {
		return time.Time{}
	}
	end := strings.Index(address, m[0]) + len(m[0]) - 1
	if m[2] == "/" && end < len(address) && address[end] == '-' {
		return time.Time{}
	}
	return makeDay(m[1], number(m[3]), m[5])
}

// maxZone is the largest offset from UTC that is in use.
const maxZone = 14 * time.Hour

// onDay moves a time in UTC into a zone in which it falls on the day that the
// page's address names, if there is such a zone. The moment stays the same.
func onDay(t time.Time, precision news.DatePrecision, day time.Time) time.Time {
	_, offset := t.Zone()
	if day.IsZero() || precision == news.PrecisionDay || offset != 0 {
		return t
	}
	shift := time.Duration(0)
	if early := day.Sub(t); early > 0 {
		shift = (early + time.Hour - 1).Truncate(time.Hour)
	} else if late := t.Sub(day.AddDate(0, 0, 1)); late >= 0 {
		shift = -(late + time.Hour).Truncate(time.Hour)
	}
	if shift == 0 || shift.Abs() > maxZone {
		return t
	}
	return t.In(time.FixedZone("", int(shift/time.Second)))
}

// publishedKeys and modifiedKeys are the meta elements that state a time.
var (
	publishedKeys = []string{
		"article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
		"sailthru.date", "pubdate", "publishdate", "publish-date", "publication_date", "dc.date.issued", "dcterms.created",
		"article.published", "cxenseparse:recs:publishtime",
	}
	// catalogueKeys are those that often hold the time of another thing: of the
	// record, of the first draft or of the page's making.
	catalogueKeys = []string{"dc.date", "dcterms.date", "date"}
	modifiedKeys  = []string{
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
	if m := s.metaDate(keys); !m.time.IsZero() {
		return m
	}
	found.raw = or(found.raw, s.first(keys...))
	if raw := s.marked[strings.ToLower(property)]; raw != "" {
		if t, p, ok := parseDate(raw); ok {
			return stated{raw, t, p, news.DateMeta}
		}
		found.raw = or(found.raw, raw)
	}
	return found
}

// metaDate is the first date that one of the meta elements states.
func (s *scan) metaDate(keys []string) stated {
	for _, key := range keys {
		raw := s.first(key)
		if t, p, ok := parseDate(raw); ok {
			return stated{raw, t, p, news.DateMeta}
		}
	}
	return stated{}
}

// updated is the stated time of the last change.
func (s *scan) updated(published, now time.Time) time.Time {
	t := s.statedDate(modifiedKeys, "dateModified").time
	if t.IsZero() || !plausible(t, now) || t.Before(published) || t.Equal(published) {
		return time.Time{}
	}
	return t
}

// searchDay looks for the day in a date line, a catalogue's meta elements, and
// with go-htmldate.
func (p *page) searchDay() stated {
	for _, find := range []func() stated{p.dateline, p.catalogueDate, p.markupDate} {
		if s := find(); !s.time.IsZero() {
			return s
		}
	}
	return stated{}
}

func (p *page) catalogueDate() stated { return p.scan.metaDate(catalogueKeys) }

// markupDate is what go-htmldate finds in markup. It leaves the words of the
// body alone, and large pages out.
func (p *page) markupDate() stated {
	if p.large {
		return stated{}
	}
	found, err := htmldate.FromDocument(p.doc, htmldate.Options{
		URL:             "about:blank", // the address has been read already
		UseOriginalDate: true,
		// The extensive search guesses from anything that looks like a date, and is
		// wrong more often than right.
		SkipExtensiveSearch: true,
		MinDate:             time.Date(earliestYear, 1, 1, 0, 0, 0, 0, time.UTC),
		MaxDate:             p.now.Add(clockSlack),
	})
	if err != nil || found.DateTime.IsZero() {
		return stated{}
	}
	y, m, d := found.DateTime.Date()
	return stated{found.SrcString, time.Date(y, m, d, 0, 0, 0, 0, time.UTC), news.PrecisionDay, news.DateMeta}
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
	{"02.01.2006", news.PrecisionDay},
	{"2.1.2006", news.PrecisionDay},
	{"January 2, 2006", news.PrecisionDay},
	{"Jan 2, 2006", news.PrecisionDay},
	{"2 January 2006", news.PrecisionDay},
	{"2 Jan 2006", news.PrecisionDay},
}

// parseDate reads a date in one of the unambiguous notations of markup.
func parseDate(raw string) (time.Time, news.DatePrecision, bool) {
	raw = strings.TrimSpace(raw)
	if len(raw) < len("2.1.2006") || len(raw) > maxRawDate {
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
