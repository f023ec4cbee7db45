package web

import (
	"strconv"
	"strings"

	"broadsheet.example/news"
)

// fact is one line of metadata, and where it comes from.
type fact struct{ Name, Value, From string }

// facts is the metadata, with where each comes from.
func facts(a *news.Article) []fact {
	const exact = "2 January 2006, 15:04:05 MST"
	day := exact
	if a.PublishedAtPrecision == news.PrecisionDay {
		day = "2 January 2006"
	}
	list := []fact{
		{"Published", a.PublishedAt.UTC().Format(day), dateSourceWords(a.PublishedAtSource)},
		{"Date as stated", a.PublishedAtRaw, "refused: it lies in the future, before 1990, or cannot be read"},
		{"Changed", a.UpdatedAt.UTC().Format(exact), "by the publisher's word, or when the change was seen"},
		{"First seen", a.FirstSeen.UTC().Format(exact), "when it was stored here"},
		{"Section", a.Section, ""},
		{"Tags", strings.Join(a.Tags, ", "), ""},
		{"Language", languageName(a.Language), ""},
		{"Country", countryName(a.Country), "of the publisher"},
		{"Length", count(a.WordCount, "word"), lengthWords(a.Completeness)},
		{"Address", a.URL, ""},
		{"Canonical address", a.CanonicalURL, "as the page states it"},
		{"Revision", strconv.Itoa(a.Revision), ""},
		{"Identifier", a.ID, ""},
	}
	known := list[:0]
	for _, f := range list {
		switch {
		case f.Value == "", f.Name == "Changed" && a.UpdatedAt.IsZero(), f.Name == "First seen" && a.FirstSeen.IsZero(),
			f.Name == "Length" && a.WordCount == 0, f.Name == "Canonical address" && a.CanonicalURL == a.URL:
			continue
		}
		known = append(known, f)
	}
	return known
}

func dateSourceWords(s news.DateSource) string {
	switch s {
	case news.DateJSONLD:
		return "from the page's structured data"
	case news.DateMeta:
		return "from the page's metadata"
	case news.DateFeed:
		return "from the feed"
	case news.DateURL:
		return "from the address"
	case news.DateImport:
		return "as imported"
	case news.DateFirstSeen:
		return "not stated: when it was first seen here"
	default:
		return ""
	}
}

func lengthWords(c news.Completeness) string {
	switch c {
	case news.Partial:
		return "of the opening; the rest is behind a wall or was cut"
	case news.FeedOnly:
		return "of the feed's summary; the page could not be had"
	default:
		return "held in full"
	}
}

// entityLists are the entities by kind, most salient first.
func entityLists(entities []news.Entity) []list {
	var out []list
	for _, t := range []news.EntityType{news.Person, news.Place, news.Organization} {
		l := list{Title: facetTitle(string(t))}
		for _, e := range entities {
			if e.Type == t {
				l.Items = append(l.Items, listItem{firstOf(e.Name, e.ID), mentions(e.Count), pagePath(string(t), e.ID)})
			}
		}
		if len(l.Items) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// mentions counts them where they are more than one.
func mentions(n int) string {
	if n < 2 {
		return ""
	}
	return group(n) + "×"
}
