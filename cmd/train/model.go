package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/tagger"
)

// holdOut is which document of a file is held out: every tenth.
const holdOut = 10

// runModel trains a model and scores it.
func runModel(args []string, out io.Writer) error {
	f := flag.NewFlagSet("train model", flag.ContinueOnError)
	lexicon := f.String("lexicon", "entity/model/en.lexicon", "lexicon to train with")
	file := f.String("out", "", "file to write")
	held := f.String("hold-out", "", "files (a glob) of which every tenth document is not learned from but scored")
	partial := f.String("partial", "", "files (a glob) in which groups and events are not labeled")
	scored := f.String("score", "", "files (a glob) to score")
	t := tagger.Training{Log: os.Stderr}
	f.Uint64Var(&t.Seed, "seed", 1, "seed of chance")
	f.IntVar(&t.Epochs, "epochs", 8, "times that every sentence is learned from")
	f.IntVar(&t.FirstEpochs, "first-epochs", 3, "the same, for the models that only label histories")
	f.IntVar(&t.Margin, "margin", 10, "by how much the right tag must win")
	f.Float64Var(&t.Noise, "noise", 0.25, "share of features left out at random, each time anew")
	f.IntVar(&t.Models, "models", 10, "models trained in different orders and averaged")
	f.Float64Var(&t.Reserve, "reserve", 24, "by how much more a name must win over no name")
	f.Float64Var(&t.Prune, "prune", 1.2, "weights up to this size are dropped")
	if err := f.Parse(args); err != nil {
		return err
	}
	gaz, lex, err := lists(*lexicon)
	if err != nil {
		return err
	}
	docs, rest, err := corpus(f.Args(), *held, *partial)
	if err != nil {
		return err
	}
	var model bytes.Buffer
	if err := tagger.Train(&model, docs, gaz, lex, t); err != nil {
		return err
	}
	trained, err := tagger.Load(model.String(), gaz, lex)
	if err != nil {
		return err
	}
	score("held out", trained, rest).print(out)
	if err := scoreFiles(trained, *scored, out); err != nil {
		return err
	}
	return os.WriteFile(*file, model.Bytes(), 0o644)
}

// lists loads what labeling draws on beside the model.
func lists(lexicon string) (*gazetteer.Gazetteer, *tagger.Lexicon, error) {
	gaz, err := gazetteer.Load()
	if err != nil {
		return nil, nil, err
	}
	data, err := os.ReadFile(lexicon)
	if err != nil {
		return nil, nil, err
	}
	lex, err := tagger.LoadLexicon(string(data))
	return gaz, lex, err
}

// corpus reads the documents to learn from, and those held out.
func corpus(files []string, held, partial string) (docs, rest []tagger.Labeled, err error) {
	err = readAll(held, func(i int, d tagger.Labeled) {
		if i%holdOut == holdOut-1 {
			rest = append(rest, d)
		} else {
			docs = append(docs, d)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	for _, name := range files {
		if err := readFile(name, func(_ int, d tagger.Labeled) { docs = append(docs, d) }); err != nil {
			return nil, nil, err
		}
	}
	err = readAll(partial, func(_ int, d tagger.Labeled) {
		d.Partial = true
		docs = append(docs, d)
	})
	return docs, rest, err
}

// readAll calls f with the documents of the files that match a glob, each with
// its number in its file.
func readAll(glob string, f func(i int, d tagger.Labeled)) error {
	names, err := filepath.Glob(glob)
	if err != nil {
		return fmt.Errorf("%s: %w", glob, err)
	}
	for _, name := range names {
		if err := readFile(name, f); err != nil {
			return err
		}
	}
	return nil
}

func readFile(name string, f func(i int, d tagger.Labeled)) error {
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	docs, err := tagger.ReadIOB2(in)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, d := range docs {
		f(i, d)
	}
	return nil
}

// scoreFiles scores every file that matches a glob.
func scoreFiles(t *tagger.Tagger, glob string, out io.Writer) error {
	names, err := filepath.Glob(glob)
	if err != nil {
		return fmt.Errorf("%s: %w", glob, err)
	}
	for _, name := range names {
		var docs []tagger.Labeled
		if err := readFile(name, func(_ int, d tagger.Labeled) { docs = append(docs, d) }); err != nil {
			return err
		}
		score(filepath.Base(name), t, docs).print(out)
	}
	return nil
}
