package index

import (
	"iter"
	"math/bits"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// bitset is a set of the documents of one segment.
type bitset []uint64

// newBitset returns an empty set for n documents.
func newBitset(n int) bitset { return make(bitset, words(n)) }

// words is how many words a set of n documents takes.
func words(n int) int { return (n + 63) / 64 }

// fill puts all n documents into the set, which is made for as many.
func (b bitset) fill(n int) bitset {
	for i := range b {
		b[i] = ^uint64(0)
	}
	if n%64 != 0 {
		b[len(b)-1] = 1<<(n%64) - 1
	}
	return b
}

func (b bitset) add(i uint32)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) remove(i uint32)   { b[i/64] &^= 1 << (i % 64) }
func (b bitset) has(i uint32) bool { return b[i/64]&(1<<(i%64)) != 0 }

func (b bitset) clone() bitset { return append(bitset(nil), b...) }

func (b bitset) and(o bitset) {
	for i := range b {
		b[i] &= o[i]
	}
}

func (b bitset) or(o bitset) {
	for i := range b {
		b[i] |= o[i]
	}
}

func (b bitset) andNot(o bitset) {
	for i := range b {
		b[i] &^= o[i]
	}
}

// orAnd adds what is in both x and y.
func (b bitset) orAnd(x, y bitset) {
	for i := range b {
		b[i] |= x[i] & y[i]
	}
}

// countAnd counts what is in both.
func (b bitset) countAnd(o bitset) int {
	n := 0
	for i, w := range b {
		n += bits.OnesCount64(w & o[i])
	}
	return n
}

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// all walks the set in ascending order.
func (b bitset) all() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i, w := range b {
			for ; w != 0; w &= w - 1 {
				if !yield(uint32(i*64 + bits.TrailingZeros64(w))) {
					return
				}
			}
		}
	}
}

// removeAll takes the members of a roaring bitmap, which may be nil, out.
func (b bitset) removeAll(r *roaring.Bitmap) {
	if r == nil {
		return
	}
	for it := r.Iterator(); it.HasNext(); {
		b.remove(it.Next())
	}
}

// atLeast puts the documents that are in min or more of the sets into b. It adds
// the sets up bit by bit, 64 documents at a time.
func (b bitset) atLeast(sets []bitset, min int) {
	var planes [32]uint64
	width := bits.Len(uint(len(sets)))
	for i := range b {
		clear(planes[:width])
		for _, s := range sets {
			carry := s[i]
			for p := 0; carry != 0; p++ {
				planes[p], carry = planes[p]^carry, planes[p]&carry
			}
		}
		b[i] = notBelow(planes[:width], min)
	}
}

// notBelow compares 64 numbers, given as planes of their bits, with min.
func notBelow(planes []uint64, min int) uint64 {
	equal, above := ^uint64(0), uint64(0)
	for p := len(planes) - 1; p >= 0; p-- {
		if min>>p&1 == 1 {
			equal &= planes[p]
		} else {
			above |= equal & planes[p]
			equal &^= planes[p]
		}
	}
	return above | equal
}

// addAll adds the documents of a postings iterator.
func (b bitset) addAll(docs segment.PostingsIterator) error {
	if fast, ok := docs.(segment.OptimizablePostingsIterator); ok {
		if doc, one := fast.DocNum1Hit(); one {
			b.add(uint32(doc))
			return nil
		}
		if r := fast.ActualBitmap(); r != nil {
			b.addRoaring(r)
			return nil
		}
	}
	for {
		hit, err := docs.Next()
		if err != nil || hit == nil {
			return err
		}
		b.add(uint32(hit.Number()))
	}
}

func (b bitset) addRoaring(r *roaring.Bitmap) {
	var buf [512]uint32
	it := r.ManyIterator()
	for n := it.NextMany(buf[:]); n > 0; n = it.NextMany(buf[:]) {
		for _, doc := range buf[:n] {
			b.add(doc)
		}
	}
}

// arena hands out bitsets that live as long as one run. It is not safe for
// concurrent use.
type arena struct {
	chunk []uint64
	used  int
}

// arenaWords is the least size of an arena.
const arenaWords = 1 << 15

// bitset returns an empty set for n documents.
func (a *arena) bitset(n int) bitset {
	n = words(n)
	if a.used+n > len(a.chunk) {
		a.chunk, a.used = make([]uint64, max(arenaWords, 2*len(a.chunk), n)), 0
	}
	b := a.chunk[a.used : a.used+n : a.used+n]
	a.used += n
	clear(b)
	return b
}

// full returns the set of all n documents.
func (a *arena) full(n int) bitset { return a.bitset(n).fill(n) }

// copy returns a set of its own with the members of b.
func (a *arena) copy(b bitset) bitset {
	c := a.bitset(64 * len(b))
	copy(c, b)
	return c
}

// arenas are reused from run to run.
type arenas struct{ pool sync.Pool }

func (a *arenas) get() *arena {
	if b, ok := a.pool.Get().(*arena); ok {
		return b
	}
	return &arena{}
}

// put takes an arena back, whose sets must not be used any more.
func (a *arenas) put(b *arena) {
	b.used = 0
	a.pool.Put(b)
}
