// Package entity finds the people, places and organizations that a text names
// and says who or what they are.
//
// [Recognizer.Mentions] marks names in a text; [Recognizer.Recognize] goes on
// to put together what means the same, so that an article has one entry for a
// person however often and however briefly the person is named. [Recognizer.Resolve] gives
// the same identity to entities that come from elsewhere. The package knows
// nothing of stores or of other articles.
//
// English is labeled by a trained model, other languages by gazetteer and the
// shape of names, with precision before recall.
package entity

import (
	"fmt"
	"strings"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/model"
	"broadsheet.example/entity/tagger"
	"broadsheet.example/news"
)

// MaxText is how many bytes of a text are labeled; the rest is left alone.
const MaxText = 1 << 20

// Recognizer finds entities. It does not change after New and is safe for
// concurrent use.
type Recognizer struct {
	gaz     *gazetteer.Gazetteer
	tagger  *tagger.Tagger
	labeler Labeler // nil for tagger and lists
}

// New returns a Recognizer with the embedded lists and model.
func New() (*Recognizer, error) {
	gaz, err := gazetteer.Load()
	if err != nil {
		return nil, fmt.Errorf("load recognizer: %w", err)
	}
	lex, err := tagger.LoadLexicon(model.Lexicon())
	if err != nil {
		return nil, fmt.Errorf("load recognizer: %w", err)
	}
	t, err := tagger.Load(model.Weights(), gaz, lex)
	if err != nil {
		return nil, fmt.Errorf("load recognizer: %w", err)
	}
	return &Recognizer{gaz: gaz, tagger: t}, nil
}

// Mentions returns the names in a text in the order they stand, none overlapping
// another. A text is taken for English unless its script or its small words speak
// against it. Of a text over MaxText only the beginning is labeled.
func (r *Recognizer) Mentions(text string) []news.Mention {
	text = capped(text)
	mentions := r.label(text, "")
	for i, m := range mentions {
		mentions[i].Text = text[m.Start:m.End]
	}
	return mentions
}

// Recognize returns the entities that an article names, most salient first.
// First counts bytes of text alone. The language is an ISO 639-1 code, empty
// when unknown.
func (r *Recognizer) Recognize(title, text, language string) []news.Entity {
	const gap = "\n\n"
	title = strings.TrimSpace(capped(title))
	whole := capped(title + gap + text)
	d := &document{gaz: r.gaz, text: whole, body: len(title) + len(gap), foreign: !isEnglish(language, whole)}
	return d.resolve(r.label(whole, language))
}

// capped returns text cut to MaxText between two characters.
func capped(text string) string {
	if len(text) <= MaxText {
		return text
	}
	cut := MaxText
	for cut > MaxText-4 && text[cut]&0xc0 == 0x80 {
		cut--
	}
	return text[:cut]
}
