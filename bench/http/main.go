// Command http asks a running server for searches over several connections and
// prints how many it answers, how long they take, and what they cost.
//
//	go run ./bench/http -url http://127.0.0.1:8080 -pid $(pidof broadsheet) -requests 20000
//
// The words asked for are those of the archive's newest titles; a fifth each are
// one word, two words, any of three, a phrase and the newest. Each asks for 20 hits
// with snippets and for facets. Without -pid (Linux) there is no processor time.
// With -control, the server's control.sock, and -arriving, articles arrive while it
// is asked, and some of them are deleted again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"broadsheet.example/bench/proc"
)

type options struct {
	base, facets          string
	connections, requests int
	pid                   int
	seed                  uint64
	key                   string
	control               string
	arriving, deleting    int
}

func main() {
	var o options
	flag.StringVar(&o.base, "url", "http://127.0.0.1:8080", "the server")
	flag.StringVar(&o.facets, "facets", "source,date,person", "facets to ask for")
	flag.IntVar(&o.connections, "connections", 16, "connections that ask at the same time")
	flag.IntVar(&o.requests, "requests", 20_000, "requests to make")
	flag.IntVar(&o.pid, "pid", 0, "process whose processor time is told")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the questions")
	flag.StringVar(&o.key, "key", "", "key of the API, where it asks for one")
	flag.StringVar(&o.control, "control", "", "the control.sock in the server's data directory, by which articles arrive")
	flag.IntVar(&o.arriving, "arriving", 0, "articles that arrive a second")
	flag.IntVar(&o.deleting, "deleting", 5, "of a hundred that arrive, how many are deleted again")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		log.Fatal(err)
	}
}

// run measures while articles arrive, if any are to.
func run(ctx context.Context, o options) error {
	if o.arriving == 0 {
		return ask(o)
	}
	a := newArrival(o)
	ctx, done := context.WithCancel(ctx)
	arrived := make(chan error, 1)
	go func() { arrived <- a.run(ctx) }()
	begin := time.Now()
	err := ask(o)
	done()
	err = errors.Join(err, <-arrived)
	n := len(a.here) + a.gone
	fmt.Printf("meanwhile %d articles arrived, %.0f a second, and %d were deleted\n", n, float64(n)/time.Since(begin).Seconds(), a.gone)
	return err
}

func ask(o options) error {
	c := &client{o: o, http: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: o.connections}}}
	words, err := c.words()
	if err != nil {
		return err
	}
	asked := questions(words, o)
	if _, err := c.askAll(asked[:min(len(asked), 50*o.connections)]); err != nil { // to warm up
		return err
	}
	before, start := proc.CPU(o.pid), time.Now()
	took, err := c.askAll(asked)
	if err != nil {
		return err
	}
	passed, cost := time.Since(start), proc.CPU(o.pid)-before
	slices.Sort(took)
	at := func(share float64) time.Duration { return took[int(share*float64(len(took)-1))] }
	fmt.Printf("%d requests over %d connections: %.0f a second; p50 %v, p99 %v, at most %v\n",
		len(took), o.connections, float64(len(took))/passed.Seconds(), round(at(.5)), round(at(.99)), round(at(1)))
	if o.pid != 0 {
		each := cost / time.Duration(len(took))
		fmt.Printf("processor time of the server: %v a request, %.0f requests a second and core\n", round(each), float64(time.Second)/float64(each))
	}
	return nil
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// questions makes the paths to ask for, the same for the same words and seed.
func questions(words []string, o options) []string {
	r := rand.New(rand.NewPCG(o.seed, 0))
	// Early words are taken more often, as in people's searches.
	word := func() string { return words[int(float64(len(words))*r.Float64()*r.Float64())] }
	list := make([]string, o.requests)
	for i := range list {
		var q string
		sort := "relevancy"
		switch i % 5 {
		case 0:
			q = word()
		case 1:
			q = word() + " AND " + word()
		case 2:
			q = word() + " OR " + word() + " OR " + word()
		case 3:
			n := r.IntN(len(words) - 1)
			q = `"` + words[n] + " " + words[n+1] + `"`
		default:
			q, sort = word(), "newest"
		}
		list[i] = searchPath(q, sort, o.facets)
	}
	return list
}

// client asks the server.
type client struct {
	o    options
	http *http.Client
}

// words are those of the newest titles, in their order, each once.
func (c *client) words() ([]string, error) {
	titles, err := c.titles()
	if err != nil {
		return nil, err
	}
	var words []string
	for w := range strings.FieldsSeq(strings.Join(titles, " ")) {
		w = strings.ToLower(strings.Trim(w, `.,:;!?"'()`))
		if len(w) > 2 && !slices.Contains(words, w) && w != "and" && w != "not" {
			words = append(words, w)
		}
	}
	if len(words) < 2 {
		return nil, fmt.Errorf("%s has no articles to ask for", c.o.base)
	}
	return words, nil
}

// askAll asks for each path once and returns how long the answers took.
func (c *client) askAll(paths []string) ([]time.Duration, error) {
	next := make(chan string)
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	var asking sync.WaitGroup
	for range c.o.connections {
		asking.Go(func() {
			for path := range next {
				start := time.Now()
				err := c.ask(path)
				mu.Lock()
				took = append(took, time.Since(start))
				if err != nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	for _, p := range paths {
		next <- p
	}
	close(next)
	asking.Wait()
	return took, failed
}
