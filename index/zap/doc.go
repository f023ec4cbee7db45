// Package zap builds Bleve's segments: of analyzed documents, the bytes that
// Bleve's own package zapx makes of them, in a quarter of the time. What it saves
// are maps: a term is looked up once for each document, where zapx looks it up
// three times, and numbers are appended to one buffer.
//
// It also reads the postings of a term from a segment's file ([Find]), many at a
// time, where zapx makes an object of each.
//
// It neither opens nor merges segments. [Plugin] leaves both to zapx, as it does
// documents that are not this package's, so that it takes zapx's place for
// everybody in the process. It writes no doc values: the index keeps columns of
// its own instead.
//
// Start reading at [Document], then builder; for reading at [List].
package zap
