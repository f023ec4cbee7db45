package feed

import (
	"fmt"
	"strings"
)

// fillFeed completes f, which gofeed read from the same document, with what
// gofeed's model has no room for or reads differently.
func (d *document) fillFeed(f *Feed, b base) {
	channel := d.channel()
	p := &props{doc: d, base: b.within(d.root)}
	if channel != d.root {
		p.base = p.base.within(channel)
	}
	f.Type = d.feedType()
	p.readAttrs(channel)
	for _, n := range channel.kids {
		p.read(n)
	}
	for _, n := range d.outer() {
		if n.name == "image" {
			p.read(n)
		}
	}
	f.readSchedule(channel)
	f.apply(p)
	f.offset = offsetOf(p.updated, p.published)
	f.Language = cut(normal(firstNonEmpty(p.language, f.Language, d.stated(channel))), maxLabel)
}

func (f *Feed) apply(p *props) {
	f.Title, f.titleIsText = cut(ours(p.title.value, f.Title), maxTitle), p.title.isText
	f.Description = ours(p.summary.value, f.Description)
	f.Rights = cut(ours(p.rights, f.Rights), maxTitle)
	f.Generator = cut(ours(p.generator, f.Generator), maxName)
	f.Link = firstNonEmpty(p.primaryLink(), p.base.resolve(f.Link))
	f.ID = cut(p.id, maxURL)
	f.Updated, f.Published = p.updated.date.time, p.published.date.time
	f.Authors, f.Contributors, f.Tags, f.Links = p.authors, p.contributors, p.tags, p.links
	f.Hub = linkWith(p.links, "hub")
	switch {
	case p.image.URL != "":
		f.Image = &p.image
	case f.Image != nil:
		f.Image.URL, f.Image.Title = p.base.resolve(f.Image.URL), normal(f.Image.Title)
	}
}

// fillItems completes the items of f, which stand in the document's order.
func (d *document) fillItems(f *Feed, b base) error {
	items := d.items(f.Link, b)
	if len(items) != len(f.Items) {
		return fmt.Errorf("gofeed read %d items of %d", len(f.Items), len(items))
	}
	for i, it := range items {
		p := &props{doc: d, base: it.base}
		p.readAttrs(it.node)
		for _, n := range it.node.kids {
			p.read(n)
		}
		f.Items[i].apply(p, it.node)
		f.Items[i].setDates(p.published, p.updated, f.offset)
	}
	return nil
}

func (i *Item) apply(p *props, n *node) {
	i.Title, i.titleIsText = cut(ours(p.title.value, i.Title), maxTitle), p.title.isText
	i.Summary, i.Content = p.words(i.Summary, i.Content)
	i.ID = cut(ours(p.id, i.ID), maxURL)
	i.Rights, i.Comments = cut(p.rights, maxTitle), p.comments
	i.Language = cut(firstNonEmpty(p.language, stated(n)), maxLabel)
	i.Authors, i.Contributors, i.Tags, i.Links = p.authors, p.contributors, p.tags, p.links
	i.Enclosures = p.enclosures
	i.Publisher = p.publisher
	i.Permalink = p.permalink
	i.Link = p.itemLink()
	i.ImageURL = firstNonEmpty(p.image.URL, p.base.resolve(i.ImageURL), imageEnclosure(p.enclosures))
	for _, fragment := range []string{i.Content, i.Summary} {
		if i.ImageURL == "" {
			i.ImageURL = p.base.firstImage(fragment)
		}
	}
}

// placed is an item's element and the base inside it.
type placed struct {
	node *node
	base base
}

// items returns the document's items in gofeed's order: those in the channel,
// then those beside it. Their base is the nearest xml:base, else the feed's
// link, else the address of the document.
func (d *document) items(feedLink string, document base) []placed {
	b := document
	if link := newBase(feedLink); link.url != nil {
		b = link
	}
	b = b.within(d.root)
	out := d.itemsIn(nil, d.channel().kids, b.within(d.channel()))
	return d.itemsIn(out, d.outer(), b)
}

func (d *document) itemsIn(out []placed, kids []*node, b base) []placed {
	name := itemName(d.root.name)
	for _, n := range kids {
		if n.is(nsNative, name) {
			out = append(out, placed{n, b.within(n)})
		}
	}
	return out
}

// channel returns the element that holds the feed's own properties.
func (d *document) channel() *node {
	if d.root.name == "rss" || d.root.name == "rdf" {
		if c := d.root.child("channel"); c != nil {
			return c
		}
	}
	return d.root
}

// outer returns what stands beside the channel, where RSS 1.0 has its items.
func (d *document) outer() []*node {
	if d.channel() == d.root {
		return nil
	}
	return d.root.kids
}

// stated returns the language of the channel or the root by xml:lang.
func (d *document) stated(channel *node) string {
	return firstNonEmpty(stated(channel), stated(d.root))
}

func stated(n *node) string {
	return strings.TrimSpace(n.attr("xml:lang"))
}

// ours returns what was read from the tree, in NFC already, or else what gofeed
// read.
func ours(value, gofeed string) string {
	if value != "" {
		return value
	}
	return normal(gofeed)
}

func firstNonEmpty(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
