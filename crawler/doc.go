// Package crawler decides when to poll what, visits feeds and pages, and leads
// each article in: from a feed's item and a page's bytes to a draft that the
// store takes.
//
// It owns neither HTTP manners (crawler/fetch), nor the formats of feeds
// (crawler/feed), nor the reading of pages (crawler/extract), and it knows the
// store by its contract only. Start reading at [Crawler.Run] for the loop, at
// [Ingester.Page] for an article's way in.
package crawler
