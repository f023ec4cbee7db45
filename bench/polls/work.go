package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

const (
	pollBatch = 100
	// leaseTime is how long what a killed worker held has to wait.
	leaseTime = 2 * time.Second
)

// work polls until it is killed, and writes how many polls each commit was
// acknowledged for.
func (o options) work(ctx context.Context, out io.Writer) error {
	s, err := o.open(ctx, os.Getenv(schemaVariable))
	if err != nil {
		return err
	}
	for {
		leases, err := s.LeaseFeeds(ctx, pollBatch, leaseTime)
		if err != nil {
			return err
		}
		polls, now := make([]store.PollCommit, len(leases)), time.Now()
		for i, l := range leases {
			l.State.Unchanged++
			polls[i] = store.PollCommit{Lease: l, At: now, Next: now, Interval: time.Hour, Health: news.HealthOK, Status: 304, Success: true, State: l.State}
		}
		done, err := s.CommitPolls(ctx, polls...)
		if err != nil {
			return err
		}
		honored := 0
		for _, d := range done {
			if d.Err == nil {
				honored++
			}
		}
		if _, err := fmt.Fprintln(out, honored); err != nil {
			return err
		}
	}
}

// crew is the workers and what came of them.
type crew struct {
	options
	schema string

	mu           sync.Mutex
	acknowledged int
	kills        int
	used         time.Duration // CPU
}

// poll has workers poll, killing one after another and putting new ones in their
// place.
func (c *crew) poll(ctx context.Context) error {
	end := time.Now().Add(c.span)
	var g errgroup.Group
	for range c.workers {
		g.Go(func() error {
			for time.Now().Before(end) {
				life := time.Until(end)
				if c.pause > 0 {
					life = min(life, rand.N(c.pause)*time.Duration(c.workers))
				}
				if err := c.one(ctx, life); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// one has a worker poll for some time and kills it. What it wrote before counts.
func (c *crew) one(ctx context.Context, life time.Duration) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, "-store", c.store)
	cmd.Env, cmd.Stderr = append(os.Environ(), schemaVariable+"="+c.schema), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	killed := make(chan error, 1)
	timer := time.AfterFunc(life, func() { killed <- cmd.Process.Kill() })
	polls, err := sum(out)
	if !timer.Stop() {
		err = errors.Join(err, <-killed)
	} else {
		err = errors.Join(err, errors.New("a worker gave up by itself"))
	}
	_ = cmd.Wait() // it says that the worker was killed
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acknowledged += polls
	c.kills++
	c.used += cmd.ProcessState.SystemTime() + cmd.ProcessState.UserTime()
	return err
}

// sum adds up the lines that are whole.
func sum(in io.Reader) (int, error) {
	total := 0
	for lines := bufio.NewReader(in); ; {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
		n, err := strconv.Atoi(line[:len(line)-1])
		if err != nil {
			return total, err
		}
		total += n
	}
}

// report prints what was measured. What a worker committed in its last moment and
// could not say any more is held, too.
func (c *crew) report(out io.Writer, wall, server time.Duration, held int) error {
	_, err := fmt.Fprintf(out, `%d polls acknowledged in %.1f s, %d kills
%.0f polls a second; %.0f for each second of CPU (workers %.1f s, server %.1f s)
%d polls held: %d lost, %d committed by workers that were killed before they could say so
`, c.acknowledged, wall.Seconds(), c.kills,
		float64(c.acknowledged)/wall.Seconds(), float64(c.acknowledged)/(c.used+server).Seconds(), c.used.Seconds(), server.Seconds(),
		held, max(c.acknowledged-held, 0), max(held-c.acknowledged, 0))
	if err == nil && held < c.acknowledged {
		err = errors.New("polls were lost")
	}
	return err
}
