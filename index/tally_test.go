package index

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestTallyCanceled has counting end inside of a column, whichever of its loops
// it is in.
func TestTallyCanceled(t *testing.T) {
	const size = 10 * checkEvery
	single := make([]uint32, size)
	starts := make([]uint32, size+1)
	values := make([]uint32, size, size+padding)
	for doc := range size {
		single[doc], starts[doc+1] = 1, uint32(doc+1)
	}
	for name, column := range map[string]*valueColumn{"single": {single: single}, "several": {starts: starts, values: values}} {
		for kind, docs := range map[string]bitset{"some": newBitset(size), "most": newBitset(size).fill(size)} {
			ctx := &countdown{Context: t.Context(), left: 3}
			c := &tally{counts: make([]uint32, 1), size: 1}
			if err := c.addAll(ctx, []part{{column, docs, size}}); !errors.Is(err, context.Canceled) {
				t.Errorf("%s, %s: %v, want an end", name, kind, err)
			}
			if ctx.left != -1 {
				t.Errorf("%s, %s: it went on after its end", name, kind)
			}
		}
	}
}

// TestTallyCounts compares counts with those found one by one, of documents of up
// to nine values, few of them and most of them.
func TestTallyCounts(t *testing.T) {
	const size, values = 3_000, 700
	r := rand.New(rand.NewPCG(1, 1))
	var pairs []pair
	for doc := range uint32(size) {
		for range r.IntN(10) {
			pairs = append(pairs, pair{doc, uint32(r.IntN(values))})
		}
	}
	column := &valueColumn{}
	column.fill(pairs, size)
	for _, of := range []int{1000, 50, 3, 1} {
		docs, want := newBitset(size), make([]uint32, values)
		for doc := range uint32(size) {
			if r.IntN(of) == 0 {
				docs.add(doc)
			}
		}
		for _, p := range pairs {
			if docs.has(p.doc) {
				want[p.value]++
			}
		}
		c := (&tallies{}).get(values)
		if err := c.addAll(t.Context(), []part{{column, docs, size}}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(c.counts[:values], want) {
			t.Errorf("one in %d: counted wrongly", of)
		}
		seen := newBitset(values)
		for _, v := range c.touched {
			if want[v] > 0 && seen.has(v) {
				t.Errorf("one in %d: value %d is touched twice", of, v)
			}
			seen.add(v)
		}
		for v, n := range want {
			if n > 0 && !seen.has(uint32(v)) {
				t.Errorf("one in %d: value %d is not touched", of, v)
			}
		}
	}
}

// countdown is a context that is canceled after it was asked some times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}
