package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of authors.
const (
	maxAuthors   = 20
	maxAuthorLen = 60 // characters of one name
	maxNameWords = 6
)

var (
	// bylineStart is what stands before the names in a byline.
	bylineStart = regexp.MustCompile(`(?i)^(?:(?:(?:an? |eine? |une? |una? )?(?:kolumne|gastbeitrag|gastkommentar|kommentar|analyse|essay|reportage|rezension|bericht|glosse|column|review|opinion|commentary|chronique|tribune|reportaje|crónica)|view all posts|more articles|mehr|alle beiträge|weitere artikel|text|texte|texto|fotos?|photos?|words|story|article|artikel|beitrag|written|posted|published|reported|created|eingestellt|gespeichert|veröffentlicht|verfasst|geschrieben|erstellt|publié|écrit|escrito|publicado|scritto|pubblicato)\s*[:|]?\s*)*(?:(?:(?:by|von|par|por|di|av|af|door|od|autor(?:in|en|es|a|e)?|authors?|auteurs?|redacción|oleh|yazan)\b|автор|文)\s*[:：|]?\s*)+`)
	bylineLabel = regexp.MustCompile(`(?i)^(?:text|texte|texto|fotos?|photos?|words|story|datum|date|published|veröffentlicht|redaktion|redakteur(?:in)?|reporter|journalist)\s*:\s*`)
	// bylineEnd is what follows a name: a role, an agency, a date.
	bylineEnd  = regexp.MustCompile(`(?i)\s*(?:[|•·/–—]|\b(?:illustrations?|fotos?|photos?|bilder)\b|\s-\s|\(|\bfor\b|\bist\b|\bis an?\b|\b(?:on|am|le|el)\s+(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|die|mit|don|fre|sam|son|tue|wed|thu|fri|sat|sun)|\s(?:à|at|um)(?:\s+\d|$)|\bpublished\b|\bupdated\b|\bposted\b|\b\d{1,2}[:.]\s?\d{1,2}|\b\d{1,2}\.? \p{L}+ \d{4}|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december) \d).*$`)
	nameJoin   = regexp.MustCompile(`(?i)\s*(?:[,;|&\n•·]|\s(?:and|und|et|y|e|og|och|en|with|mit)\s|\s/\s)\s*`)
	leadingAnd = regexp.MustCompile(`(?i)^(?:and|und|et|y|e|og|och|en)\s+`)
	address    = regexp.MustCompile(`(?i)\S+@\S+|https?://\S*|www\.\S+|(?:^|\s)@\w+`)
	roleOnly   = regexp.MustCompile(`(?i)^(?:[\p{L}-]+ ){0,3}(?:reporter|editor|correspondent|writer|columnist|contributor|journalist|redakteur(?:in)?|producer|photographer|analyst|korrespondent(?:in)?|corresponsal|correspondant)$|^(?:ph\.?d\.?|m\.?d\.?|dr\.?|jr\.?|datum|veröffentlicht|redigiert|posted|text|fotos?|shares|autor|author)$`)
	deskWord   = regexp.MustCompile(`(?i)\b(?:staff|redaktion|redactie|redacción|rédaction|redazione|bureau|desk|team|newsroom|agency|agence|agencia|agentur|press|administrator|admin|webmaster|editors|reports|news|online|newsdesk|editorial|stiftung|foundation|gmbh|verein|bund)\b|\.(?:com|de|at|ch|org|net)\b`)
	agency     = regexp.MustCompile(`(?i)^(?:ap|afp|dpa|reuters|efe|ansa|apa|sda|pti|ians|ani|xinhua|tass|upi|bloomberg|associated press|the associated press|agence france[- ]presse|press association|pa media|kyodo|yonhap)$`)
	nobody     = regexp.MustCompile(`(?i)^(?:admin|administrator|webmaster|editor|guest|user|root|unknown|anonymous|none|null|undefined|home|share|shares|teilen|info|contact|kontakt|no author|please enter your name here|quelle|name|login|log in|sign in|anmelden|(?:view my complete|afficher mon|mein|ver todo mi) profile?.*|my profile|interview:.*|alle beiträge|international|wirtschaft|politik)$`)
)

// signers are the names found in one place, by what they are.
type signers struct {
	people []string
	pens   []string // user names and abbreviations, which stand for one person
	desks  []string // desks and organizations
}

// authors names who wrote the article: the people that the most trusted place
// which names any names, or else a line that begins like a byline or ends the
// text like a signature, or else a user name, or else the desk or organization
// that signs. A line labeled as the author's goes before all but metadata.
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
	ranked = append(ranked,
		sortSigners(s.linked.names(s.linked.article["creator"]), site),
		sortSigners(s.cardAuthor(), site),
	)
	if label := sortSigners(p.labeledAuthor(), site).people; label != nil && len(ranked[0].people)+len(ranked[1].people) == 0 {
		return label
	}
	people := func(s signers) []string { return s.people }
	if names := firstNames(ranked, people); names != nil {
		return p.inFull(names, ranked, site)
	}
	for _, find := range []func() []string{p.bylineLine, p.signature} {
		if names := sortSigners(find(), site).people; names != nil {
			return names
		}
	}
	if names := firstNames(ranked, func(s signers) []string { return s.pens }); names != nil {
		return names
	}
	return firstNames(ranked, func(s signers) []string { return s.desks })
}

// inFull gives a single first name in full, if another place on the page does.
func (p *page) inFull(names []string, ranked []signers, site string) []string {
	if len(names) != 1 || strings.Contains(names[0], " ") {
		return names
	}
	for _, s := range append(ranked, sortSigners(p.bylineLine(), site)) {
		for _, full := range s.people {
			if strings.HasPrefix(full, names[0]+" ") {
				return []string{full}
			}
		}
	}
	return names
}

// writtenBy is what the label of an author's name in a Twitter card says.
var writtenBy = regexp.MustCompile(`(?i)^(?:written by|verfasst von|geschrieben von|écrit par|rédigé par|escrito por|scritto da|geschreven door|skriven av|napisane przez|автор)$`)

// cardAuthor is the author that the page's Twitter card labels as such.
func (s *scan) cardAuthor() []string {
	for _, n := range []string{"1", "2"} {
		if writtenBy.MatchString(s.first("twitter:label" + n)) {
			return s.all("twitter:data" + n)
		}
	}
	return nil
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

// deskAndMore matches a desk whose name goes on behind an "and" in lower case.
var deskAndMore = regexp.MustCompile(`^(?:Staff|Redaktion|Agencies|Agenturen|Reporters|Editors) (?:and|und|et|y) \p{Ll}[\p{Ll} ]+$`)

// splitNames takes a byline apart.
func splitNames(line string) []string {
	line = clean(address.ReplaceAllString(line, " "))
	line = bylineStart.ReplaceAllString(line, "")
	var out []string
	parts := nameJoin.Split(line, maxAuthors+1)
	if deskAndMore.MatchString(line) {
		parts = []string{line}
	}
	for _, part := range parts {
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
		case unicode.IsDigit(r) && strings.ContainsAny(s, " ."): // a pen name may have digits
			return false
		case strings.ContainsRune("<>{}[]=/\\#?!", r):
			return false
		}
	}
	return letters >= 2
}
