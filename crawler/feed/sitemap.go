package feed

// sitemap reads a sitemap, with the news vocabulary, or a sitemap index. gofeed
// has no part in it: it does not know the format.
func (d *document) sitemap(b base) *Feed {
	f := &Feed{Type: d.feedType()}
	b = b.within(d.root)
	for _, n := range d.root.kids {
		switch {
		case n.is(nsNative, "sitemap"):
			if loc := n.child("loc"); loc != nil {
				f.addChild(b.within(n).resolve(loc.raw()))
			}
		case n.is(nsNative, "url"):
			if item, ok := sitemapItem(n, b.within(n)); ok {
				f.Items = append(f.Items, item)
			}
		}
	}
	return f
}

func (f *Feed) addChild(address string) {
	if address != "" {
		f.Children = append(f.Children, address)
	}
}

// sitemapItem reads one url of a sitemap; one without address is none.
func sitemapItem(n *node, b base) (Item, bool) {
	var item Item
	var published, updated stamp
	for _, k := range n.kids {
		switch {
		case k.is(nsNative, "loc"):
			item.Link = b.resolve(k.raw())
		case k.is(nsNative, "lastmod"):
			updated.offer(rankNative, k.plain())
		case k.is(nsNews, "news"):
			item.readNews(k)
			if at := child(k, nsNews, "publication_date"); at != nil {
				published.offer(rankNative, at.plain())
			}
		case k.is(nsImage, "image"):
			if loc := child(k, nsImage, "loc"); loc != nil && item.ImageURL == "" {
				item.ImageURL = b.resolve(loc.raw())
			}
		}
	}
	item.setDates(published, updated, 0)
	item.ID, item.Permalink = item.Link, isWeb(item.Link)
	return item, item.Link != ""
}

// readNews takes the news vocabulary of a sitemap's url.
func (i *Item) readNews(n *node) {
	for _, k := range n.kids {
		if k.ns != nsNews {
			continue
		}
		switch k.name {
		case "title":
			i.Title, i.titleIsText = cut(k.plain(), maxTitle), true
		case "keywords":
			p := props{}
			p.addKeywords(k.plain(), "")
			i.Tags = p.tags
		case "publication":
			if name := child(k, nsNews, "name"); name != nil {
				i.Publisher = cut(oneLine(name.plain()), maxName)
			}
			if lang := child(k, nsNews, "language"); lang != nil {
				i.Language = cut(lang.plain(), maxLabel)
			}
		}
	}
}

// child returns the first child element of a vocabulary with the name, or nil.
func child(n *node, ns, name string) *node {
	for _, k := range n.kids {
		if k.is(ns, name) {
			return k
		}
	}
	return nil
}
