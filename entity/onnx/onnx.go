// Package onnx marks names with a token classification model of the user's own
// in ONNX form, such as a fine-tuned BERT, in place of Broadsheet's.
//
// It is a module of its own, because what runs such models is larger than all of
// Broadsheet; the program broadsheet-onnx below it is Broadsheet with this
// package. It runs models on the processor, in Go alone. It trains nothing and
// fetches nothing. Start reading at [Load], then at [Model.Label].
package onnx

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"

	"github.com/knights-analytics/hugot"
	"github.com/knights-analytics/hugot/backends"
	"github.com/knights-analytics/hugot/options"
	"github.com/knights-analytics/hugot/pipelines"

	"broadsheet.example/entity"
	"broadsheet.example/entity/token"
	"broadsheet.example/news"
)

// MaxText is how many bytes of a text are labeled; the rest is left alone. It is
// less than what the embedded model reads, which is a thousand times as fast.
const MaxText = 64 << 10

// windowSizes are the lengths in pieces to which windows are filled up, so that
// the model is prepared for a few lengths only. The last is the longest window.
var windowSizes = []int{32, 64, 128, 256}

// Model marks names in texts. It does not change after Load and is safe for
// concurrent use.
type Model struct {
	pipeline *pipelines.TokenClassificationPipeline
	pieces   *pieces
	tags     []tag // by number of the model's label
	room     int   // pieces of text in a window
	log      *slog.Logger
}

var _ entity.Labeler = (*Model)(nil)

// Load reads the model of a directory: model.onnx (there or in its folder onnx),
// tokenizer.json and config.json, as the common exporters write them. It labels
// one sentence, so that a model that cannot run is refused here. What goes wrong
// later is told to log.
func Load(dir string, log *slog.Logger) (*Model, error) {
	c, err := readConfig(dir)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", dir, err)
	}
	m := &Model{tags: c.tags, log: log}
	if err := m.open(dir, c); err != nil {
		return nil, fmt.Errorf("model %s: %w", dir, err)
	}
	if _, err := m.label("Ada Reyes of the Harbor Council spoke in Lisbon."); err != nil {
		return nil, fmt.Errorf("model %s: a first sentence cannot be labeled, so tokenizer.json, config.json and %s may not belong together: %w", dir, modelFile, err)
	}
	return m, nil
}

// open loads network and tokenizer.
func (m *Model) open(dir string, c *config) (err error) {
	defer recovered(&err)
	session, err := hugot.NewGoSession(context.Background(),
		options.WithGoMLXBatchBuckets([]int{1}), options.WithGoMLXSequenceBuckets(c.windowSizes()))
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, session.Destroy())
		}
	}()
	m.pipeline, err = hugot.NewPipeline(session, hugot.TokenClassificationConfig{
		ModelPath: dir, OnnxFilename: modelFile, Name: "entities",
	})
	if err != nil {
		return fmt.Errorf("%w; wanted is the ONNX export of a token classification model", err)
	}
	if err := checkShape(m.pipeline.Model, len(m.tags)); err != nil {
		return err
	}
	m.pieces = newPieces(m.pipeline.Model.Tokenizer.GoTokenizer.Tokenizer)
	if len(m.pieces.of("Lisbon")) == 0 {
		return fmt.Errorf("%s: no vocabulary that words can be cut by; it must be the one that the model was trained with", tokenizerFile)
	}
	m.room = c.room - m.pieces.around()
	if m.room < maxPieces {
		return fmt.Errorf("%s: max_position_embeddings leaves room for %d pieces of words, %d at least are wanted", configFile, m.room, maxPieces)
	}
	return nil
}

// checkShape tells a token classification model by what goes in and comes out.
func checkShape(m *backends.Model, labels int) error {
	inputs := backends.GetNames(m.InputsMeta)
	for _, want := range []string{"input_ids", "attention_mask"} {
		if !strings.Contains(" "+strings.Join(inputs, " ")+" ", " "+want+" ") {
			return fmt.Errorf("no token classification model: it takes %s, and not %s", strings.Join(inputs, ", "), want)
		}
	}
	out := m.OutputsMeta[0].Dimensions
	if got := out[len(out)-1]; got != int64(labels) {
		return fmt.Errorf("the model tells %d labels apart and id2label of config.json names %d; they must be of one model", got, labels)
	}
	return nil
}

// Label marks the names in a text. It is an [entity.Labeler].
func (m *Model) Label(text string) (names []news.Mention, ok bool) {
	names, err := m.label(text)
	if err != nil {
		m.log.Warn("the model of entity.model cannot label a text; the embedded one does", "err", err)
		return nil, false
	}
	return names, true
}

func (m *Model) label(text string) (names []news.Mention, err error) {
	defer recovered(&err)
	cut := token.Split(capped(text))
	ids := make([][]uint32, len(cut.Tokens))
	for i := range cut.Tokens {
		ids[i] = m.pieces.of(cut.Word(i))
	}
	tags := make([]tag, len(cut.Tokens))
	for _, w := range windows(ids, cut.Ends, m.room) {
		if err := m.run(ids[w.from:w.to], tags[w.from:w.to]); err != nil {
			return nil, err
		}
	}
	return mentions(cut, tags), nil
}

// run has the model tag the words of one window, given by their pieces.
func (m *Model) run(words [][]uint32, tags []tag) (err error) {
	input, heads := m.pieces.window(words)
	batch := backends.NewBatch(1)
	batch.Input = []backends.TokenizedInput{input}
	batch.MaxSequenceLength = len(input.TokenIDs)
	defer func() { err = errors.Join(err, batch.Destroy()) }()
	if err := backends.CreateInputTensors(batch, m.pipeline.Model, m.pipeline.Runtime); err != nil {
		return err
	}
	if err := backends.RunSessionOnBatch(context.Background(), batch, m.pipeline.BasePipeline); err != nil {
		return err
	}
	scores, ok := batch.OutputValues[0].([][][]float32)
	if !ok || len(scores) != 1 {
		return fmt.Errorf("scores of type %T, want one row of them a piece", batch.OutputValues[0])
	}
	for i, head := range heads {
		if head >= len(scores[0]) {
			return fmt.Errorf("%d rows of scores for %d pieces", len(scores[0]), len(input.TokenIDs))
		}
		if head >= 0 {
			tags[i] = m.tags[best(scores[0][head])]
		}
	}
	return nil
}

// best returns the index of the highest score; what is no number is none.
func best(scores []float32) int {
	at := 0
	for i, s := range scores {
		if s > scores[at] || math.IsNaN(float64(scores[at])) {
			at = i
		}
	}
	return at
}

// capped returns text cut to MaxText, before the word that would be cut in two.
func capped(text string) string {
	if len(text) <= MaxText {
		return text
	}
	text = text[:MaxText]
	if i := strings.LastIndexAny(text, " \n"); i >= 0 {
		text = text[:i]
	}
	return text
}

// recovered turns a panic of the libraries, which take what they read for sound,
// into an error.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the model cannot be run (%v); is it a token classification model, exported to ONNX?", p)
	}
}
