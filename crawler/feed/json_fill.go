package feed

import "strings"

// fill completes f, which gofeed read from the canonical form of j.
func (j *jsonFeed) fill(f *Feed, b base) {
	f.Type = jsonType(j.feed.text("version"))
	f.Title, f.titleIsText = cut(normal(f.Title), maxTitle), true
	f.Link = b.resolve(j.feed.text("home_page_url"))
	f.Authors = j.feed.people(b)
	p := props{}
	p.addLink(Link{URL: f.Link, Rel: relAlternate, Type: typeHTML})
	p.addLink(Link{URL: b.resolve(j.feed.text("feed_url")), Rel: "self", Type: "application/feed+json"})
	for _, hub := range j.feed.objects("hubs", "url") {
		p.addLink(Link{URL: b.resolve(hub.text("url")), Rel: "hub"})
	}
	f.Links = p.links
	f.Hub = linkWith(p.links, "hub")
	f.Image = nil
	if icon := firstNonEmpty(j.feed.text("icon"), j.feed.text("favicon")); icon != "" {
		f.Image = &Image{URL: b.resolve(icon)}
	}
	inner := b
	if link := newBase(f.Link); link.url != nil {
		inner = link
	}
	for i := range min(len(f.Items), len(j.items)) {
		j.items[i].fillItem(&f.Items[i], inner)
	}
}

// jsonType names the version of a JSON Feed.
func jsonType(version string) string {
	if strings.HasSuffix(strings.TrimRight(version, "/"), "/1") {
		return "json1"
	}
	return "json11"
}

func (o *object) fillItem(i *Item, b base) {
	p := props{base: b}
	i.ID = cut(o.text("id"), maxURL)
	i.Title, i.titleIsText = cut(normal(i.Title), maxTitle), true
	url, external := b.resolve(o.text("url")), b.resolve(o.text("external_url"))
	i.Permalink = isWeb(i.ID)
	i.Link = firstNonEmpty(url, external)
	if i.Link == "" && i.Permalink {
		i.Link = i.ID
	}
	p.addLink(Link{URL: url, Rel: relAlternate, Type: typeHTML})
	p.addLink(Link{URL: external, Rel: "related"})
	i.Summary = b.resolveHTML(o.text("summary"))
	i.Content = b.resolveHTML(o.text("content_html"))
	if i.Content == "" {
		i.Content = textToHTML(o.text("content_text"))
	}
	p.published.offer(rankNative, o.text("date_published"))
	p.updated.offer(rankNative, o.text("date_modified"))
	i.setDates(p.published, p.updated, 0)
	i.Authors = o.people(b)
	for _, tag := range o.texts("tags") {
		p.addTag(Tag{Term: tag})
	}
	for _, a := range o.objects("attachments", "url") {
		p.addEnclosure(Enclosure{URL: b.resolve(a.text("url")), Type: a.text("mime_type"), Length: a.text("size_in_bytes")})
	}
	i.Tags, i.Links, i.Enclosures = p.tags, p.links, p.enclosures
	i.Language = cut(o.text("language"), maxLabel)
	i.ImageURL = firstNonEmpty(b.resolve(o.text("image")), b.resolve(o.text("banner_image")), b.firstImage(i.Content))
}

// textToHTML writes plain text as HTML that keeps its lines.
func textToHTML(text string) string {
	var escaped strings.Builder
	escapeText(&escaped, text)
	return strings.ReplaceAll(escaped.String(), "\n", "<br>\n")
}

// people returns the authors of a feed or item, in the form of either version.
func (o *object) people(b base) []Person {
	var out []Person
	for _, key := range []string{"authors", "author"} {
		for _, a := range o.objects(key, "name") {
			out = appendPerson(out, Person{Name: a.text("name"), URL: b.resolve(a.text("url"))})
		}
	}
	return out
}
