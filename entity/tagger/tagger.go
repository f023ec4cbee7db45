// Package tagger marks the names in English text: a sequence labeler, an
// averaged perceptron over hashed features of the words, of the whole document
// and of the gazetteer, that reads every document twice, the second time
// knowing how it labeled the same words elsewhere.
//
// It says where names are and of which type; who they mean is not its affair.
// Start reading at [Tagger.Label] for use, at [Train] for where a model comes
// from, and in feature.go for what the labeler looks at.
package tagger

import (
	"fmt"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/token"
	"broadsheet.example/news"
)

// Tagger labels text. It does not change after Load and is safe for concurrent
// use.
type Tagger struct {
	gaz   *gazetteer.Gazetteer
	lex   *Lexicon
	model *parsed
}

// Load returns a Tagger with the model in the file that data holds.
func Load(data string, gaz *gazetteer.Gazetteer, lex *Lexicon) (*Tagger, error) {
	m, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("load tagger: %w", err)
	}
	return &Tagger{gaz: gaz, lex: lex, model: m}, nil
}

// Label returns the names in the text in order, with their bytes.
func (t *Tagger) Label(text *token.Text) []news.Mention {
	var out []news.Mention
	for _, s := range spansOf(t.tag(newDocument(text, t.gaz, t.lex))) {
		kind := s.class.entityType()
		if kind == "" {
			continue
		}
		out = append(out, news.Mention{Start: text.Tokens[s.start].Start, End: text.Tokens[s.end-1].End, Type: kind})
	}
	return out
}

// tag labels the document: once without, then with its history. What the
// features of a token come to is computed only once.
func (t *Tagger) tag(d *document) []tag {
	sums := make([]scores, len(d.ids))
	seq := make([]tag, len(d.ids))
	var dec decoder
	var rows []uint32
	d.sentences(func(start, end int) {
		s := sentence{doc: d, start: start, end: end, capitals: uint64(d.caseOf(start, end))}
		for i := start; i < end; i++ {
			rows = s.features(rows[:0], i)
			t.model.rows.sum(rows, &sums[i])
		}
		dec.decode(sums[start:end], &t.model.trans, nil, seq[start:end])
	})
	history := historyRows(d, seq)
	d.sentences(func(start, end int) {
		changed := false
		for i := start; i < end; i++ {
			if len(history[i]) > 0 {
				t.model.rows.sum(history[i], &sums[i])
				changed = true
			}
		}
		if changed {
			dec.decode(sums[start:end], &t.model.trans, nil, seq[start:end])
		}
	})
	return seq
}
