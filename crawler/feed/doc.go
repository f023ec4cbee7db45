// Package feed turns the bytes of a feed into items: RSS 0.9x to 2.0, RDF,
// Atom 0.3 and 1.0, JSON Feed, news sitemaps and sitemap indexes.
//
// Everything it reads is hostile and much of it is broken, so gofeed, the
// parser of record, never sees a body as it came. [Parse] first decodes the
// charset, then reads the document tolerantly into a small tree under the
// limits of [GuardError] (mending what can be mended), then writes that tree as
// a well-formed document for gofeed, and last fills in from the same tree what
// gofeed's model loses: base URLs, permalink GUIDs, every author, dates in
// unusual forms.
//
// It is not a fetcher (it does no I/O and knows nothing of HTTP beyond a
// Content-Type) and not a sanitizer: Summary and Content are HTML as the feed
// gave it. [Text] makes plain text of them.
//
// Start reading at [Parse]; the tree is in tree.go, the guard and the repairs in
// scan.go and build.go, what gofeed gets in canon.go, what is added in fill.go.
package feed
