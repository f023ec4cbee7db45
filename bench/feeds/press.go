package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// press serves the feeds and counts the polls.
type press struct {
	server   *http.Server
	listener net.Listener

	mu    sync.Mutex
	times []time.Time // of each poll
}

// listen takes a port on all addresses of the loopback network. Callers from
// elsewhere are turned away.
func listen() (*press, error) {
	l, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		return nil, err
	}
	p := &press{listener: loopback{l}}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}
	go func() { _ = p.server.Serve(p.listener) }()
	return p, nil
}

func (p *press) close() { _ = p.server.Close() }

// loopback accepts nothing that comes from another machine.
type loopback struct{ net.Listener }

func (l loopback) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if a, ok := c.LocalAddr().(*net.TCPAddr); ok && a.IP.IsLoopback() {
			return c, nil
		}
		_ = c.Close()
	}
}

// ServeHTTP answers with a feed of an old item that has no page to fetch.
func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/feed" {
		http.NotFound(w, r)
		return
	}
	p.mu.Lock()
	p.times = append(p.times, time.Now())
	p.mu.Unlock()
	w.Header().Set("Content-Type", "application/rss+xml")
	w.Header().Set("ETag", `"1"`)
	if r.Header.Get("If-None-Match") != "" {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = fmt.Fprintf(w, `<rss version="2.0"><channel><title>Paper of %s</title><link>http://%s/</link></channel></rss>`, r.Host, r.Host)
}

func (p *press) polled() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.times)
}

// listed is how many feeds an OPML file may name.
const listed = 20_000

// load gives an archive that nobody serves yet n feeds.
func (p *press) load(binary, dir string, n int) error {
	for from := 0; from < n; from += listed {
		list := filepath.Join(dir, "feeds.opml")
		if err := p.writeList(list, from, min(from+listed, n)); err != nil {
			return err
		}
		cmd := exec.CommandContext(context.Background(), binary, "feeds", "import", list, "--data-dir", filepath.Join(dir, "data"))
		cmd.Env = append(os.Environ(), settings()...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("feeds import: %w: %s", err, out)
		}
	}
	return nil
}

// settings are those of an empty archive that may visit the press.
func settings() []string {
	return []string{"BROADSHEET_FEEDS_FILE=none", "BROADSHEET_CRAWLER_ALLOW_NETWORKS=127.0.0.0/8"}
}

// writeList writes the OPML of some feeds, each on an address of its own.
func (p *press) writeList(name string, from, to int) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	port := p.listener.Addr().(*net.TCPAddr).Port
	_, _ = w.WriteString(`<opml version="2.0"><body>`)
	for i := from; i < to; i++ {
		_, _ = fmt.Fprintf(w, "<outline type=\"rss\" text=\"Paper %d\" xmlUrl=\"http://127.%d.%d.%d:%d/feed\"/>\n", i, 1+i/62500, i/250%250+1, i%250+1, port)
	}
	_, _ = w.WriteString(`</body></opml>`)
	return errors.Join(w.Flush(), f.Close())
}

// window is the seconds of which a mean is taken.
const window = 10

// spread prints how evenly the polls came, the first and the last second aside,
// which are not whole.
func (p *press) spread() {
	p.mu.Lock()
	defer p.mu.Unlock()
	first := p.times[0]
	var seconds []int
	for _, at := range p.times {
		s := int(at.Sub(first) / time.Second)
		for len(seconds) <= s {
			seconds = append(seconds, 0)
		}
		seconds[s]++
	}
	if len(seconds) < window {
		fmt.Println("too few polls to tell how they are spread")
		return
	}
	seconds = seconds[1 : len(seconds)-1]
	sum := 0
	for _, n := range seconds {
		sum += n
	}
	mean, peak := float64(sum)/float64(len(seconds)), slices.Max(seconds)
	fmt.Printf("polls a second: mean %.1f, peak %d (%.2f times), over %d seconds\n%s\n", mean, peak, float64(peak)/mean, len(seconds), strings.Trim(fmt.Sprint(seconds[:min(len(seconds), 60)]), "[]"))
}
