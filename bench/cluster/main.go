// Command cluster compares the index in OpenSearch with the embedded one: the
// same made-up articles, the same questions, one run. It prints, as tables in
// Markdown, how fast each writes, is built anew while it is searched, and
// answers, and how much all its processes work for that.
//
//	go run ./bench/cluster -n 50000 -opensearch opensearch://127.0.0.1:19200 \
//	  -opensearch opensearch://127.0.0.1:19300,127.0.0.1:19301,127.0.0.1:19302
//
// Each address is a peer of its own, whose servers must run on this machine, for
// their CPU time and memory are read from /proc. Its indexes are deleted at the
// end.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"

	"broadsheet.example/bench/press"
)

// options are the command's flags.
type options struct {
	articles, clients int
	span              time.Duration
	addresses         []string
}

// The press's settings.
const (
	meanWords = 387
	seed      = 1
)

func main() {
	var o options
	flag.IntVar(&o.articles, "n", 50_000, "number of articles")
	flag.IntVar(&o.clients, "clients", 4, "searches at a time")
	flag.DurationVar(&o.span, "span", 10*time.Second, "how long each class of questions is asked")
	flag.Func("opensearch", "`ADDRESS` of a cluster to measure; may be given several times", func(s string) error {
		o.addresses = append(o.addresses, s)
		return nil
	})
	flag.Parse()
	if err := run(context.Background(), o, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "broadsheet-cluster")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	lib := newLibrary(press.New(o.articles, meanWords, seed), o.articles)
	peers := []peer{&embedded{dir: dir, lib: lib}}
	defer func() {
		for _, p := range peers {
			err = errors.Join(err, p.close())
		}
	}()
	for _, address := range o.addresses {
		c, err := openCluster(ctx, address, lib)
		if err != nil {
			return err
		}
		peers = append(peers, c)
	}
	if err := writing(ctx, peers, lib, out); err != nil {
		return err
	}
	return searching(ctx, peers, lib, o, out)
}

// row prints a row of a table.
func row(out io.Writer, first string, cells []string) error {
	var line strings.Builder
	line.WriteString("| " + first + " |")
	for _, c := range cells {
		line.WriteString(" " + c + " |")
	}
	_, err := fmt.Fprintln(out, line.String())
	return err
}

// head prints the head of a table with a column for each peer.
func head(out io.Writer, what string, peers []peer) error {
	var names, rules []string
	for _, p := range peers {
		names, rules = append(names, p.name()), append(rules, "---")
	}
	if err := row(out, what, names); err != nil {
		return err
	}
	return row(out, "---", rules)
}
