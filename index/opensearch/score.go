package opensearch

import (
	"fmt"

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
			w.Found(counts.Sub[wordName(i, j)].Count, s.sets[reading.Set].Articles)
		}
	}
	return true
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
