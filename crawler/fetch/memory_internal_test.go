package fetch

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestGateForgets walks by more hosts than are worth remembering.
func TestGateForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Second, time.Minute)
		visit := func(key string, tr trace) {
			p, err := g.enter(t.Context(), key, 0, false)
			if err != nil {
				t.Fatal(err)
			}
			tr.arrived = time.Now()
			p.leave(tr)
		}
		visit("long ago", trace{strike: true})
		time.Sleep(23 * time.Hour)
		visit("resting", trace{rest: 24 * time.Hour})
		visit("busy", trace{strike: true})
		for i := range 10 * minSweep {
			visit(fmt.Sprint(i), trace{well: true})
			time.Sleep(time.Second)
		}
		if n := len(g.hosts); n > 2*minSweep {
			t.Errorf("%d hosts are remembered", n)
		}
		for _, key := range []string{"resting", "busy"} {
			if g.hosts[key] == nil {
				t.Errorf("the host %s was forgotten", key)
			}
		}
		if g.hosts["long ago"] != nil {
			t.Error("a host asked too often a day ago is still remembered")
		}
		_, err := g.enter(t.Context(), "resting", 0, true)
		if _, ok := errors.AsType[restingError](err); !ok {
			t.Errorf("enter at a resting host: %v", err)
		}
	})
}

// TestGateGivesUp has callers leave the queue.
func TestGateGivesUp(t *testing.T) {
	g := newGate(time.Minute, time.Hour)
	p, err := g.enter(t.Context(), "a", 0, false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.enter(ctx, "a", 0, false); !errors.Is(err, errCanceled) {
		t.Errorf("enter while another holds the turn: %v", err)
	}
	p.leave(trace{arrived: time.Now()})
	if _, err := g.enter(ctx, "a", 0, false); !errors.Is(err, errCanceled) {
		t.Errorf("enter while the gap lasts: %v", err)
	}
	if users := g.hosts["a"].users; users != 0 {
		t.Errorf("%d users are left", users)
	}
}

// TestRobotsForget fills the memory for robots.txt files.
func TestRobotsForget(t *testing.T) {
	r := newRobots("Broadsheet", time.Now)
	file := &answer{body: []byte("User-agent: *\n" + strings.Repeat("Disallow: /"+strings.Repeat("x", 1000)+"\n", 400))}
	for i := range 200 {
		r.learn(r.origin(fmt.Sprint(i)), file, nil)
	}
	if n := len(r.origins); n > 90 || n < 50 || r.bytes > maxRules {
		t.Errorf("%d files of 400 kB are remembered, %d bytes", n, r.bytes)
	}
	if r.origins["0"] != nil || r.origins["199"] == nil {
		t.Error("the newest was forgotten in place of the oldest")
	}
	for i := range 200 {
		r.learn(r.origin(fmt.Sprint(i)), &answer{}, nil)
	}
	lost := &origin{key: "lost"}
	r.learn(lost, file, nil)
	if r.bytes != 0 {
		t.Errorf("%d bytes are counted for empty files", r.bytes)
	}
}

func TestRequestPath(t *testing.T) {
	for url, want := range map[string]string{
		"http://example.com": "/", "http://example.com/": "/", "http://example.com?a": "/?a", "http://example.com;a": "/;a", "http://example.com/a?b;c#d": "/a?b;c",
		"//example.com/a": "/a", "example.com/a": "/a", "a/b?http://c/d": "/b?http://c/d", "": "/", "#a": "/", "http://example.com#/a": "/",
	} {
		if got := requestPath(url); got != want {
			t.Errorf("requestPath(%q) = %q, want %q", url, got, want)
		}
	}
}
