package index

import (
	"iter"
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"
)

// bitset is a set of the documents of one segment.
type bitset []uint64

// newBitset returns an empty set for n documents.
func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

// fullBitset returns the set of all n documents.
func fullBitset(n int) bitset {
	b := newBitset(n)
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

// atLeast returns the documents that are in min or more of the sets. It adds
// the sets up bit by bit, 64 documents at a time.
func atLeast(sets []bitset, min, words int) bitset {
	out := make(bitset, words)
	var planes [32]uint64
	width := bits.Len(uint(len(sets)))
	for i := range out {
		clear(planes[:width])
		for _, s := range sets {
			carry := s[i]
			for p := 0; carry != 0; p++ {
				planes[p], carry = planes[p]^carry, planes[p]&carry
			}
		}
		out[i] = notBelow(planes[:width], min)
	}
	return out
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
