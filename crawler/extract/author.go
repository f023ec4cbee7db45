package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of authors.
const (
	maxAuthors    = 20
	maxAuthorLen  = 60  // characters of one name
	maxBylineLen  = 300 // characters of a line that names authors
	maxNameWords  = 6
	minBylineText = 2
)

// bylineTrust says how surely an element names the author: 0 not at all.
func bylineTrust(n *html.Node) int {
	if n.DataAtom == atom.A && strings.Contains(attr(n, "rel"), "author") {
		return 3
	}
	if attr(n, "itemprop") == "author" {
		return 4
	}
	for _, a := range n.Attr {
		if a.Key != "class" && a.Key != "id" && a.Key != "data-testid" {
			continue
		}
		v := strings.ToLower(a.Val)
		if len(v) > 200 || !strings.Contains(v, "author") && !strings.Contains(v, "byline") && !strings.Contains(v, "autor") {
			continue
		}
		switch {
		case bylineNot.MatchString(v):
		case bylineStrong.MatchString(v):
			return 2
		default:
			return 1
		}
	}
	return 0
}

var (
	bylineStrong = regexp.MustCompile(`(?:^|[\s_-])(?:by-?line|(?:article|post|entry|story|meta)[_-]+(?:author|byline|autor)|author[_-]*(?:name|link|s)?)(?:[\s_-]|$)`)
	bylineNot    = regexp.MustCompile(`comment|author-?(?:box|bio|info|desc|about|image|avatar|photo|thumb|card|list|social)|about-?author|related|teaser|sidebar|recent`)
	bylineStart  = regexp.MustCompile(`(?i)^(?:by|von|par|por|di|de|av|af|door|written by|posted by|published by|words by|story by|reported by|text by|texto|texte|автор|autor|autora|author|redacción|oleh|yazan|autore)\b\s*[:：]?\s*`)
	// roleEnd is what follows a name in a byline: a role, an agency, a date.
	roleEnd  = regexp.MustCompile(`(?i)\s*(?:[|•·/–—]|\s-\s|\(|\bfor\b|\bist\b|\bis an?\b|\b(?:on|am|le|el)\s+\d|\bpublished\b|\bupdated\b|\bposted\b|\d{1,2}[:.]\d{2}|\b\d{4}\b).*$`)
	nameJoin = regexp.MustCompile(`(?i)\s*(?:[,;|&\n•·]|\s(?:and|und|et|y|e|og|och|en|with|mit)\s|\s/\s)\s*`)
	address  = regexp.MustCompile(`(?i)\S+@\S+|https?://\S*|www\.\S+|(?:^|\s)@\w+`)
	roleWord = regexp.MustCompile(`(?i)\b(?:reporters?|editors?|correspondents?|staff|writers?|columnists?|contributors?|journalists?|redaktion|redakteur(?:in)?|redactie|redacción|rédaction|redazione|bureau|desk|team|newsroom|agency|agence|agencia|agentur|press|administrator|admin|webmaster|producer|photographer|analyst|author|guest)\b`)
	agency   = regexp.MustCompile(`(?i)^(?:ap|afp|dpa|reuters|efe|ansa|apa|sda|pti|ians|ani|xinhua|tass|upi|bloomberg|associated press|the associated press|agence france[- ]presse|press association|pa media|kyodo|yonhap)$`)
)

// authors names who wrote the article, from the most trusted place that names
// anybody.
func (s *scan) authors(site string) []string {
	for _, found := range [][]string{
		s.linked.names(s.linked.article["author"]),
		s.metaAuthors(),
		s.bylineAuthors(),
		s.linked.names(s.linked.article["creator"]),
	} {
		if names := cleanAuthors(found, site); len(names) > 0 {
			return names
		}
	}
	return nil
}

func (s *scan) metaAuthors() []string {
	return s.all("author", "article:author", "og:author", "byl", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "citation_author", "twitter:data1.author")
}

// bylineAuthors reads the most trusted byline.
func (s *scan) bylineAuthors() []string {
	best, trust := "", 0
	for _, b := range s.bylines {
		if b.trust <= trust {
			continue
		}
		if t := textOf(b.node); utf8.RuneCountInString(t) > minBylineText && len(t) <= maxBylineLen {
			best, trust = t, b.trust
		}
	}
	if best == "" {
		return nil
	}
	return []string{best}
}

// cleanAuthors splits and cleans names and drops what names nobody.
func cleanAuthors(found []string, site string) []string {
	var out []string
	seen := map[string]bool{}
	for _, line := range found {
		for _, name := range splitNames(line) {
			key := strings.ToLower(name)
			if !isName(name, site) || seen[key] || len(out) >= maxAuthors {
				continue
			}
			seen[key] = true
			out = append(out, name)
		}
	}
	return out
}

// splitNames takes a byline apart.
func splitNames(line string) []string {
	line = fold(address.ReplaceAllString(line, " "))
	line = bylineStart.ReplaceAllString(line, "")
	var out []string
	for _, part := range nameJoin.Split(line, maxAuthors+1) {
		part = bylineStart.ReplaceAllString(strings.TrimSpace(part), "")
		part = roleEnd.ReplaceAllString(part, "")
		part = strings.Trim(part, " ,;:|-–—.*'\"")
		if part != "" {
			out = append(out, casedName(part))
		}
	}
	return out
}

// casedName gives a name written in capitals its usual form.
func casedName(s string) string {
	if !strings.Contains(s, " ") || strings.ToUpper(s) != s || strings.ToLower(s) == s {
		return s
	}
	words := strings.Fields(s)
	for i, w := range words {
		r, n := utf8.DecodeRuneInString(w)
		words[i] = string(r) + strings.ToLower(w[n:])
	}
	return strings.Join(words, " ")
}

// isName reports whether a text can be the name of an author.
func isName(s, site string) bool {
	if utf8.RuneCountInString(s) < 2 || utf8.RuneCountInString(s) > maxAuthorLen || len(strings.Fields(s)) > maxNameWords {
		return false
	}
	if agency.MatchString(s) || roleWord.MatchString(s) || strings.EqualFold(s, site) {
		return false
	}
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
		if unicode.IsDigit(r) || strings.ContainsRune("<>{}[]=/\\_#", r) {
			return false
		}
	}
	return letters >= 2
}
