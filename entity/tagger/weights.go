package tagger

import "math/bits"

// A row holds the weights of one feature for the tags 1 to 16, relative to the
// weight for outside, four to a word of 64 bits. To be added without carrying
// into each other they are kept positive: bias is added to each. So a sum of
// at most maxAdd rows fits its 16 bits.
const (
	lanes   = (tags - 1) / 4
	bias    = 1 << 10
	maxAdd  = 31
	maxUnit = bias - 1 // the largest weight
)

type row [lanes]uint64

// pack returns the row of weights w, each within ±maxUnit.
func pack(w *scores) row {
	var r row
	for i := range tags - 1 {
		r[i/4] |= uint64(uint16(w[i+1]+bias)) << (16 * (i % 4))
	}
	return r
}

// table finds rows by number. Most of its numbers have none: a bit says which
// do, and a count of the bits before where.
type table struct {
	has  []uint64
	rank []uint32
	rows []row
}

// newTable returns a table of the rows with the given numbers, which rise.
func newTable(numbers []uint32, rows []row) table {
	t := table{has: make([]uint64, 1<<(rowBits-6)), rank: make([]uint32, 1<<(rowBits-6)), rows: rows}
	for _, n := range numbers {
		t.has[n>>6] |= 1 << (n & 63)
	}
	total := uint32(0)
	for i, w := range t.has {
		t.rank[i] = total
		total += uint32(bits.OnesCount64(w))
	}
	return t
}

// sum adds the weights of the rows with the given numbers to sc.
func (t *table) sum(numbers []uint32, sc *scores) {
	var acc row
	added := int32(0)
	for _, n := range numbers {
		w := t.has[n>>6]
		bit := uint64(1) << (n & 63)
		if w&bit == 0 {
			continue
		}
		r := &t.rows[t.rank[n>>6]+uint32(bits.OnesCount64(w&(bit-1)))]
		acc[0] += r[0]
		acc[1] += r[1]
		acc[2] += r[2]
		acc[3] += r[3]
		if added++; added == maxAdd {
			unpack(&acc, added, sc)
			acc, added = row{}, 0
		}
	}
	unpack(&acc, added, sc)
}

// unpack adds a sum of n rows to sc.
func unpack(acc *row, n int32, sc *scores) {
	base := n * bias
	for l, v := range acc {
		o := sc[1+4*l : 5+4*l : 5+4*l]
		o[0] += int32(v&0xffff) - base
		o[1] += int32(v>>16&0xffff) - base
		o[2] += int32(v>>32&0xffff) - base
		o[3] += int32(v>>48) - base
	}
}
