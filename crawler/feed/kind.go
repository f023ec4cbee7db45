package feed

import "strings"

// feedType names the format and version of a document.
func (d *document) feedType() string {
	switch d.root.name {
	case "rss":
		return d.rssType()
	case "rdf":
		if strings.Contains(uriKey(d.rootURI), "/rdf/simple/0.9") {
			return "rss090"
		}
		return "rss10"
	case "feed":
		return d.atomType()
	case "urlset":
		return "sitemap"
	case "channel":
		return d.channelType()
	}
	return d.root.name
}

// channelType tells Microsoft's CDF, whose items have their address in an
// attribute, from RSS that lost its root element.
func (d *document) channelType() string {
	for _, n := range d.root.kids {
		if n.is(nsNative, "item") && n.child("link") != nil {
			return "rss"
		}
	}
	return "cdf"
}

func (d *document) rssType() string {
	version := strings.TrimSpace(d.root.attr("version"))
	switch {
	case strings.HasPrefix(version, "2."):
		return "rss20"
	case version == "0.91" && d.netscape:
		return "rss091n"
	case version == "0.91":
		return "rss091u"
	case version == "0.92", version == "0.93", version == "0.94":
		return "rss" + strings.ReplaceAll(version, ".", "")
	}
	return "rss"
}

func (d *document) atomType() string {
	switch key := uriKey(d.rootURI); {
	case strings.HasSuffix(key, "w3.org/2005/atom"):
		return "atom10"
	case key == "http://purl.org/atom/ns":
		return "atom03"
	}
	switch version := strings.TrimSpace(d.root.attr("version")); version {
	case "0.1", "0.2", "0.3":
		return "atom" + strings.ReplaceAll(version, ".", "")
	case "1.0":
		return "atom10"
	}
	return "atom"
}
