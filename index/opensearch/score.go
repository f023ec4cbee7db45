package opensearch

import (
	"context"
	"fmt"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

const dayMillis = 24 * 60 * 60 * 1000

// scored adds to a query what gives scores, when the search sorts by them.
func (s *search) scored(query object) object {
	if s.q.Sort != news.SortRelevancy {
		return query
	}
	inner := query["bool"].(object)
	var should []object
	for _, r := range s.readings {
		for _, w := range r.Scored {
			should = append(should, scoredWords(w, r.Set))
		}
	}
	if len(should) > 0 {
		inner["should"] = should
	} else {
		inner["must"] = object{"match_all": object{}} // scores 1
	}
	return s.decayed(query)
}

// decayed multiplies scores by a decay of age, the one that package index
// documents.
func (s *search) decayed(query object) object {
	days, floor := 30, 0.5
	switch s.q.Recency {
	case news.RecencyOff:
		return query
	case news.RecencyStrong:
		days, floor = 3, 0.1
	case news.RecencyNormal:
	}
	now := s.q.Now.UnixMilli()
	past := object{"range": object{fieldPublished: object{"lte": now}}}
	decay := object{fieldPublished: object{"origin": now, "scale": days * dayMillis, "decay": 0.5}}
	return object{"function_score": object{
		"query": query, "score_mode": "sum", "boost_mode": "multiply",
		"functions": []object{
			{"weight": floor},
			{"filter": past, "exp": decay, "weight": 1 - floor},
			{"filter": not(past), "weight": 1 - floor},
		},
	}}
}

// counting is the name of the aggregation that counts the articles with each
// word.
const counting = "words"

// countWords returns the aggregation that counts, for each scored word, the
// articles that hold it.
func (s *search) countWords() object {
	counts := object{}
	for i, r := range s.readings {
		for j, w := range r.Scored {
			counts[wordName(i, j)] = object{"filter": all(term(fieldDeleted, false), words(w, r.Set))}
		}
	}
	return object{"global": object{}, "aggs": counts}
}

func wordName(reading, word int) string { return fmt.Sprintf("w%d_%d", reading, word) }

// weigh hands what was counted to the words.
func (s *search) weigh(r *reply) bool {
	counts, ok := r.Aggregations[counting]
	if !ok {
		return false
	}
	for i, reading := range s.readings {
		for j, w := range reading.Scored {
			w.Found(counts.Sub[wordName(i, j)].Count, s.among(w, reading.Set))
		}
	}
	return true
}

// among is how many articles there are of which some hold the words: entities are
// those of all field sets.
func (s *search) among(w *index.Words, set string) int {
	if w.Kind != index.Named {
		return s.sets[set].Articles
	}
	n := 0
	for _, stats := range s.sets {
		n += stats.Articles
	}
	return n
}

// count counts, for each scored word, the articles that hold it.
func (s *search) count(ctx context.Context) error {
	r, err := s.ask(ctx, object{"size": 0, "track_total_hits": false, "aggs": object{counting: s.countWords()}})
	if err == nil {
		s.weigh(r)
	}
	return err
}

// hasWords reports whether the query has words that score.
func (s *search) hasWords() bool {
	for _, r := range s.readings {
		if len(r.Scored) > 0 {
			return true
		}
	}
	return false
}
