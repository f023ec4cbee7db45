// Command feeds serves many small feeds on loopback, each on a host of its own,
// has a Broadsheet server poll them, and prints what that takes: memory,
// goroutines, descriptors, and how evenly the first polls are spread.
//
//	go run ./bench/feeds -binary ./broadsheet -feeds 100000 -polls 30000
//
// It needs Linux (/proc, and 127.0.0.0/8 as one loopback network).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	o := options{}
	flag.StringVar(&o.binary, "binary", "./broadsheet", "the server to measure")
	flag.IntVar(&o.feeds, "feeds", 100_000, "number of feeds")
	flag.IntVar(&o.polls, "polls", 30_000, "polls to wait for")
	flag.DurationVar(&o.interval, "interval", 10*time.Minute, "crawler.interval, over which first polls spread")
	flag.StringVar(&o.heap, "heap", "", "file for a heap profile taken in the end")
	flag.Parse()
	if err := run(o); err != nil {
		log.Fatal(err)
	}
}

type options struct {
	binary       string
	feeds, polls int
	interval     time.Duration
	heap         string
}

// every is the time between two lines of figures.
const every = 15 * time.Second

func run(o options) error {
	dir, err := os.MkdirTemp("", "feeds-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	p, err := listen()
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.load(o.binary, dir, o.feeds); err != nil {
		return err
	}
	server, err := start(o, dir)
	if err != nil {
		return err
	}
	defer server.stop()
	return watch(server, p, o)
}

// server is the process that is measured.
type server struct {
	cmd  *exec.Cmd
	log  *os.File
	done chan struct{} // closed when it has ended
}

// profiles is where the server shows its profiles.
const profiles = "127.0.0.1:8841"

func start(o options, dir string) (*server, error) {
	out, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	cmd := exec.CommandContext(ctx, o.binary, "serve", "--data-dir", filepath.Join(dir, "data"), "--listen", "127.0.0.1:8840")
	cmd.Env = append(append(os.Environ(), settings()...), "BROADSHEET_CRAWLER_INTERVAL="+o.interval.String(), "BROADSHEET_LOG_LEVEL=warn", "BROADSHEET_API_PPROF="+profiles)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	s := &server{cmd: cmd, log: out, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how it ended is seen by its having ended
		close(s.done)
	}()
	return s, nil
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.done
	_ = s.log.Close()
}

// watch prints figures until enough polls were seen.
func watch(s *server, p *press, o options) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	fmt.Println("| s | polls | resident MB | its own MB | goroutines | descriptors |")
	for begin := time.Now(); p.polled() < o.polls; {
		select {
		case <-s.done:
			text, _ := os.ReadFile(s.log.Name())
			return fmt.Errorf("the server ended: %s", text)
		case <-tick.C:
		}
		u, err := use(s.cmd.Process.Pid)
		if err != nil {
			return err
		}
		fmt.Printf("| %.0f | %d | %d | %d | %d | %d |\n", time.Since(begin).Seconds(), p.polled(), u.resident>>20, u.own>>20, u.goroutines, u.descriptors)
	}
	p.spread()
	if o.heap == "" {
		return nil
	}
	text, err := get("http://" + profiles + "/debug/pprof/heap?gc=1")
	if err != nil {
		return err
	}
	return os.WriteFile(o.heap, text, 0o600)
}
