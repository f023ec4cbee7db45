// Package boiler learns, host by host, which blocks of text a site repeats from
// page to page, and drops them from articles: walls, lists of other stories,
// cookie notices, newsletter prompts.
//
// A [Host] is what is known of one site: begin there. It is a data structure in
// memory, of bounded size, that can be written to bytes and read back; keeping
// it, and choosing whose lock guards it, is the caller's part. The package does
// not look at markup, and knows nothing of languages: a block is boilerplate
// because it recurs, not because of what it says.
package boiler
