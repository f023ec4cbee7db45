// Package news is the vocabulary of Broadsheet: articles, revisions, sources,
// feeds, entities, queries and results, and the errors that cross package
// boundaries.
//
// It holds types and the rules that belong to them alone; it does no I/O and
// imports nothing but the standard library and news/query. Every other package
// speaks in these types. Start reading at [Article] for what is stored and at
// [Query] and [Result] for what is asked and answered.
package news
