// Package opensearch is the index of [news.Index] kept in OpenSearch, for when
// one machine is outgrown: any number of processes write to it and search it.
//
// The texts are analysed here, by the analyzers of package index, and OpenSearch
// is given their terms: words are found alike in both engines, in every
// language. OpenSearch matches and counts what [index.Reading] says; texts of
// hits and snippets come from the [index.Library].
//
// # Indexes
//
// An article is kept in the index of its partition (see [indexName]), which never
// changes, under its id and with an external version, so that writing twice
// changes nothing and an older version that comes late is refused. A tombstone
// is a document too, since OpenSearch forgets the versions of deleted ones. All
// indexes of a generation stand behind one alias, which is what is searched; a
// rebuild fills the indexes of a new generation and moves the alias in one step.
//
// # What differs from the embedded engine
//
//   - Feedback, pairs of words and explanations of scores are the embedded
//     engine's alone.
//   - OpenSearch's own scores choose the articles; the best of them, [window] in
//     number, are scored anew by package index and put in that order.
//   - The counts of a facet are exact, or else marked in
//     [news.Facet.Approximate].
//   - Which of near-identical articles stands for the others is decided by
//     OpenSearch's scores. They are counted together up to [maxCopies] of them;
//     what ranks below stands for itself, and a warning says so.
package opensearch
