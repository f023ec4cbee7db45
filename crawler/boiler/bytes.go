package boiler

import (
	"encoding/binary"
	"errors"
)

// version is the first byte of the encoding; a change of how blocks are hashed
// changes it too.
const version = 1

// ErrDamaged says that bytes are not what MarshalBinary wrote. A host of which
// they are all that is left starts from nothing.
var ErrDamaged = errors.New("boiler: damaged host data")

// MarshalBinary encodes what is known: a version byte, then for each page, the
// oldest first, the hash of its URL, the number of its blocks (one byte) and
// their hashes, little-endian. It never fails.
func (h *Host) MarshalBinary() ([]byte, error) {
	out := []byte{version}
	for _, p := range h.pages {
		out = binary.LittleEndian.AppendUint64(out, p.url)
		out = append(out, byte(len(p.blocks)))
		for _, b := range p.blocks {
			out = binary.LittleEndian.AppendUint64(out, b)
		}
	}
	return out, nil
}

// UnmarshalBinary replaces what is known by what MarshalBinary wrote. On an
// error, which is [ErrDamaged], the host is as it was. No bytes make it hold more
// than its bound, and no data at all makes a host that knows nothing.
func (h *Host) UnmarshalBinary(data []byte) error {
	var read Host
	if len(data) > 0 && data[0] != version {
		return ErrDamaged
	}
	for data = data[min(1, len(data)):]; len(data) > 0; {
		if len(data) < hashLen+1 || len(read.pages) >= Window {
			return ErrDamaged
		}
		p := page{url: binary.LittleEndian.Uint64(data)}
		n := int(data[hashLen])
		data = data[hashLen+1:]
		if n > maxPageBlocks || len(data) < n*hashLen {
			return ErrDamaged
		}
		p.blocks = make([]uint64, n)
		for i := range p.blocks {
			p.blocks[i] = binary.LittleEndian.Uint64(data[i*hashLen:])
		}
		data = data[n*hashLen:]
		read.pages = append(read.pages, p)
	}
	read.recount()
	*h = read
	return nil
}

// hashLen is the length of an encoded hash.
const hashLen = 8

// recount counts the blocks of the pages anew.
func (h *Host) recount() {
	h.counts = map[uint64]int{}
	for _, p := range h.pages {
		for _, b := range p.blocks {
			h.counts[b]++
		}
	}
}
