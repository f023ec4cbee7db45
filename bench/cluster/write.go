package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet.example/bench/proc"
	"broadsheet.example/news"
)

// writeBatch is how many articles are written at once: what index.batch is as it
// comes.
const writeBatch = 500

// The generations: the first is filled, then the second while the first is
// searched.
const (
	first  = "g1"
	second = "g2"
)

// writing fills each peer, twice, and prints what that took.
func writing(ctx context.Context, peers []peer, lib *library, out io.Writer) error {
	labels := []string{
		"articles/s", "CPU ms an article, this process", "CPU ms an article, servers", "bytes an article on disk",
		"built anew beside searches: articles/s", "searches/s meanwhile", "memory of the servers",
	}
	cells := make([][]string, len(labels))
	for _, p := range peers {
		list, err := fillTwice(ctx, p, lib)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name(), err)
		}
		for i, c := range list {
			cells[i] = append(cells[i], c)
		}
	}
	if err := head(out, fmt.Sprintf("writing %d articles", len(lib.list)), peers); err != nil {
		return err
	}
	for i, label := range labels {
		if err := row(out, label, cells[i]); err != nil {
			return err
		}
	}
	return nil
}

func fillTwice(ctx context.Context, p peer, lib *library) ([]string, error) {
	idx, err := p.open(ctx, first)
	if err != nil {
		return nil, err
	}
	n := float64(len(lib.list))
	before := usedBy(p)
	if err := fill(ctx, idx, lib); err != nil {
		return nil, err
	}
	wall := time.Since(before.at)
	calm(p)
	_, own, servers := before.since(p)
	if err := p.promote(ctx, idx); err != nil {
		return nil, err
	}
	size, err := p.bytes(ctx, first)
	if err != nil {
		return nil, err
	}
	anew, searches, err := rebuild(ctx, p, idx, lib)
	if err != nil {
		return nil, err
	}
	var memory int64
	for _, pid := range p.servers() {
		memory += proc.Resident(pid)
	}
	return []string{
		fmt.Sprintf("%.0f", n/wall.Seconds()), millis(own, n), millis(servers, n), fmt.Sprintf("%.0f", float64(size)/n),
		fmt.Sprintf("%.0f", n/anew.Seconds()), fmt.Sprintf("%.0f", searches/anew.Seconds()), fmt.Sprintf("%d MB", memory>>20),
	}, nil
}

func millis(d time.Duration, n float64) string {
	return fmt.Sprintf("%.2f", float64(d.Microseconds())/1e3/n)
}

func fill(ctx context.Context, idx news.Index, lib *library) error {
	for at := 0; at < len(lib.list); at += writeBatch {
		outcomes, err := idx.Apply(ctx, lib.changes(at, writeBatch))
		if err != nil {
			return err
		}
		for _, o := range outcomes {
			if o.Err != nil {
				return o.Err
			}
		}
	}
	return nil
}

// rebuild fills a second generation while one client searches the first, and has
// it searched. It returns what it took and how many searches were answered.
func rebuild(ctx context.Context, p peer, old news.Index, lib *library) (time.Duration, float64, error) {
	next, err := p.open(ctx, second)
	if err != nil {
		return 0, 0, err
	}
	classes := questions(lib)
	asking, stop := context.WithCancel(ctx)
	var answered atomic.Int64
	var failed error
	var searcher sync.WaitGroup
	searcher.Go(func() {
		for i := 0; asking.Err() == nil; i++ {
			c := classes[i%len(classes)]
			_, err := old.Search(asking, c.list[i/len(classes)%len(c.list)])
			_, slow := errors.AsType[*news.CostError](err) // it took too long on a busy machine
			switch {
			case err == nil:
				answered.Add(1)
			case asking.Err() == nil && !slow:
				failed = err
				return
			}
		}
	})
	start := time.Now()
	err = fill(ctx, next, lib)
	took := time.Since(start)
	stop()
	searcher.Wait()
	switch {
	case err != nil:
		return 0, 0, err
	case failed != nil:
		return 0, 0, fmt.Errorf("search during the rebuild: %w", failed)
	}
	return took, float64(answered.Load()), p.promote(ctx, next)
}

// sizeOf asks OpenSearch how much its indexes take.
func sizeOf(ctx context.Context, host, indexes string) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+"/_cat/indices/"+indexes+"?format=json&bytes=b&h=store.size", nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	var list []struct {
		Size string `json:"store.size"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil {
		return 0, err
	}
	var total int64
	for _, l := range list {
		n, err := strconv.ParseInt(l.Size, 10, 64)
		if err != nil {
			fmt.Fprintln(os.Stderr, "no size of an index:", err)
		}
		total += n
	}
	return total, nil
}
