package opensearch

import (
	"fmt"
	"strings"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

func term(field string, value any) object {
	return object{"term": object{field: object{"value": value}}}
}

func terms(field string, values []string) object { return object{"terms": object{field: values}} }

// all holds where every part does; none that it always does.
func all(parts ...object) object {
	if len(parts) == 1 {
		return parts[0]
	}
	return object{"bool": object{"filter": parts}}
}

// anyOf holds where at least one of the parts does, never where there are none.
func anyOf(parts ...object) object { return atLeast(1, parts) }

func atLeast(n int, parts []object) object {
	switch len(parts) {
	case 0:
		return object{"match_none": object{}}
	case 1:
		return parts[0]
	}
	return object{"bool": object{"should": parts, "minimum_should_match": n}}
}

func not(part object) object { return object{"bool": object{"must_not": part}} }

// translate writes a condition on articles of a field set in OpenSearch's query
// language.
func translate(c index.Condition, set string) object {
	switch c := c.(type) {
	case index.AllOf:
		return all(translateAll(c, set)...)
	case index.AnyOf:
		return anyOf(translateAll(c, set)...)
	case index.NotOf:
		return not(translate(c.Part, set))
	case index.AtLeast:
		return atLeast(c.Min, translateAll(c.Parts, set))
	case index.Exact:
		return term(keywordField(c.Field), c.Value)
	case index.Within:
		return within(c)
	case *index.Words:
		return words(c, set)
	default:
		panic(fmt.Sprintf("unknown condition %T", c)) // the conditions are all above
	}
}

func translateAll(list []index.Condition, set string) []object {
	out := make([]object, len(list))
	for i, c := range list {
		out[i] = translate(c, set)
	}
	return out
}

func within(c index.Within) object {
	span := object{}
	if c.From != nil {
		span["gte"] = *c.From
	}
	if c.To != nil {
		span["lt"] = *c.To
	}
	return object{"range": object{dateField(c.Date): span}}
}

func dateField(f news.DateField) string {
	switch f {
	case news.DateUpdated:
		return fieldUpdated
	case news.DateIndexed:
		return fieldSeen
	default:
		return fieldPublished
	}
}

// words holds where a word, phrase or prefix stands in one of its fields.
func words(w *index.Words, set string) object { return wordsBy(w, set, everyTerm) }

// scoredWords is words for its score: of what a prefix stands for it looks at the
// most frequent terms alone.
func scoredWords(w *index.Words, set string) object {
	scored := wordsBy(w, set, someTerms)
	if b := w.Boost(); b != 1 {
		return object{"bool": object{"must": scored, "boost": b}}
	}
	return scored
}

// How the terms of a prefix are looked for.
const (
	everyTerm = "constant_score"
	someTerms = "top_terms_blended_freqs_50"
)

func wordsBy(w *index.Words, set, rewrite string) object {
	if w.Kind == index.Named {
		return term(keywordField(w.Fields[0]), w.Terms[0])
	}
	if w.Everywhere() && (w.Kind == index.OneTerm || w.Kind == index.AnyPrefix) {
		return anyOf(wordsIn(w, textField("text", set), rewrite)...)
	}
	var list []object
	for _, field := range w.Fields {
		list = append(list, wordsIn(w, textField(field, set), rewrite)...)
	}
	return anyOf(list...)
}

// wordsIn returns the alternatives by which words may stand in a field.
func wordsIn(w *index.Words, field, rewrite string) []object {
	switch w.Kind {
	case index.InOrder:
		tokens := make([]index.Token, len(w.Terms))
		for i, t := range w.Terms {
			tokens[i] = index.Token{Term: t, Position: w.Offsets[i] + 1}
		}
		return []object{{"match_phrase": object{field: object{"query": spell(tokens)}}}}
	case index.Near:
		match := object{"query": strings.Join(w.Terms, " "), "ordered": false, "max_gaps": w.Slop}
		return []object{{"intervals": object{field: object{"match": match}}}}
	case index.AnyPrefix:
		list := []object{{"prefix": object{field: object{"value": w.Text, "rewrite": rewrite}}}}
		if len(w.Terms) > 0 {
			list = append(list, object{"terms": object{field: w.Terms}})
		}
		return list
	default:
		return []object{term(field, w.Terms[0])}
	}
}
