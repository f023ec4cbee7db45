package fetch

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// slowAnswer is how long an answer may take before its host is given more
	// time: twice what it took.
	slowAnswer = time.Second
	// maxPenalty bounds the distance that grows with every 429.
	maxPenalty = 10 * time.Minute
	// minSweep is the number of hosts from which idle ones are forgotten, and
	// strikeAge how long one must be idle that was asked too often.
	minSweep  = 1024
	strikeAge = 24 * time.Hour
)

// gate lets one request at a time through to each host and keeps their
// distance. Distance is measured from when a host has surely received a
// request, that is, from its answer, so that no delay on the way can shorten
// it.
type gate struct {
	gap, maxWait time.Duration

	mu    sync.Mutex
	hosts map[string]*host
	sweep int // number of hosts at which to sweep next
}

// host is what the gate knows of one host. All but turn is guarded by gate.mu.
type host struct {
	turn    chan struct{} // holds a token while a request is under way
	users   int           // who hold or wait for the turn
	last    time.Time     // when the last request had surely arrived
	delay   time.Duration // distance to keep from it
	rest    time.Time     // the host asked to be left alone until then
	strikes int           // answers 429 without Retry-After, less those that went well
}

// restingError tells that a host's turn is too far away.
type restingError struct{ wait time.Duration }

func (e restingError) Error() string {
	return fmt.Sprintf("the host must rest for another %v: come back then", e.wait.Round(time.Second))
}

func newGate(gap, maxWait time.Duration) *gate {
	return &gate{gap: gap, maxWait: maxWait, hosts: map[string]*host{}, sweep: minSweep}
}

// pass is the right to send one request to a host.
type pass struct {
	gate  *gate
	host  *host
	delay time.Duration
}

// enter waits until it is the caller's turn at the host named key and delay, or
// the gate's gap if that is longer, has passed since the last request. An
// exempt request waits for the turn and for a rest asked for, not for the gap.
// Every pass must be handed to leave.
func (g *gate) enter(ctx context.Context, key string, delay time.Duration, exempt bool) (*pass, error) {
	h := g.join(key)
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		g.part(h)
		return nil, reason(ctx, ctx, ctx.Err())
	}
	p := &pass{gate: g, host: h, delay: max(delay, g.gap)}
	if err := p.wait(ctx, exempt); err != nil {
		<-h.turn
		g.part(h)
		return nil, err
	}
	return p, nil
}

func (p *pass) wait(ctx context.Context, exempt bool) error {
	p.gate.mu.Lock()
	ready := p.host.rest
	if !exempt && !p.host.last.IsZero() {
		ready = later(ready, p.host.last.Add(max(p.host.delay, p.delay)))
	}
	p.gate.mu.Unlock()
	wait := time.Until(ready)
	if wait > p.gate.maxWait {
		return restingError{wait}
	}
	return sleep(ctx, wait)
}

// trace is what a request leaves behind at the gate.
type trace struct {
	exempt  bool          // does not count for the gap
	arrived time.Time     // when the host had surely received it
	took    time.Duration // until the whole answer was there
	rest    time.Duration // asked for by Retry-After
	strike  bool          // 429 without Retry-After
	well    bool          // a plain success
}

// leave gives the turn to the next request.
func (p *pass) leave(t trace) {
	p.gate.mu.Lock()
	h := p.host
	if t.strike {
		h.strikes++
	} else if t.well {
		h.strikes = max(h.strikes-1, 0)
	}
	if t.rest > 0 {
		h.rest = later(h.rest, time.Now().Add(t.rest))
	}
	if !t.exempt {
		h.last = t.arrived
		h.delay = p.distance(t.took)
	}
	p.gate.mu.Unlock()
	<-h.turn
	p.gate.part(h)
}

// distance is how far the next request must stay from one that took this long.
// The gate is locked.
func (p *pass) distance(took time.Duration) time.Duration {
	d := p.delay
	if took > slowAnswer && p.gate.gap > 0 {
		d = max(d, 2*took)
	}
	if p.host.strikes == 0 {
		return d
	}
	doubled := max(d, time.Second)
	for range p.host.strikes {
		if doubled *= 2; doubled >= maxPenalty {
			return max(d, maxPenalty)
		}
	}
	return doubled
}

// next returns how long the host named key must still be left alone.
func (g *gate) next(key string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.hosts[key]
	if h == nil {
		return 0
	}
	return max(time.Until(h.ready()), 0)
}

// ready is when the next request may go out. The gate is locked.
func (h *host) ready() time.Time {
	if h.last.IsZero() {
		return h.rest
	}
	return later(h.rest, h.last.Add(h.delay))
}

// join finds or makes the host named key and counts the caller as a user.
func (g *gate) join(key string) *host {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.hosts) >= g.sweep {
		g.forget()
	}
	h := g.hosts[key]
	if h == nil {
		h = &host{turn: make(chan struct{}, 1)}
		g.hosts[key] = h
	}
	h.users++
	return h
}

func (g *gate) part(h *host) {
	g.mu.Lock()
	h.users--
	g.mu.Unlock()
}

// forget drops the hosts that nobody visits and that may be visited at once.
// The gate is locked.
func (g *gate) forget() {
	now := time.Now()
	for key, h := range g.hosts {
		idle := g.maxWait
		if h.strikes > 0 {
			idle = strikeAge
		}
		if h.users == 0 && h.ready().Add(idle).Before(now) {
			delete(g.hosts, key)
		}
	}
	g.sweep = max(minSweep, 2*len(g.hosts))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
