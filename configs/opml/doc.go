// Package opml reads and writes lists of feeds as OPML, the form in which feed
// readers exchange them.
//
// It turns outlines into [news.Feed] values and back, within limits, and says
// where a file is wrong. It neither fetches nor stores feeds, and it gives them
// no ID. Start reading at [Read] and [Write].
package opml
