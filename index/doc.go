// Package index is the search engine over articles: Bleve's scorch engine
// writes, merges and persists the postings; everything that reads them stands
// here.
//
// It is not a store. It keeps what matching, ranking and counting need; the
// texts of hits and snippets come from the [Library], and the whole directory
// can be thrown away and rebuilt by [Follow] from an outbox.
//
// # Matching
//
// A query is analysed once for each analyzer in use (see [news.Query.Language])
// and each article is matched by the tree of its own analyzer. Words and
// phrases written side by side combine by the query's match rule. Under
// relevancy one or two of them must all hold; of n >= 3 distinct ones at least
// ceil(MinimumShare*n). Date sorts, and [news.MatchAll], want all. A phrase
// counts like a word; everything else (fields, dates, prefixes, +words) must
// always hold. The match set depends on the words alone, and totals and facets
// count exactly it.
//
// # Score
//
// Title, description and content are weighed as one document (BM25F) with
// exact lengths and the statistics of all live articles of the same analyzer:
//
//	tf(t)    = Σ over fields  weight_f · tf_f / (1 - b_f + b_f · length_f / average_f)
//	idf(t)   = ln(1 + (N - n_t + 0.5) / (n_t + 0.5))
//	score    = Σ over terms   idf · tf · (k1 + 1) / (k1 + tf)
//
// where a phrase, and all expansions of a prefix together, count as one term,
// and a term counts at most 7 times in a title or a description. Under queries
// of three and more words side by side, two things are added: among the 50 best
// articles, those gain in which words that follow each other in the query stand
// side by side (see pairs.go); then, among the 500 best, those that share the
// words which the 10 best use most (see feedback.go).
//
// The score is multiplied by a decay of the article's age
//
//	decay = floor + (1 - floor) · 2^(-age / half-life)
//
// with a half-life of 30 days and a floor of 0.5 for [news.RecencyNormal], and
// of 3 days and 0.1 for [news.RecencyStrong]; for [news.RecencyOff] it is 1. A
// query without words scores 1 before the decay. Ties fall to the newer article,
// then to the smaller ID.
//
// # Related
//
// Articles related to one are found by its topics: the 25 words that weigh most in
// it by the formula above, and its 10 most salient entities, each counting as a
// word that stands there as often as it is named. A topic gives to another
// article what a word of a query gives, times its saturated frequency in the first
// one. Articles of other languages are compared by the entities alone. What shares
// less than 0.15 of what the first has itself is not related (see related.go).
//
// Start reading at [Engine.Search] for the way of a query and at
// [Engine.Apply] for the way of an article.
package index
