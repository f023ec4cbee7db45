// Package source knows publishers: the table that Broadsheet ships with, and
// who wrote and who republished a page, given what the page claims.
//
// It does not fetch and does not decide what may be shown; policies are
// configuration. Start reading at [Table.Resolve].
package source
