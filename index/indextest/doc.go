// Package indextest is the conformance suite of [news.Index]: what any search
// engine of Broadsheet must answer. An implementation's tests call [Run].
//
// Most of the suite are scripts, testdata/*.txt, that need no Go to read or to
// extend. A script is a list of commands, each at the beginning of a line, with
// "key: value" lines below it that begin with blanks. Empty lines and lines
// that begin with # are left out.
//
//	article ID       adds an article
//	update ID        changes the article with a higher version
//	stale ID         hands in an older version, which must change nothing
//	delete ID        deletes the article
//	search QUERY     asks, and states what the answer must be
//	suggest TEXT     completes, likewise
//
// Keys of article and update: title, description, content, source and via ("ID
// NAME"), url, published, updated, seen, language, country, section,
// completeness, duplicate (the ID of what it repeats); author, person, place and organization may come more than once.
// What is left out is a plain default: language en, source "wire The Wire",
// published at noon of 2024-01-01.
//
// Keys of search that ask: sort, recency (off unless given), match, in (text
// fields), from, to, by (published, updated, indexed), language, collapse, size, offset,
// zone, now (2024-06-01 unless given), filter and exclude ("FACET=VALUE;
// VALUE"). Facets are asked for by stating what they must hold.
//
// Keys of search that state: total (a number), hits (ids in order), facet NAME
// ("LABEL=COUNT; LABEL=COUNT", in order, a * after a selected one, "other=N" at
// the end unless 0; a size may follow the name), facet date INTERVAL likewise,
// copies ID (the ids that the hit stands for),
// snippet ID FIELD (the first snippet, with [ ] around marks), warning (a part
// of one), error (the parameter that is refused).
//
// Keys of suggest: kind, and is ("KIND TEXT=COUNT; ..." in order).
package indextest
