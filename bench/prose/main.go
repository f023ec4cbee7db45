// Command prose compares the recognizer of Broadsheet with the library
// github.com/jdkato/prose/v3 on labeled news, in one process and on the same
// texts: exact spans and types, and articles of 500 words a second of processor
// time.
//
//	cd bench/prose && go run . worldwide.dev.iob2
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"syscall"
	"time"

	"broadsheet.example/entity"
	"broadsheet.example/entity/tagger"
	"broadsheet.example/news"
	"github.com/jdkato/prose/v3"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: prose FILE.iob2")
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// labeler marks the names of a text.
type labeler func(text string) ([]news.Mention, error)

func run(file string, out io.Writer) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	docs, err := tagger.ReadIOB2(in)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	r, err := entity.New()
	if err != nil {
		return err
	}
	ours := func(text string) ([]news.Mention, error) { return r.Mentions(text), nil }
	for _, l := range []struct {
		name  string
		label labeler
	}{{"broadsheet", ours}, {"prose", byProse}} {
		if _, err := l.label(docs[0].Text); err != nil { // models are loaded
			return err
		}
		if err := compare(out, l.name, l.label, docs); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	return nil
}

// byProse labels as prose does, in the types of Broadsheet.
func byProse(text string) ([]news.Mention, error) {
	doc, err := prose.NewDocument(text)
	if err != nil {
		return nil, err
	}
	var out []news.Mention
	for _, e := range doc.Entities() {
		if kind := typeOf(e.Label); kind != "" {
			out = append(out, news.Mention{Start: e.Start, End: e.End(), Type: kind, Text: e.Text})
		}
	}
	return out, nil
}

// typeOf returns the type that prose or a labeled file calls so.
func typeOf(label string) news.EntityType {
	switch label {
	case "PERSON", "PER":
		return news.Person
	case "GPE", "LOCATION", "FACILITY", "LOC", "FAC":
		return news.Place
	case "ORGANIZATION", "ORG":
		return news.Organization
	}
	return ""
}

// counts are names found, names there are, and those that agree.
type counts struct{ found, there, right int }

func (c counts) f1() float64 { return 200 * float64(c.right) / float64(max(c.found+c.there, 1)) }

// compare labels all documents and writes a line.
func compare(out io.Writer, name string, label labeler, docs []tagger.Labeled) error {
	labeled := make([][]news.Mention, len(docs))
	words := 0
	start := processorTime()
	for i, d := range docs {
		words += len(strings.Fields(d.Text))
		var err error
		if labeled[i], err = label(d.Text); err != nil {
			return err
		}
	}
	spent := processorTime() - start
	byType := map[news.EntityType]counts{}
	var all counts
	for i, d := range docs {
		for kind, c := range agreement(d, labeled[i]) {
			byType[kind] = byType[kind].plus(c)
			all = all.plus(c)
		}
	}
	fmt.Fprintf(out, "%-10s F1 %.1f: person %.1f, place %.1f, organization %.1f; %.0f articles a second\n", name,
		all.f1(), byType[news.Person].f1(), byType[news.Place].f1(), byType[news.Organization].f1(), float64(words)/500/spent.Seconds())
	return nil
}

func (c counts) plus(d counts) counts {
	return counts{c.found + d.found, c.there + d.there, c.right + d.right}
}

// agreement compares a document's names with the mentions found.
func agreement(d tagger.Labeled, found []news.Mention) map[news.EntityType]counts {
	out := map[news.EntityType]counts{}
	want := map[news.Mention]bool{}
	for _, n := range d.Names {
		if kind := typeOf(n.Type); kind != "" {
			want[news.Mention{Start: n.Start, End: n.End, Type: kind, Text: d.Text[n.Start:n.End]}] = true
			out[kind] = out[kind].plus(counts{there: 1})
		}
	}
	for _, m := range found {
		c := counts{found: 1}
		if want[m] {
			c.right = 1
		}
		out[m.Type] = out[m.Type].plus(c)
	}
	return out
}

// processorTime is what the process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // the arguments are right
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
