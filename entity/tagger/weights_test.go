package tagger

import (
	"math/rand/v2"
	"testing"
)

// TestSum compares the packed sums with plain ones.
func TestSum(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	plain := map[uint32]scores{}
	var numbers []uint32
	var rows []row
	for n := uint32(3); n < 4000; n += 1 + rng.Uint32N(40) {
		var w scores
		for i := 1; i < tags; i++ {
			w[i] = rng.Int32N(2*maxUnit+1) - maxUnit
		}
		plain[n] = w
		numbers, rows = append(numbers, n), append(rows, pack(&w))
	}
	table := newTable(numbers, rows)
	for trial := range 50 {
		var ask []uint32
		var want, got scores
		for range trial * 3 {
			n := rng.Uint32N(4100)
			ask = append(ask, n)
			for i, v := range plain[n] {
				want[i] += v
			}
		}
		if table.sum(ask, &got); got != want {
			t.Fatalf("sum of %d rows = %v, want %v", len(ask), got, want)
		}
	}
}

// TestDecode compares the decoder with trying every sequence.
func TestDecode(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var tr transitions
	for a := range tr {
		for b := range tr[a] {
			tr[a][b] = rng.Int32N(100)
		}
	}
	for range 20 {
		sc := make([]scores, 3)
		for i := range sc {
			for k := range sc[i] {
				sc[i][k] = rng.Int32N(200)
			}
		}
		got := make([]tag, len(sc))
		new(decoder).decode(sc, &tr, nil, got)
		if g, w := pathScore(sc, &tr, got), bestScore(sc, &tr); g != w {
			t.Fatalf("decode found %v with %d, the best has %d", got, g, w)
		}
	}
}

// pathScore returns the score of a sequence, or impossible.
func pathScore(sc []scores, tr *transitions, seq []tag) int32 {
	total := sc[0][seq[0]] + tr[start][seq[0]]
	if seq[0].continues() || seq[len(seq)-1].open() {
		return impossible
	}
	for i := 1; i < len(seq); i++ {
		if !follows(seq[i-1], seq[i]) {
			return impossible
		}
		total += sc[i][seq[i]] + tr[seq[i-1]][seq[i]]
	}
	return total
}

// follows reports whether b may stand after a.
func follows(a, b tag) bool {
	return a.open() == b.continues() && (!b.continues() || a.class() == b.class())
}

func bestScore(sc []scores, tr *transitions) int32 {
	best := int32(impossible)
	for a := range tag(tags) {
		for b := range tag(tags) {
			for c := range tag(tags) {
				best = max(best, pathScore(sc, tr, []tag{a, b, c}))
			}
		}
	}
	return best
}
