// Package demo is a small press: six fictional publishers on six ports of the
// loopback interface, embedded in the binary. It is what a newcomer sees
// without a network, and the fixture of the end-to-end test.
//
// Everything it serves is invented, the offices and places excepted. It knows
// nothing of the crawler: it speaks HTTP, feeds and HTML like any publisher
// would, good habits and bad ones included.
//
// Start reading at [Start]; the publishers stand in publisher.go, their
// articles in articles/ as plain text, their pages in templates/.
package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet.example/news"
)

// PublisherCount is how many publishers the press has, and ports it needs.
const PublisherCount = 6

const (
	defaultHost         = "127.0.0.1"
	defaultCorrectAfter = 30 * time.Second
	// firstDefaultPort and the five after it are the ports of DefaultPorts.
	firstDefaultPort = 8901
	// headerTimeout bounds how long a visitor may take to send a request.
	headerTimeout = 10 * time.Second
	// shutdownTimeout bounds how long Close waits for answers under way.
	shutdownTimeout = 2 * time.Second
)

// Config says where and when the press works. Its zero value is usable and
// takes six free ports.
type Config struct {
	// Host is the address to listen on; empty means 127.0.0.1.
	Host string
	// Ports are the publishers' ports; 0 takes a free one. A port of
	// DefaultPorts that is taken gives way to a free one, any other is an error.
	Ports [PublisherCount]int
	// Now is the clock that dates are relative to; nil means time.Now.
	Now func() time.Time
	// CorrectAfter is how long after the start one article is corrected; 0
	// means 30 s, a negative value leaves it to [Press.Correct].
	CorrectAfter time.Duration
}

// DefaultPorts returns 8901 to 8906.
func DefaultPorts() [PublisherCount]int {
	var ports [PublisherCount]int
	for i := range ports {
		ports[i] = firstDefaultPort + i
	}
	return ports
}

// Publisher is one of the six, as a visitor finds it.
type Publisher struct {
	Name string
	// URL is the front page, FeedURL the feed or the news sitemap.
	URL     string
	FeedURL string
	Kind    Kind
}

// Press is the six running publishers. Its methods are safe for concurrent use.
type Press struct {
	log      *slog.Logger
	newsroom *newsroom
	now      func() time.Time
	edition  atomic.Pointer[edition]
	servers  []*http.Server
	running  sync.WaitGroup
	stop     chan struct{}
	close    func() error
	correct  sync.Once
}

// Start brings the press up and returns once all six ports answer. It runs until
// Close is called or ctx is done.
func Start(ctx context.Context, cfg Config, log *slog.Logger) (*Press, error) {
	articles, err := loadArticles(content)
	if err != nil {
		return nil, fmt.Errorf("load the demo's articles: %w", err)
	}
	listeners, err := listenAll(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	p := &Press{log: log, now: time.Now, stop: make(chan struct{})}
	if cfg.Now != nil {
		p.now = cfg.Now
	}
	p.close = sync.OnceValue(p.shutdown)
	if err := p.open(articles, listeners); err != nil {
		return nil, errors.Join(err, closeAll(listeners))
	}
	p.serve(listeners)
	p.running.Go(func() { p.wait(ctx, cfg.CorrectAfter) })
	return p, nil
}

// open sets up the newsroom and its first edition.
func (p *Press) open(articles []article, listeners []net.Listener) error {
	roots := make([]string, len(listeners))
	for i, l := range listeners {
		roots[i] = "http://" + l.Addr().String()
	}
	room, err := newNewsroom(articles, roots, p.now())
	if err != nil {
		return err
	}
	p.newsroom = room
	first, err := room.publish(time.Time{})
	if err != nil {
		return err
	}
	p.edition.Store(first)
	return nil
}

func (p *Press) serve(listeners []net.Listener) {
	for i, l := range listeners {
		srv := &http.Server{
			Handler:           p.handler(i),
			ReadHeaderTimeout: headerTimeout,
			ErrorLog:          slog.NewLogLogger(p.log.Handler(), slog.LevelDebug),
		}
		p.servers = append(p.servers, srv)
		p.running.Go(func() {
			if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				p.log.Error("publisher stopped", "addr", l.Addr().String(), "err", err)
			}
		})
		p.log.Debug("publisher open", "name", p.newsroom.desks[i].name, "url", p.newsroom.desks[i].root)
	}
}

// wait corrects the article when its time has come and ends the press with its
// context.
func (p *Press) wait(ctx context.Context, correctAfter time.Duration) {
	if correctAfter == 0 {
		correctAfter = defaultCorrectAfter
	}
	var due <-chan time.Time
	if correctAfter > 0 {
		timer := time.NewTimer(correctAfter)
		defer timer.Stop()
		due = timer.C
	}
	for {
		select {
		case <-due:
			p.Correct()
		case <-ctx.Done():
			_ = p.stopServers() // the context is gone; nobody is left to tell
			return
		case <-p.stop:
			return
		}
	}
}

// Correct publishes the corrected text of the article that has one, as the clock
// does after Config.CorrectAfter. Only the first call has an effect.
func (p *Press) Correct() {
	p.correct.Do(func() {
		next, err := p.newsroom.publish(p.now())
		if err != nil {
			p.log.Error("correct the article", "err", err)
			return
		}
		p.edition.Store(next)
		p.log.Debug("article corrected")
	})
}

// Publishers returns the six publishers in the order of their ports.
func (p *Press) Publishers() []Publisher {
	out := make([]Publisher, 0, PublisherCount)
	for _, d := range p.newsroom.desks {
		out = append(out, Publisher{Name: d.name, URL: d.root + "/", FeedURL: d.root + d.feedPath, Kind: d.kind})
	}
	return out
}

// Feeds returns what a crawler is told to poll: one enabled feed a publisher.
func (p *Press) Feeds() []news.Feed {
	out := make([]news.Feed, 0, PublisherCount)
	for _, d := range p.newsroom.desks {
		kind := news.KindFeed
		if d.kind == KindSitemap {
			kind = news.KindSitemap
		}
		out = append(out, news.Feed{
			URL: d.root + d.feedPath, Title: d.name, SiteURL: d.root + "/", Kind: kind, Enabled: true,
			Language: d.lang, Country: d.country, Category: "Demo",
		})
	}
	return out
}

// Articles returns every article of the press as it stands now, newest first.
func (p *Press) Articles() []Article {
	return slices.Clone(p.edition.Load().articles)
}

// Close stops the press and waits until its ports are free.
func (p *Press) Close() error { return p.close() }

func (p *Press) shutdown() error {
	close(p.stop)
	err := p.stopServers()
	p.running.Wait()
	return err
}

func (p *Press) stopServers() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	var errs []error
	for _, s := range p.servers {
		if err := s.Shutdown(ctx); err != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}
