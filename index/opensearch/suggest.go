package opensearch

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

const (
	// maxSuggestBytes bounds the text to complete.
	maxSuggestBytes = 200
	// maxWordsSeen bounds the words of titles that one completion looks at, the
	// most frequent ones.
	maxWordsSeen = 1_000

	kindQuery = "query"
	fieldWord = "title_word"
)

// Suggest completes a text, as the contract of [news.Index] says: its last word
// from the words of titles, and the whole of it to names of sources and entities.
func (e *Engine) Suggest(ctx context.Context, q news.SuggestQuery) ([]news.Suggestion, error) {
	list, err := e.suggest(ctx, q)
	if err != nil {
		return nil, e.public(err)
	}
	return list, nil
}

func (e *Engine) suggest(ctx context.Context, q news.SuggestQuery) ([]news.Suggestion, error) {
	text := cut(q.Text, maxSuggestBytes)
	folded := index.FoldName(text)
	if folded == "" {
		return nil, nil
	}
	var found []index.Completion
	for _, facet := range []string{news.FacetSource, news.FacetPerson, news.FacetPlace, news.FacetOrganization} {
		if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, facet) {
			continue
		}
		some, err := e.completeNames(ctx, facet, folded)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	if len(q.Kinds) == 0 || slices.Contains(q.Kinds, kindQuery) {
		some, err := e.completeWords(ctx, index.FoldApostrophes(text))
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	list := index.BestCompletions(found, q.Size)
	if err := e.names.RenameAll(ctx, list); err != nil {
		return nil, err
	}
	return list, nil
}

// completeNames returns the values of a facet one of whose names holds the text
// at the beginning of a word.
func (e *Engine) completeNames(ctx context.Context, facet, folded string) ([]index.Completion, error) {
	list, err := e.findNames(ctx, all(term("facet", facet), anyOf(
		object{"prefix": object{"folded": object{"value": folded}}},
		object{"wildcard": object{"folded": object{"value": "* " + escapeWildcard(folded) + "*"}}},
	)), maxNames)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	inner := make(map[string]bool)
	var values []string
	for _, n := range list {
		begins := strings.HasPrefix(n.Folded, folded)
		if was, known := inner[n.Value]; !known || was {
			inner[n.Value] = !begins
			if !known {
				values = append(values, n.Value)
			}
		}
	}
	counts, err := e.count(ctx, keywordField(facet), object{"include": values, "size": len(values), "shard_size": len(values)})
	if err != nil {
		return nil, err
	}
	labels, err := e.labels(ctx, facet, values)
	if err != nil {
		return nil, err
	}
	var found []index.Completion
	for value, n := range counts {
		s := news.Suggestion{Kind: facet, Text: labels[value], Value: value, Count: n}
		found = append(found, index.Completion{Suggestion: s, Inner: inner[value]})
	}
	return found, nil
}

// completeWords completes the last word of the text.
func (e *Engine) completeWords(ctx context.Context, text string) ([]index.Completion, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	at := strings.LastIndexByte(text, ' ') + 1
	head, last := text[:at], text[at:]
	counts, err := e.count(ctx, fieldWord, object{"include": regexpQuote(last) + ".*", "size": maxWordsSeen})
	if err != nil {
		return nil, err
	}
	var found []index.Completion
	for word, n := range counts {
		found = append(found, index.Completion{Suggestion: news.Suggestion{Kind: kindQuery, Text: head + word, Value: head + word, Count: n}})
	}
	return found, nil
}

// regexpQuote writes text so that Lucene's regular expressions take it as it is.
func regexpQuote(text string) string {
	return strings.NewReplacer(`"`, `\"`, `#`, `\#`, `@`, `\@`, `&`, `\&`, `~`, `\~`, `<`, `\<`, `>`, `\>`).Replace(regexp.QuoteMeta(text))
}

// count counts live articles by values of a keyword field.
func (e *Engine) count(ctx context.Context, field string, how object) (map[string]int, error) {
	how["field"] = field
	body := object{
		"size": 0, "track_total_hits": false, "query": all(term(fieldDeleted, false)),
		"aggs": object{"values": object{"terms": how}},
	}
	var r reply
	if err := e.client.search(ctx, e.cfg.Prefix, nil, body, &r); err != nil {
		return nil, fmt.Errorf("count values: %w", err)
	}
	counts := make(map[string]int)
	for _, b := range r.Aggregations["values"].Buckets {
		if value, ok := b.Key.(string); ok {
			counts[value] = b.Count
		}
	}
	return counts, nil
}

// cut shortens text to at most n bytes of whole characters.
func cut(text string, n int) string { return strings.ToValidUTF8(text[:min(n, len(text))], "") }
