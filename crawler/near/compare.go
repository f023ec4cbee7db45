package near

import "math/bits"

// Two texts are one told twice when they have so much in common. The values
// were set once and held on the labelled pairs of the test, which prints how.
const (
	// alike is the part of all shingles of both that both have.
	alike = 0.55
	// within is the part of the shorter text's shingles that the longer has,
	// when the shorter is no mere beginning: at least minPart of the longer.
	within  = 0.80
	minPart = 0.55
	// sameFacts is the part of numbers and of names that both must have in
	// common, seen from the text with fewer, when there are at least minFacts.
	sameFacts = 0.75
	minFacts  = 3
)

// maxDistance is the most bits in which the simhashes of copies differ. It
// spares the look at texts that merely share a band; unrelated texts differ in
// 32 bits, give or take 8.
const maxDistance = 24

// Likely reports whether two simhashes may belong to copies.
func Likely(a, b uint64) bool { return Distance(a, b) <= maxDistance }

// Distance is the number of bits in which two simhashes differ.
func Distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }

// Repeats reports whether t and other are one text told twice. It does not
// depend on the order of the two.
func (t *Text) Repeats(other *Text) bool {
	if len(t.shingles) == 0 || len(other.shingles) == 0 {
		return false
	}
	both := common(t.shingles, other.shingles)
	shorter, longer := sorted(len(t.shingles), len(other.shingles))
	likeness := float64(both) / float64(shorter+longer-both)
	contained := float64(both) / float64(shorter)
	part := float64(shorter) / float64(longer)
	if likeness < alike && (contained < within || part < minPart) {
		return false
	}
	return agree(t.facts, other.facts) && agree(t.names, other.names)
}

// agree reports whether two sets of facts contradict each other in little.
func agree(a, b []uint64) bool {
	fewer, _ := sorted(len(a), len(b))
	return fewer < minFacts || float64(common(a, b)) >= sameFacts*float64(fewer)
}

// common counts what two sorted lists have in common.
func common(a, b []uint64) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n++
			i++
			j++
		}
	}
	return n
}

func sorted(a, b int) (int, int) { return min(a, b), max(a, b) }
