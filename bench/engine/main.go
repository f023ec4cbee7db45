// Command engine compares Broadsheet's index with Bleve as it comes and with
// SQLite's FTS5: the same made-up articles, the same questions, one process. It
// checks that the answers agree and prints, as a table in Markdown, the CPU time
// that each takes for an answer and how many times as much that is.
//
//	go run ./bench/engine -n 100000 -dir /tmp/engine -sqlite
//
// The indexes stay in the directory, and what is missing of them is built when it
// is run again. With -build it builds for that long at most and asks nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"broadsheet.example/bench/press"
	"broadsheet.example/news"
)

// options are the command's flags.
type options struct {
	articles, write int
	dir             string
	sqlite          bool
	build           time.Duration
}

// The press's settings.
const (
	meanWords = 387
	seed      = 1
)

func main() {
	var o options
	flag.IntVar(&o.articles, "n", 100_000, "number of articles")
	flag.StringVar(&o.dir, "dir", "", "where the indexes are kept; none: a temporary directory")
	flag.BoolVar(&o.sqlite, "sqlite", false, "measure SQLite too")
	flag.IntVar(&o.write, "write", 20_000, "articles written to measure writing; 0: not measured")
	flag.DurationVar(&o.build, "build", 0, "build for this long at most, and ask nothing")
	flag.Parse()
	if err := run(context.Background(), o, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "broadsheet-engine"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(o.dir)) }()
	}
	if o.write > 0 && o.build == 0 {
		if err := writing(ctx, o, out); err != nil {
			return err
		}
	}
	p := press.New(o.articles, meanWords, seed)
	before := heap()
	own, err := openOurs(ctx, filepath.Join(o.dir, "ours"))
	if err != nil {
		return err
	}
	after := heap()
	peers, err := openPeers(ctx, o, own)
	defer func() {
		for _, peer := range peers {
			err = errors.Join(err, peer.close())
		}
	}()
	if err != nil {
		return err
	}
	built, err := fill(ctx, o, p, peers)
	if err != nil || o.build > 0 {
		return err
	}
	if built == 0 {
		fmt.Fprintf(out, "The index alone, opened: %d bytes of heap an article\n\n", (after-before)/uint64(o.articles))
	}
	settle()
	if err := compare(ctx, peers, rows(p, o.articles), out); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe index in the end: %+v\n", own.engine.Stats())
	return nil
}

func openPeers(ctx context.Context, o options, own *ours) ([]peer, error) {
	peers := []peer{own}
	s, err := openStock(filepath.Join(o.dir, "stock"))
	if err != nil {
		return peers, err
	}
	peers = append(peers, s)
	if !o.sqlite {
		return peers, nil
	}
	l, err := openLite(ctx, filepath.Join(o.dir, "fts5.db"))
	if err != nil {
		return peers, err
	}
	return append(peers, l), nil
}

// heap is what is in use after garbage collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// fillBatch is how many articles a peer is given at once.
const fillBatch = 1000

// fill gives each peer the articles that it lacks, for as long as it may, and
// returns how many were given.
func fill(ctx context.Context, o options, p *press.Press, peers []peer) (int, error) {
	begin, given := time.Now(), 0
	for _, peer := range peers {
		have, err := peer.held()
		if err != nil {
			return given, err
		}
		for first := have; first < o.articles; first += fillBatch {
			if o.build > 0 && time.Since(begin) > o.build {
				log.Printf("%s holds %d of %d", peer.name(), first, o.articles)
				return given, nil
			}
			if err := peer.add(ctx, articles(p, first, min(fillBatch, o.articles-first))); err != nil {
				return given, fmt.Errorf("%s: %w", peer.name(), err)
			}
			given += fillBatch
		}
	}
	return given, nil
}

func articles(p *press.Press, first, n int) []news.Article {
	list := make([]news.Article, n)
	for i := range list {
		list[i] = p.Article(first + i)
	}
	return list
}
