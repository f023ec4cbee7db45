// Package docs holds the manuals that the program itself shows. The others are
// read where they are.
package docs

import _ "embed"

// Query is the manual of the query language, in Markdown.
//
//go:embed query.md
var Query string
