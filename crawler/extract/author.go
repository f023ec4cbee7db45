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
	maxAuthors   = 20
	maxAuthorLen = 60  // characters of one name
	maxBylineLen = 300 // bytes of a line that names authors
	// maxBylineNodes is how large an element may be to be a byline.
	maxBylineNodes = 500
	maxNameWords   = 6
)

// Byline trust, from least to most.
const (
	trustPath  = 1 + iota // a link to the page of an author
	trustWeak             // an element with "author" somewhere in its names
	trustNamed            // an element called byline, post-author and the like
	trustLink             // a link rel=author
	trustProp             // itemprop=author
)

// bylineTrust says how surely an element names the author: 0 not at all.
func bylineTrust(n *html.Node) int {
	trust := 0
	for _, a := range n.Attr {
		switch a.Key {
		case "rel":
			if n.DataAtom == atom.A && strings.Contains(a.Val, "author") {
				trust = max(trust, trustLink)
			}
		case "href":
			if n.DataAtom == atom.A && authorPath.MatchString(a.Val) {
				trust = max(trust, trustPath)
			}
		case "itemprop":
			if a.Val == "author" {
				trust = trustProp
			}
		case "class", "id", "data-testid":
			trust = max(trust, trustOfName(a.Val))
		}
	}
	return trust
}

func trustOfName(name string) int {
	name = strings.ToLower(name[:min(len(name), 200)])
	switch {
	case authorWord.find(name) == 0, bylineNot.MatchString(name):
		return 0
	case bylineStrong.MatchString(name):
		return trustNamed
	}
	return trustWeak
}

var (
	authorWord   = newMatcher([][]string{{"author", "byline", "autor", "auteur", "username", "submitted"}})
	authorPath   = regexp.MustCompile(`/(?:authors?|autor(?:en|es)?|auteurs?|staff|journalists?|contributors?|columnists?|by|redakteure?|mitarbeiter)/[\w.%-]+/?$`)
	bylineStrong = regexp.MustCompile(`(?:^|[\s_-])(?:by-?line|(?:article|post|entry|story|meta)[_-]+(?:author|byline|autor)|author[_-]*(?:name|link|s)?|vcard)(?:[\s_-]|$)`)
	bylineNot    = regexp.MustCompile(`comment|author-?(?:box|bio|info|desc|about|image|avatar|photo|thumb|card|list|social)|about-?author|related|teaser|sidebar|recent`)

	// bylineStart is what stands before the names in a byline.
	bylineStart = regexp.MustCompile(`(?i)^(?:(?:view all posts|more articles|mehr|alle beiträge|weitere artikel|text|texte|texto|fotos?|photos?|words|story|article|artikel|beitrag|written|posted|published|reported|created|eingestellt|gespeichert|veröffentlicht|verfasst|geschrieben|erstellt|publié|écrit|escrito|publicado|scritto|pubblicato)\s*[:|]?\s*)*(?:(?:by|von|par|por|di|av|af|door|od|autor(?:in|en|es|a|e)?|authors?|auteurs?|автор|redacción|oleh|yazan|文)\b\s*[:：|]?\s*)+`)
	bylineLabel = regexp.MustCompile(`(?i)^(?:text|texte|texto|fotos?|photos?|words|story|datum|date|published|veröffentlicht|redaktion|redakteur(?:in)?|reporter|journalist)\s*:\s*`)
	// bylineEnd is what follows a name: a role, an agency, a date.
	bylineEnd  = regexp.MustCompile(`(?i)\s*(?:[|•·/–—]|\b(?:illustrations?|fotos?|photos?|bilder)\b|\s-\s|\(|\bfor\b|\bist\b|\bis an?\b|\b(?:on|am|le|el)\s+(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|die|mit|don|fre|sam|son|tue|wed|thu|fri|sat|sun)|\bpublished\b|\bupdated\b|\bposted\b|\b\d{1,2}[:.]\s?\d{1,2}|\b\d{1,2}\.? \p{L}+ \d{4}|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december) \d).*$`)
	nameJoin   = regexp.MustCompile(`(?i)\s*(?:[,;|&\n•·]|\s(?:and|und|et|y|e|og|och|en|with|mit)\s|\s/\s)\s*`)
	leadingAnd = regexp.MustCompile(`(?i)^(?:and|und|et|y|e|og|och|en)\s+`)
	address    = regexp.MustCompile(`(?i)\S+@\S+|https?://\S*|www\.\S+|(?:^|\s)@\w+`)
	roleOnly   = regexp.MustCompile(`(?i)^(?:[\p{L}-]+ ){0,3}(?:reporter|editor|correspondent|writer|columnist|contributor|journalist|redakteur(?:in)?|producer|photographer|analyst|korrespondent(?:in)?|corresponsal|correspondant)$|^(?:ph\.?d\.?|m\.?d\.?|dr\.?|jr\.?|datum|veröffentlicht|redigiert|posted|text|fotos?|shares|autor|author)$`)
	deskWord   = regexp.MustCompile(`(?i)\b(?:staff|redaktion|redactie|redacción|rédaction|redazione|bureau|desk|team|newsroom|agency|agence|agencia|agentur|press|administrator|admin|webmaster|editors|reports|news|online|newsdesk|editorial|stiftung|foundation|gmbh|verein|bund)\b|\.(?:com|de|at|ch|org|net)\b`)
	agency     = regexp.MustCompile(`(?i)^(?:ap|afp|dpa|reuters|efe|ansa|apa|sda|pti|ians|ani|xinhua|tass|upi|bloomberg|associated press|the associated press|agence france[- ]presse|press association|pa media|kyodo|yonhap)$`)
	nobody     = regexp.MustCompile(`(?i)^(?:admin|administrator|webmaster|editor|guest|user|root|unknown|anonymous|none|null|undefined|home|share|shares|teilen|info|contact|kontakt|no author|please enter your name here|quelle|name|alle beiträge|international|wirtschaft|politik)$`)
)

// signers are the names found in one place, by what they are.
type signers struct {
	people []string
	pens   []string // user names and abbreviations, which stand for one person
	desks  []string // desks and organizations
}

// authors names who wrote the article: the people that the most trusted place
// which names any names, or else a user name, or else a line that begins like a
// byline, or else the desk or organization that signs.
func (p *page) authors(site string) []string {
	s := p.scan
	ranked := []signers{
		sortSigners(s.linked.names(s.linked.article["author"]), site),
		sortSigners(s.all("author", "article:author", "og:author", "byl", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "citation_author"), site),
	}
	for trust := trustProp; trust > 0; trust-- {
		for _, b := range s.bylines {
			if b.trust == trust {
				ranked = append(ranked, sortSigners(bylineTexts(b.node), site))
			}
		}
	}
	ranked = append(ranked, sortSigners(s.linked.names(s.linked.article["creator"]), site))
	for _, pick := range []func(signers) []string{
		func(s signers) []string { return s.people },
		func(s signers) []string { return s.pens },
	} {
		if names := firstNames(ranked, pick); names != nil {
			return names
		}
	}
	if people := sortSigners(p.bylineLine(), site).people; people != nil {
		return people
	}
	return firstNames(ranked, func(s signers) []string { return s.desks })
}

// firstNames are the names that pick finds in the first place that has any.
func firstNames(ranked []signers, pick func(signers) []string) []string {
	for _, s := range ranked {
		if names := pick(s); len(names) > 0 {
			return names
		}
	}
	return nil
}

// bylineTexts are the texts of the names in a byline: of its author links or
// marked names if there are any, else the whole.
func bylineTexts(n *html.Node) []string {
	var names []string
	seen := 0
	for m := range nodes(n) {
		if seen++; seen > maxBylineNodes {
			return nil
		}
		if m.Type == html.ElementNode && isNameNode(m) && len(names) < maxAuthors {
			if t := spacedText(m); t != "" && len(t) <= maxBylineLen {
				names = append(names, t)
			}
		}
	}
	if len(names) > 0 {
		return names
	}
	if t := spacedText(n); utf8.RuneCountInString(t) > 1 && len(t) <= maxBylineLen {
		return []string{t}
	}
	return nil
}

// isNameNode reports whether an element inside a byline holds one name alone.
func isNameNode(n *html.Node) bool {
	if attr(n, "itemprop") == "name" && n.DataAtom != atom.Meta {
		return true
	}
	return n.DataAtom == atom.A && (strings.Contains(attr(n, "rel"), "author") || strings.Contains(attr(n, "href"), "/author"))
}

// spacedText is an element's text with a space wherever an element begins or
// ends, since bylines set names apart by style alone.
func spacedText(n *html.Node) string {
	var b strings.Builder
	for m := n; m != nil; {
		if m.Type == html.ElementNode && (isHidden(m.DataAtom) || m.DataAtom == atom.Time) {
			m = skipping(m, n)
			continue
		}
		if m.Type == html.TextNode {
			b.WriteString(m.Data)
			b.WriteByte(' ')
		}
		if b.Len() > 4*maxBylineLen {
			return ""
		}
		m = following(m, n)
	}
	return fold(b.String())
}

// Where a line that names the author may stand.
const (
	bylineReach = 10 // blocks after the title
	bylineTail  = 3  // blocks at the end of the text
)

// bylineLine finds a line near the title, or at the end of the text, that
// begins like a byline.
func (p *page) bylineLine() []string {
	var places []int
	for _, from := range []int{p.describer.around.titled, p.describer.around.heading} {
		for i := max(0, from-2); from >= 0 && i < min(len(p.seg.blocks), from+bylineReach); i++ {
			places = append(places, i)
		}
	}
	places = append(places, p.kept[:min(len(p.kept), 1)]...)
	places = append(places, p.kept[max(0, len(p.kept)-bylineTail):]...)
	for _, i := range places {
		if text := p.seg.blocks[i].text; isBylineLine(text) {
			return []string{text}
		}
	}
	return nil
}

// maxBylineLine is the length in bytes of a line of text that may be a byline.
const maxBylineLine = 100

func isBylineLine(text string) bool {
	if len(text) > maxBylineLine || !bylineStart.MatchString(text) && !bylineLabel.MatchString(text) {
		return false
	}
	names := splitNames(text)
	if len(names) == 0 || len(names) > maxNameWords || endsSentence(text) {
		return false
	}
	for _, word := range strings.Fields(names[0]) {
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(r) {
			return true
		}
	}
	return false
}

// sortSigners splits and cleans names, and tells what they are.
func sortSigners(found []string, site string) signers {
	var out signers
	seen := map[string]bool{}
	for _, line := range found {
		for _, name := range splitNames(line) {
			key := strings.ToLower(name)
			if !isName(name) || seen[key] || len(seen) >= maxAuthors {
				continue
			}
			seen[key] = true
			switch {
			case agency.MatchString(name):
			case deskWord.MatchString(name), site != "" && squeeze(name) == squeeze(site):
				out.desks = append(out.desks, name)
			case isPenName(name):
				out.pens = append(out.pens, name)
			default:
				out.people = append(out.people, name)
			}
		}
	}
	return out
}

// isPenName reports whether a name is one word all in capitals or without any,
// as user names and abbreviations are.
func isPenName(name string) bool {
	if strings.Contains(name, " ") {
		return false
	}
	upper, lower := strings.ToUpper(name), strings.ToLower(name)
	return upper != lower && (name == upper || name == lower)
}

// splitNames takes a byline apart.
func splitNames(line string) []string {
	line = clean(address.ReplaceAllString(line, " "))
	line = bylineStart.ReplaceAllString(line, "")
	var out []string
	for _, part := range nameJoin.Split(line, maxAuthors+1) {
		part = bylineStart.ReplaceAllString(strings.TrimSpace(part), "")
		part = bylineLabel.ReplaceAllString(leadingAnd.ReplaceAllString(part, ""), "")
		part = bylineEnd.ReplaceAllString(part, "")
		part = strings.Trim(part, " ,;:|-–—*'\"")
		if part != "" && !roleOnly.MatchString(part) {
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
		_, n := utf8.DecodeRuneInString(w)
		words[i] = w[:n] + strings.ToLower(w[n:])
	}
	return strings.Join(words, " ")
}

// particles are the small words that names of several words begin with.
var particles = regexp.MustCompile(`^(?:van|von|de|del|della|di|da|der|den|du|le|la|el|al|bin|ibn|ter|ten|zu|af|av)$`)

// startsLikeName reports whether a text of several words begins as names do,
// with a capital or a particle, and does not end as sentences do. Scripts
// without capitals pass.
func startsLikeName(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 {
		return true
	}
	if last := words[len(words)-1]; strings.HasSuffix(last, ".") && utf8.RuneCountInString(last) > len("Jun.") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(words[0])
	return !unicode.IsLower(r) || particles.MatchString(words[0])
}

// isName reports whether a text can be the name of an author.
func isName(s string) bool {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > maxAuthorLen || len(strings.Fields(s)) > maxNameWords || nobody.MatchString(s) {
		return false
	}
	if !startsLikeName(s) {
		return false
	}
	letters := 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r) && strings.Contains(s, " "): // a pen name may have digits
			return false
		case strings.ContainsRune("<>{}[]=/\\#?!", r):
			return false
		}
	}
	return letters >= 2
}
