// Command corpus writes generated news articles as NDJSON, for import into a
// server that is to be measured. The same flags give the same bytes.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"log"
	"os"

	"broadsheet.example/bench/press"
)

func main() {
	n := flag.Int("n", 100_000, "number of articles")
	words := flag.Int("words", 387, "mean words of an article")
	entities := flag.Bool("entities", true, "supply entities")
	seed := flag.Uint64("seed", 1, "seed")
	flag.Parse()
	if err := write(press.New(*n, *words, *seed), *n, *entities); err != nil {
		log.Fatal(err)
	}
}

// write writes what a caller who imports articles knows of them.
func write(p *press.Press, n int, entities bool) error {
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for i := range n {
		a := press.Import(p.Article(i))
		if !entities {
			a.Entities = nil
		}
		if err := enc.Encode(a); err != nil {
			return err
		}
	}
	return out.Flush()
}
