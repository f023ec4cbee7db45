// Package extract turns the bytes of a web page into an article's content: its
// text in blocks, title, authors, dates, publisher, language and the signs of a
// wall.
//
// It does not fetch, store or learn: what a host repeats on page after page is
// known only to who sees many pages, and whether a canonical link is honored is
// the caller's rule. It never guesses: what the page does not state is empty.
// Everything it is given is hostile; size, depth, count and time are bounded,
// and a panic anywhere below becomes an error.
//
// Start reading at [Options.Page], the whole way from bytes to [Content].
package extract
