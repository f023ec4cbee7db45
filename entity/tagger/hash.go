package tagger

import "math/bits"

// Features are known by the hash of what they say, cut to the number of rows
// that the model has. The constants are odd and have no pattern.
const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
	golden    = 0x9e3779b97f4a7c15
	spread    = 0xd6e8feb86659fd93
)

// hashString is FNV-1a from a start that tells kinds of strings apart.
func hashString(seed uint64, s string) uint64 {
	h := hashStart ^ seed*golden
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return h ^ h>>29
}

// join makes one hash of two; the order counts.
func join(a, b uint64) uint64 {
	return (bits.RotateLeft64(a, 23) ^ b) * spread
}

// rowBits is the logarithm of the number of rows of a model.
const rowBits = 19

// rowOf returns the row of a feature: a template and what it was filled with.
func rowOf(template, h uint64) uint32 {
	h = (h + template*golden) * spread
	h ^= h >> 32
	return uint32(h * golden >> (64 - rowBits))
}
