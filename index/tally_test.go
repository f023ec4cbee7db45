package index

import (
	"context"
	"errors"
	"testing"
)

// TestTallyCanceled has counting end inside of a column, whichever of its loops
// it is in.
func TestTallyCanceled(t *testing.T) {
	const size = 10 * checkEvery
	single := make([]uint32, size)
	starts := make([]uint32, size+1)
	values := make([]uint32, size)
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
