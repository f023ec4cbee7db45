package tagger

import (
	"fmt"
	"io"
	"math/rand/v2"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/token"
)

// Training says how a model is trained. The same values, documents and lists
// give the same model.
type Training struct {
	Seed   uint64
	Epochs int
	// FirstEpochs is for the models that label one half of the documents after
	// learning from the other, for their histories.
	FirstEpochs int
	// Margin is by how much the right tag of a token must win over a wrong one.
	Margin int
	// Noise is the share of features that is left out at random, each time anew.
	Noise float64
	// Models is how many models, trained in different orders, are averaged.
	Models int
	// Reserve is by how much a name must win over no name when labeling, beyond
	// what training asks for: in texts of other kinds than those learned from,
	// the labeler is too eager.
	Reserve float64
	// Prune is the size up to which weights are dropped.
	Prune float64
	// Log takes a line for each epoch.
	Log io.Writer
}

// example is a sentence to learn from.
type example struct {
	rows    [][]uint32
	history [][]uint32
	gold    []tag
	allowed []uint32 // for sentences not labeled completely, instead of gold
}

// Train learns from documents and writes the model to w.
func Train(w io.Writer, docs []Labeled, gaz *gazetteer.Gazetteer, lex *Lexicon, t Training) error {
	prepared := make([]trainingDoc, len(docs))
	for i, doc := range docs {
		prepared[i] = prepare(doc, gaz, lex)
	}
	if err := t.giveHistory(prepared); err != nil {
		return err
	}
	model := t.average(prepared)
	model.reserve(float32(t.Reserve))
	if err := model.write(w, float32(t.Prune)); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	return nil
}

// average trains the models and averages them.
func (t *Training) average(docs []trainingDoc) *averaged {
	mean := &averaged{weights: make([]float32, maxRows*tags)}
	for i := range max(t.Models, 1) {
		one := *t
		one.Seed += uint64(i) << 32
		mean.add(one.learn(docs, t.Epochs, true, t.Log), 1/float32(max(t.Models, 1)))
	}
	return mean
}

// trainingDoc is a document cut into examples.
type trainingDoc struct {
	doc      *document
	examples []example
	first    []tag // how a model that has not seen the document labels it
}

// prepare computes the features and the tags of a document.
func prepare(l Labeled, gaz *gazetteer.Gazetteer, lex *Lexicon) trainingDoc {
	text := token.Split(l.Text)
	d := newDocument(text, gaz, lex)
	gold, allowed := project(l, text)
	out := trainingDoc{doc: d}
	d.sentences(func(start, end int) {
		s := sentence{doc: d, start: start, end: end, capitals: uint64(d.caseOf(start, end))}
		e := example{gold: gold[start:end]}
		if allowed != nil {
			e.allowed = allowed[start:end]
		}
		for i := start; i < end; i++ {
			e.rows = append(e.rows, s.features(nil, i))
		}
		out.examples = append(out.examples, e)
	})
	return out
}

// giveHistory labels each half of the documents by what is learned from the
// other half, so that training sees histories with the errors of labeling.
func (t *Training) giveHistory(docs []trainingDoc) error {
	var half [2][]trainingDoc
	var index [2][]int
	for i := range docs {
		half[i%2] = append(half[i%2], docs[i])
		index[i%2] = append(index[i%2], i)
	}
	for h := range half {
		m, err := t.learn(half[1-h], t.FirstEpochs, false, io.Discard).parsed()
		if err != nil {
			return err
		}
		for _, i := range index[h] {
			docs[i].label(m)
			docs[i].spreadHistory()
		}
	}
	return nil
}

// label labels the document with m, without history.
func (d *trainingDoc) label(m *parsed) {
	d.first = make([]tag, len(d.doc.ids))
	at := 0
	var dec decoder
	for _, e := range d.examples {
		sums := make([]scores, len(e.rows))
		for i, rows := range e.rows {
			m.rows.sum(rows, &sums[i])
		}
		dec.decode(sums, &m.trans, nil, d.first[at:])
		at += len(e.gold)
	}
}

// spreadHistory gives the examples their history.
func (d *trainingDoc) spreadHistory() {
	rows := historyRows(d.doc, d.first)
	at := 0
	for i := range d.examples {
		n := len(d.examples[i].gold)
		d.examples[i].history = rows[at : at+n]
		at += n
	}
}

// learn trains a model. With history, every other time by chance a sentence is
// shown without its history, so that the same weights serve both readings.
func (t *Training) learn(docs []trainingDoc, epochs int, history bool, log io.Writer) *averaged {
	rng := rand.New(rand.NewPCG(t.Seed, 0))
	thinning := rand.NewPCG(t.Seed, 1)
	var all []*example
	for i := range docs {
		for j := range docs[i].examples {
			all = append(all, &docs[i].examples[j])
		}
	}
	m := newTrainer(int32(t.Margin), t.Noise, thinning)
	for epoch := range epochs {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		wrong, total := 0, 0
		for _, e := range all {
			wrong += m.learn(e, history && rng.IntN(2) == 0)
			total += len(e.rows)
		}
		fmt.Fprintf(log, "epoch %d: %.2f %% of %d tokens wrong\n", epoch+1, 100*float64(wrong)/float64(max(total, 1)), total)
	}
	return m.average()
}
