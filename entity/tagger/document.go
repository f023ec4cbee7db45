package tagger

import (
	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/token"
)

// document is a text made ready for features: each distinct word analyzed
// once, and what only the whole document tells.
type document struct {
	text   *token.Text
	words  []word
	ids    []int32 // index into words, for each token
	places []marks // what the gazetteer knows, for each token
	edge   word    // stands for the tokens beyond the ends of a sentence
	sport  sport
}

// marks is a set of (kind, position): that a token is the only, the first or a
// later word of a surface that the gazetteer knows as a kind.
type marks uint64

// markedKinds are the kinds that marks tell apart, in the order of their bits.
func markedKinds() [10]gazetteer.Kind {
	return [...]gazetteer.Kind{
		gazetteer.Country,
		gazetteer.Capital | gazetteer.Metropolis,
		gazetteer.City,
		gazetteer.Town,
		gazetteer.Region,
		gazetteer.Organization,
		gazetteer.Demonym,
		gazetteer.FirstName,
		gazetteer.Surname,
		gazetteer.Person,
	}
}

// newDocument analyzes a text.
func newDocument(text *token.Text, gaz *gazetteer.Gazetteer, lex *Lexicon) *document {
	d := &document{
		text:   text,
		ids:    make([]int32, len(text.Tokens)),
		places: make([]marks, len(text.Tokens)),
		edge:   word{exact: hashString(1, "<edge>"), lower: hashString(2, "<edge>"), shape: 1, short: 2},
	}
	index := make(map[string]int32, len(text.Tokens)/2)
	for i := range text.Tokens {
		w := text.Word(i)
		id, ok := index[w]
		if !ok {
			id = int32(len(d.words))
			index[w] = id
			d.words = append(d.words, newWord(w, gaz, lex))
		}
		d.ids[i] = id
	}
	d.countCase(index)
	d.sport = d.measureSport()
	d.mark(gaz)
	return d
}

// word returns the word of token i.
func (d *document) word(i int) *word { return &d.words[d.ids[i]] }

// sentences calls f with the bounds of each sentence.
func (d *document) sentences(f func(start, end int)) {
	start := 0
	for _, end := range d.text.Ends {
		f(start, end)
		start = end
	}
}

// countCase counts for each word how it is written elsewhere in the document.
func (d *document) countCase(index map[string]int32) {
	lowered := make(map[uint64]int, len(index))
	named := make(map[uint64]int, len(index))
	d.sentences(func(start, end int) {
		headline := d.caseOf(start, end) != proseCase
		for i := start; i < end; i++ {
			w := d.word(i)
			switch {
			case !w.letter:
			case !w.upper:
				lowered[w.lower]++
			case i > start && !headline:
				named[w.lower]++
			}
		}
	})
	for i := range d.words {
		d.words[i].asLower = lowered[d.words[i].lower]
		d.words[i].asName = named[d.words[i].lower]
	}
}

// How a sentence uses capitals.
const (
	proseCase = iota
	shoutCase // nearly all words in capitals throughout
	titleCase // nearly all words capitalized
)

// caseOf says how the sentence [start, end) uses capitals.
func (d *document) caseOf(start, end int) int {
	words, upper, shout := 0, 0, 0
	for i := start; i < end; i++ {
		w := d.word(i)
		if !w.letter {
			continue
		}
		words++
		if w.upper {
			upper++
		}
		if w.shout {
			shout++
		}
	}
	switch {
	case words > 2 && shout*10 >= words*7:
		return shoutCase
	case words > 3 && upper*10 >= words*7:
		return titleCase
	}
	return proseCase
}

// mark looks every surface of the text up in the gazetteer.
func (d *document) mark(gaz *gazetteer.Gazetteer) {
	for i := range d.ids {
		w := d.word(i)
		if !w.upper {
			continue
		}
		d.markKinds(i, 1, w.kinds)
		h := gazetteer.Extend(gazetteer.Hash(), w.text)
		for n := 2; n <= gazetteer.MaxWords && i+n <= len(d.ids); n++ {
			h = gazetteer.Extend(h, d.word(i+n-1).text)
			d.markKinds(i, n, gaz.Kinds(h))
		}
	}
}

// markKinds marks the n tokens from i as a surface of the kinds.
func (d *document) markKinds(i, n int, kinds gazetteer.Kind) {
	if kinds == 0 {
		return
	}
	for k, kind := range markedKinds() {
		if kinds&kind == 0 {
			continue
		}
		if n == 1 {
			d.places[i] |= 1 << (3 * k)
			continue
		}
		d.places[i] |= 1 << (3*k + 1)
		for j := i + 1; j < i+n; j++ {
			d.places[j] |= 1 << (3*k + 2)
		}
	}
}
