// Package param is the one list of names by which a search is asked for over
// HTTP: the JSON API and the pages read their URLs with [Parse] and write links
// with [Encode].
//
// It turns text into a [news.Query] and back, and says what is wrong with a
// value in words for people. It searches nothing and knows no HTTP server.
// Start reading at [Parse]; the names stand in names.go.
package param
