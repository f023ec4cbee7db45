package news

import (
	"encoding/binary"
	"hash/fnv"
)

// Add takes one article's version into the digest. The order of additions does
// not matter.
func (d *Digest) Add(id string, version int64) {
	h := fnv.New64a()
	h.Write([]byte(id))
	var v [8]byte
	binary.BigEndian.PutUint64(v[:], uint64(version))
	h.Write(v[:])
	d.Articles++
	d.Sum ^= mix(h.Sum64())
}

// mix is the finalizer of MurmurHash3; it spreads the last bytes over the word.
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
