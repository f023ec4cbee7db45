package extract

import (
	"strings"
	"unicode"
)

// titleSeparators stand between a title and the name of the site, most telling
// first.
var titleSeparators = []string{" | ", " :: ", " » ", " « ", " — ", " – ", " - ", " · ", " • ", " / ", ": "}

// pageTitle chooses the article's title and strips the site's name off it. The
// headline that readers see goes first, if the page's other titles share its
// words; those are often written for search engines and social networks.
func (s *scan) pageTitle(site, host string) string {
	stated := []string{s.linked.text("headline"), plain(s.first("og:title")), plain(s.first("twitter:title"))}
	if h := s.headline(append(stated, s.title), site, host); h != "" {
		return withoutKicker(h, stated, site, host)
	}
	if len(s.headings) == 1 {
		stated = append(stated, s.headings[0])
	}
	for _, t := range append(stated, s.title) {
		if t = stripSite(t, site, host); t != "" && !namesSite(t, site, host) {
			return t
		}
	}
	return s.title
}

// Measures of a headline.
const (
	minShared     = 0.5 // share of words that it has in common with a title
	maxTitle      = 300 // its length in bytes
	minTitleWords = 3   // of a title that may replace a longer headline
)

// headline is the first-level heading that the titles confirm best.
func (s *scan) headline(titles []string, site, host string) string {
	best, share := "", 0.0
	for _, h := range s.headings {
		if len(h) > maxTitle || namesSite(h, site, host) {
			continue
		}
		for _, t := range titles {
			if x := shared(h, stripSite(t, site, host)); x >= minShared && x > share {
				best, share = h, x
			}
		}
	}
	return stripSite(best, site, host)
}

// withoutKicker returns the stated title that a headline only adds a kicker or
// a second line to, else the headline.
func withoutKicker(headline string, stated []string, site, host string) string {
	for _, t := range stated {
		t = stripSite(t, site, host)
		if len(tokens(t)) >= minTitleWords && len(t) < len(headline) && (strings.HasSuffix(headline, t) || strings.HasPrefix(headline, t)) {
			return t
		}
	}
	return headline
}

// shared is the share of the shorter text's words that the other has too.
func shared(a, b string) float64 {
	x, y := tokens(a), tokens(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		return 0
	}
	have := map[string]bool{}
	for _, w := range y {
		have[w] = true
	}
	hit := 0
	for _, w := range x {
		if have[w] {
			hit++
		}
	}
	return float64(hit) / float64(len(x))
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
