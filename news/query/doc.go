// Package query is the query language: the nodes of a parsed expression,
// [Parse], the normal form that every node prints, and [SyntaxError].
//
// It knows nothing of articles, engines or the API; what a field means is for
// the index to say. The manual for people is docs/query.md, and its examples
// run as tests. Start reading at [Node].
package query
