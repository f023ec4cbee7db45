package opensearch

import (
	"context"
	"fmt"
)

// maxNear bounds the words that are looked at to find the one that was meant.
const maxNear = 50

// hint tells, of a query that finds nothing or little, which of its words no
// article has, and what may have been meant.
func (s *search) hint(ctx context.Context) error {
	if !s.hasWords() {
		return nil
	}
	if err := s.count(ctx); err != nil {
		return err
	}
	var err error
	near := func(word string, distance int) (string, error) { return s.engine.near(ctx, word, distance) }
	s.warnings, s.corrections, err = s.engine.mapper.Hints(s.readings, near)
	return err
}

// near returns the most frequent word of titles that differs in at most distance
// letters and begins alike.
func (e *Engine) near(ctx context.Context, word string, distance int) (string, error) {
	body := object{"size": 0, "suggest": object{"near": object{"text": word, "term": object{
		"field": fieldWord, "analyzer": "keyword", "suggest_mode": "always", "max_edits": distance, "prefix_length": 1,
		"min_word_length": 1, "size": maxNear, "shard_size": maxNear, "sort": "frequency",
	}}}}
	var r struct {
		shards
		Suggest struct {
			Near []struct {
				Options []struct {
					Text string `json:"text"`
				} `json:"options"`
			} `json:"near"`
		} `json:"suggest"`
	}
	if err := e.client.search(ctx, e.cfg.Prefix, nil, body, &r); err != nil {
		return "", fmt.Errorf("find near words: %w", err)
	}
	words := []string{word} // which may stand in a title of another language
	for _, n := range r.Suggest.Near {
		for _, o := range n.Options {
			if edits([]rune(word), []rune(o.Text)) <= distance {
				words = append(words, o.Text)
			}
		}
	}
	counts, err := e.count(ctx, fieldWord, object{"include": words, "size": len(words)})
	best, most := "", 0
	for w, n := range counts {
		if n > most || n == most && w < best {
			best, most = w, n
		}
	}
	return best, err
}

// edits is how many letters must be put in, taken out or replaced to make one
// word of the other.
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
