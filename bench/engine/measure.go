package main

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"broadsheet.example/news"
)

// cpu is the time that all cores have worked for this process, to the
// nanosecond.
func cpu() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		panic(err) // there is such a clock
	}
	return time.Duration(t.Nano())
}

// settle waits until nothing works in the background any more.
func settle() {
	const interval, quiet = 500 * time.Millisecond, 5 * time.Millisecond
	for calm := 0; calm < 3; {
		before := cpu()
		time.Sleep(interval)
		if calm++; cpu()-before > quiet {
			calm = 0
		}
	}
	runtime.GC()
}

// How long a class is asked of one peer: each question at least once after it was
// asked for the first time, then over and over.
const (
	leastRounds = 2
	mostRounds  = 25
	roundsTime  = 5 * time.Second
)

// times are the CPU times of answers.
type times []time.Duration

func (t times) percentile(p int) time.Duration { return t[min(len(t)*p/100, len(t)-1)] }

// measure asks the row's questions of a peer and returns the times it takes and
// its answers.
func measure(ctx context.Context, p peer, r row) (times, []answer, error) {
	var took times
	answers := make([]answer, len(r.questions))
	begin := time.Now()
	for round := range 1 + mostRounds {
		if r.cold && round > 0 || round > leastRounds && time.Since(begin) > roundsTime {
			break
		}
		for i, q := range r.questions {
			before := cpu()
			a, err := p.ask(ctx, q)
			if err != nil {
				return nil, nil, fmt.Errorf("%s, %s: %w", p.name(), r.name, err)
			}
			if answers[i] = a; round > 0 || r.cold {
				took = append(took, cpu()-before)
			}
		}
	}
	slices.Sort(took)
	return took, answers, nil
}

// agree reports whether two answers say the same, as far as both say it.
func agree(a, b answer, sameFirst bool) bool {
	if a.total != b.total && b.total > 0 || sameFirst && !slices.Equal(a.first, b.first) {
		return false
	}
	for facet := range a.facets {
		if !sameCounts(a.facets[facet], b.facets[facet], facet == news.FacetDate) {
			return false
		}
	}
	return true
}

// sameCounts compares the counts of the values that are shown. Which of equally
// frequent values are shown last is left open.
func sameCounts(a, b map[string]int, all bool) bool {
	if all {
		clean := func(_ string, n int) bool { return n == 0 }
		a, b = maps.Clone(a), maps.Clone(b)
		maps.DeleteFunc(a, clean)
		maps.DeleteFunc(b, clean)
		return maps.Equal(a, b)
	}
	x, y := slices.Sorted(maps.Values(a)), slices.Sorted(maps.Values(b))
	if !slices.Equal(x, y) {
		return false
	}
	for value, n := range a {
		if other, ok := b[value]; ok && other != n || !ok && n > x[0] {
			return false
		}
	}
	return true
}
