package source

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"broadsheet.example/crawler/link"
	"broadsheet.example/news"
)

// unknown is the id of a publisher of whom nothing is known.
const unknown = "unknown"

// maxName is how many characters of a stated name are kept.
const maxName = 120

// Claim is what a page says of itself. Only PageURL is always known.
type Claim struct {
	// Publisher and PublisherURL come from the page's JSON-LD, or from the feed.
	Publisher    string
	PublisherURL string
	// SiteName is what the site calls itself, as in og:site_name.
	SiteName     string
	CanonicalURL string
	PageURL      string
}

// Resolve says who wrote a page, who republished it if anybody did, and in what
// country the writer sits if that is known.
//
// The writer is a publisher of the table, else the registrable domain of where
// the page comes from, else the slug of the stated name. A page counts as
// republished only when its publisher's name differs clearly from the host's
// own and something else confirms it: the table knows the publisher under
// another domain, or the canonical link or the publisher's address lead to
// another site. On a bare IP address or a host without a domain, which have no
// name of their own, the site's name takes the host's place.
func (t *Table) Resolve(c Claim) (src news.Ref, via *news.Ref, country string) {
	c = c.trimmed()
	host := hostOf(c.PageURL)
	if nameless(host) {
		return t.resolveNameless(c, host)
	}
	writer, foreign := t.writer(c, host)
	if !foreign {
		own := t.place(host, or(c.SiteName, c.Publisher))
		return own.ref, nil, own.country
	}
	own := t.place(host, c.SiteName)
	if writer.ref.ID == own.ref.ID {
		return own.ref, nil, own.country
	}
	return writer.ref, &own.ref, writer.country
}

// party is one side of a publication.
type party struct {
	ref     news.Ref
	country string
}

func partyOf(e *Entry) party { return party{e.ref(), e.Country} }

// place is the party that owns a host.
func (t *Table) place(host, name string) party {
	if e := t.host(host); e != nil {
		return partyOf(e)
	}
	domain := link.Registrable(host)
	if name == "" {
		name = domain
	}
	return party{ref: news.Ref{ID: domain, Name: name}}
}

// writer finds a publisher other than the owner of the host, if the claims
// confirm one.
func (t *Table) writer(c Claim, host string) (party, bool) {
	name := c.Publisher
	if name == "" || t.namesHost(name, host) {
		return t.canonicalWriter(c, host)
	}
	elsewhere := t.elsewhere(c, host)
	if e := t.host(elsewhere); e != nil && (t.carries(e, name) || sameName(e.Name, name)) {
		return partyOf(e), true
	}
	if e := t.name(name); e != nil && e != t.host(host) && (t.host(host) != nil || !spells(name, host)) {
		return partyOf(e), true
	}
	if elsewhere == "" || c.SiteName != "" && sameName(name, c.SiteName) {
		return party{}, false
	}
	return t.place(elsewhere, name), true
}

// canonicalWriter is the owner of a canonical link into a site of the table
// other than the page's, when nobody claims to have published the page.
func (t *Table) canonicalWriter(c Claim, host string) (party, bool) {
	if c.Publisher != "" {
		return party{}, false
	}
	e := t.host(hostOf(c.CanonicalURL))
	if e == nil || e == t.host(host) || c.SiteName == "" {
		return party{}, false
	}
	return partyOf(e), true
}

// elsewhere is the host, on another site than the page's, that the canonical
// link or the publisher's address name.
func (t *Table) elsewhere(c Claim, host string) string {
	own := t.host(host)
	for _, address := range []string{c.CanonicalURL, c.PublisherURL} {
		other := hostOf(address)
		if other == "" || nameless(other) || link.Registrable(other) == link.Registrable(host) {
			continue
		}
		if own != nil && t.host(other) == own {
			continue
		}
		return other
	}
	return ""
}

// namesHost reports whether a name is the host's own.
func (t *Table) namesHost(name, host string) bool {
	if e := t.host(host); e != nil {
		return t.carries(e, name) || sameName(e.Name, name) || spells(name, host)
	}
	return spells(name, host)
}

// carries reports whether the publisher is known by the name.
func (t *Table) carries(e *Entry, name string) bool {
	return slices.Contains(t.byName[nameKey(name)], e)
}

// spells reports whether a name is spelled by the host's domain, as "Example
// Herald" is by exampleherald.test.
func spells(name, host string) bool {
	label, _, _ := strings.Cut(link.Registrable(host), ".")
	label = strings.ReplaceAll(label, "-", "")
	whole, short := nameKey(name), core(name)
	if label == "" || whole == "" {
		return false
	}
	return whole == label || short == label || "the"+whole == label || short == bareLabel(label) ||
		len(short) >= 4 && strings.HasPrefix(label, short) ||
		len(label) >= 4 && strings.HasPrefix(whole, label) ||
		len(label) >= 2 && initials(name) == label
}

// bareLabel is a domain's label without the generic words that it ends in:
// "sunnewsonline" gives "sun".
func bareLabel(label string) string {
	for cut := true; cut; {
		cut = false
		for _, word := range []string{"online", "news", "newspaper", "media", "live", "today", "digital", "press", "daily"} {
			if rest, ok := strings.CutSuffix(label, word); ok && rest != "" {
				label, cut = rest, true
			}
		}
	}
	return strings.TrimPrefix(label, "the")
}

// resolveNameless resolves pages of hosts that have no domain.
func (t *Table) resolveNameless(c Claim, host string) (news.Ref, *news.Ref, string) {
	canonical := hostOf(c.CanonicalURL)
	name := or(c.Publisher, c.SiteName)
	if name == "" && canonical != "" && !nameless(canonical) {
		p := t.place(canonical, "")
		return p.ref, nil, p.country
	}
	if name == "" {
		host = or(host, unknown)
		return news.Ref{ID: host, Name: host}, nil, ""
	}
	writer := t.named(name)
	if e := t.host(canonical); e != nil && t.carries(e, name) {
		writer = partyOf(e)
	}
	if c.SiteName == "" || sameName(name, c.SiteName) {
		return writer.ref, nil, writer.country
	}
	site := t.named(c.SiteName)
	if site.ref.ID == writer.ref.ID {
		return writer.ref, nil, writer.country
	}
	return writer.ref, &site.ref, writer.country
}

// named is the party of a name alone.
func (t *Table) named(name string) party {
	if e := t.name(name); e != nil {
		return partyOf(e)
	}
	return party{ref: news.Ref{ID: or(slug(name), unknown), Name: name}}
}

func (c Claim) trimmed() Claim {
	c.Publisher, c.SiteName = tidy(c.Publisher), tidy(c.SiteName)
	return c
}

// tidy folds white space and drops names that are addresses or too long to be
// names.
func tidy(name string) string {
	name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "")), " ")
	if strings.Contains(name, "://") || len([]rune(name)) > maxName {
		return ""
	}
	return name
}

// nameless reports whether a host is an IP address or a single label.
func nameless(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return !strings.Contains(host, ".")
}

func hostOf(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return ""
	}
	return strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
}

// or is the first text that is not empty.
func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
