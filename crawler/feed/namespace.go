package feed

import "strings"

// The canonical prefixes of the vocabularies this package reads. An element of
// the feed's own vocabulary has none.
const (
	nsNative  = ""
	nsAtom    = "atom"
	nsXHTML   = "xhtml"
	nsRDF     = "rdf"
	nsDC      = "dc"
	nsTerms   = "dcterms"
	nsContent = "content"
	nsITunes  = "itunes"
	nsMedia   = "media"
	nsSY      = "sy"
	nsBurner  = "feedburner"
	nsNews    = "news"
	nsImage   = "image"
	nsMath    = "mathml"
	nsSVG     = "svg"
	nsUnknown = "?"
)

// namespaces maps a namespace's URI, in lower case and without a final slash or
// number sign, to its canonical prefix.
func namespaces() map[string]string {
	return map[string]string{
		"http://backend.userland.com/rss":                     nsNative,
		"http://backend.userland.com/rss2":                    nsNative,
		"http://backend.userland.com/rss091":                  nsNative,
		"http://blogs.law.harvard.edu/tech/rss":               nsNative,
		"http://cyber.law.harvard.edu/rss":                    nsNative,
		"http://purl.org/rss/1.0":                             nsNative,
		"http://purl.org/rss/1.0/modules/rss091":              nsNative,
		"http://purl.org/net/rss1.1":                          nsNative,
		"http://my.netscape.com/rdf/simple/0.9":               nsNative,
		"http://channel.netscape.com/rdf/simple/0.9":          nsNative,
		"http://my.netscape.com/publish/formats/rss-0.91.dtd": nsNative,
		"http://www.sitemaps.org/schemas/sitemap/0.9":         nsNative,
		"http://www.google.com/schemas/sitemap/0.84":          nsNative,
		"http://example.com/newformat":                        nsAtom,
		"http://example.com/necho":                            nsAtom,
		"http://purl.org/echo":                                nsAtom,
		"uri/of/echo/namespace":                               nsAtom,
		"http://purl.org/pie":                                 nsAtom,
		"http://purl.org/atom/ns":                             nsAtom,
		"http://www.w3.org/2005/atom":                         nsAtom,
		"https://www.w3.org/2005/atom":                        nsAtom,
		"http://www.w3.org/1999/xhtml":                        nsXHTML,
		"http://www.w3.org/1999/02/22-rdf-syntax-ns":          nsRDF,
		"http://purl.org/dc/elements/1.1":                     nsDC,
		"http://purl.org/dc/elements/1.0":                     nsDC,
		"http://purl.org/dc/terms":                            nsTerms,
		"http://purl.org/rss/1.0/modules/content":             nsContent,
		"http://www.itunes.com/dtds/podcast-1.0.dtd":          nsITunes,
		"http://example.com/dtds/podcast-1.0.dtd":             nsITunes,
		"http://search.yahoo.com/mrss":                        nsMedia,
		"http://video.search.yahoo.com/mrss":                  nsMedia,
		"http://tools.search.yahoo.com/mrss":                  nsMedia,
		"http://purl.org/rss/1.0/modules/syndication":         nsSY,
		"http://rssnamespace.org/feedburner/ext/1.0":          nsBurner,
		"http://www.google.com/schemas/sitemap-news/0.9":      nsNews,
		"http://www.google.com/schemas/sitemap-image/1.1":     nsImage,
		"http://www.w3.org/1998/math/mathml":                  nsMath,
		"http://www.w3.org/2000/svg":                          nsSVG,
	}
}

// conventional maps the prefixes that everybody uses to themselves, for the
// documents that use one without declaring it.
func conventional(prefix string) (ns string, known bool) {
	switch prefix {
	case nsAtom, nsXHTML, nsRDF, nsDC, nsTerms, nsContent, nsITunes, nsMedia, nsSY, nsBurner, nsNews, nsImage, nsSVG:
		return prefix, true
	case "a10", "atom10", "atom03":
		return nsAtom, true
	case "rss":
		return nsNative, true
	case "html":
		return nsXHTML, true
	case "math":
		return nsMath, true
	}
	return nsUnknown, false
}

// scope resolves namespace prefixes while a document is read.
type scope struct {
	known  map[string]string
	uris   map[string]string // prefix to URI, in force now
	undo   []binding         // what the open elements shadowed, oldest first
	count  int               // declarations seen in the document
	native string            // key of the URI of the feed's own vocabulary, if not known
}

type binding struct {
	prefix, uri string
	bound       bool
}

func newScope() *scope {
	return &scope{known: namespaces(), uris: map[string]string{}}
}

// enter puts an element's declarations in force and returns the mark that leave
// takes to revoke them.
func (s *scope) enter(attrs []attr) (mark int) {
	mark = len(s.undo)
	for _, a := range attrs {
		prefix, declares := declaredPrefix(a.name)
		if !declares {
			continue
		}
		old, bound := s.uris[prefix]
		s.undo = append(s.undo, binding{prefix, old, bound})
		s.uris[prefix] = a.value
		s.count++
	}
	return mark
}

func (s *scope) leave(mark int) {
	for len(s.undo) > mark {
		b := s.undo[len(s.undo)-1]
		s.undo = s.undo[:len(s.undo)-1]
		if b.bound {
			s.uris[b.prefix] = b.uri
		} else {
			delete(s.uris, b.prefix)
		}
	}
}

// declaredPrefix returns the prefix an attribute declares, if it declares one.
func declaredPrefix(name string) (prefix string, declares bool) {
	if name == "xmlns" {
		return "", true
	}
	return strings.CutPrefix(name, "xmlns:")
}

// resolve returns the canonical prefix of an element's vocabulary, its local
// name in lower case, and whether its prefix was declared. An unprefixed
// element in a namespace nobody knows counts as the feed's own: feeds stamp
// all sorts of default namespaces on their root.
func (s *scope) resolve(qualified string) (ns, local string, declared bool) {
	prefix, local, prefixed := strings.Cut(qualified, ":")
	if !prefixed {
		prefix, local = "", qualified
	}
	local = strings.ToLower(local)
	uri, bound := s.uris[prefix]
	if bound {
		if s.native != "" && uriKey(uri) == s.native {
			return nsNative, local, true
		}
		if ns, ok := s.known[uriKey(uri)]; ok {
			return ns, local, true
		}
	}
	if !prefixed {
		return nsNative, local, true
	}
	ns, known := conventional(strings.ToLower(prefix))
	if bound && uri != "" && ns == nsNative {
		return nsUnknown, local, true
	}
	return ns, local, bound || !known || prefix == "xml"
}

// uriKey folds the ways in which one namespace gets written.
func uriKey(uri string) string {
	return strings.ToLower(strings.TrimRight(strings.TrimSpace(uri), "/#"))
}
