package extract

import (
	"strings"
	"unicode"
)

// titleSeparators stand between a title and the name of the site, most telling
// first.
var titleSeparators = []string{" | ", " :: ", " » ", " « ", " — ", " – ", " - ", " · ", " • ", " / ", ": "}

// pageTitle chooses the article's title and strips the site's name off it.
func (s *scan) pageTitle(site, host string) string {
	heading := ""
	if len(s.headings) == 1 {
		heading = s.headings[0]
	}
	for _, t := range []string{
		s.linked.text("headline"),
		plain(s.first("og:title")),
		plain(s.first("twitter:title")),
		heading,
		s.title,
	} {
		if t = stripSite(t, site, host); t != "" {
			return t
		}
	}
	return ""
}

// stripSite removes the site's name from either end of a title.
func stripSite(title, site, host string) string {
	for _, sep := range titleSeparators {
		if i := strings.LastIndex(title, sep); i > 0 && namesSite(title[i+len(sep):], site, host) {
			return strings.TrimSpace(title[:i])
		}
		if i := strings.Index(title, sep); i > 0 && namesSite(title[:i], site, host) {
			return strings.TrimSpace(title[i+len(sep):])
		}
	}
	return title
}

// namesSite reports whether a piece of a title is the name of the site: equal
// to its stated name, or spelled like its host.
func namesSite(piece, site, host string) bool {
	p := squeeze(piece)
	if p == "" {
		return false
	}
	if name := squeeze(site); name != "" && (p == name || len(p) > 3 && strings.Contains(name, p)) {
		return true
	}
	host = squeeze(strings.TrimPrefix(host, "www."))
	return len(p) > 3 && strings.HasPrefix(host, strings.TrimPrefix(p, "the"))
}

// squeeze keeps the letters and digits of a text, in lower case.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
