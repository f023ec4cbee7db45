package tagger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// Lexicon tells how words are used, as far as their neighbors in much text show
// it. It is safe for concurrent use.
//
// Its file is the lexicon's magic word, the number of slots in four bytes, the
// number of clusters in two, the coarse cluster of each, and the slots. A slot
// has five bytes, the lowest first: 15 bits that stand for a word, 11 for its
// cluster, 6 for its role, 4 for what it leads and 4 for what it trails, each
// counted from 1; an empty slot has no cluster. A word's first slot is told by
// its hash; the next ones follow. So it is used as it lies in the binary, without
// being read. One word in some 2,500 that it does not hold is taken for one that
// it does.
type Lexicon struct {
	coarse string
	slots  string
	count  uint64 // of slots
}

// Usage is what a lexicon tells of a word. Everything is counted from 1, and 0
// for a word that is unknown.
type Usage struct {
	// Cluster is one of words that are used alike, Coarse one of clusters.
	Cluster, Coarse uint64
	// Role stands for the parts of names that such words are, Leads for the kinds
	// of names that follow such words, Trails for those that such words follow.
	Role, Leads, Trails uint64
}

// How many there may be of what a lexicon tells.
const (
	MaxClusters       = 1<<clusterBits - 1
	MaxCoarseClusters = 1<<8 - 1
	MaxRoles          = 1<<roleBits - 1
	MaxNeighbors      = 1<<neighborBits - 1 // what a word leads, and what it trails
)

// The parts of a lexicon's file.
const (
	lexMagic        = "BSLEX2\n"
	lexHead         = len(lexMagic) + 6
	slotBytes       = 5
	fingerprintBits = 15
	clusterBits     = 11
	roleBits        = 6
	neighborBits    = 4
	// One slot is spare for so many words.
	spareSlots = 4
)

var errLexicon = errors.New("not a lexicon of this version")

// LoadLexicon returns the lexicon in the file that data holds.
func LoadLexicon(data string) (*Lexicon, error) {
	if len(data) < lexHead || data[:len(lexMagic)] != lexMagic {
		return nil, errLexicon
	}
	head := []byte(data[len(lexMagic):lexHead])
	count, clusters := int(binary.LittleEndian.Uint32(head)), int(binary.LittleEndian.Uint16(head[4:]))
	slots := data[lexHead:]
	if len(slots) != clusters+slotBytes*count {
		return nil, fmt.Errorf("%w: %d bytes for %d clusters and %d slots", errLexicon, len(data), clusters, count)
	}
	l := &Lexicon{coarse: slots[:clusters], slots: slots[clusters:], count: uint64(count)}
	for at := range l.count {
		if c := l.slot(at).cluster(); c == 0 {
			return l, nil
		}
	}
	return nil, fmt.Errorf("%w: no empty slot", errLexicon)
}

// Usage returns how a lower-case word is used.
func (l *Lexicon) Usage(lower string) Usage {
	h := hashString(lexSeed, lower)
	want := fingerprint(h)
	for at := firstSlot(h, l.count); ; at = (at + 1) % l.count {
		s := l.slot(at)
		c := s.cluster()
		if c == 0 || c > uint64(len(l.coarse)) {
			return Usage{}
		}
		if s.fingerprint() == want {
			u := s.usage()
			u.Coarse = uint64(l.coarse[c-1]) + 1
			return u
		}
	}
}

// slot is what a slot holds.
type slot uint64

func (l *Lexicon) slot(at uint64) slot {
	b := l.slots[at*slotBytes:][:slotBytes]
	return slot(b[0]) | slot(b[1])<<8 | slot(b[2])<<16 | slot(b[3])<<24 | slot(b[4])<<32
}

// pack returns the slot of a word with that hash.
func (u Usage) pack(hash uint64) slot {
	s := u.Trails
	s = s<<neighborBits | u.Leads
	s = s<<roleBits | u.Role
	s = s<<clusterBits | u.Cluster
	return slot(s<<fingerprintBits | fingerprint(hash))
}

func (s slot) fingerprint() uint64 { return uint64(s) & (1<<fingerprintBits - 1) }

func (s slot) cluster() uint64 { return uint64(s) >> fingerprintBits & MaxClusters }

// usage returns all that the slot tells but the coarse cluster.
func (s slot) usage() Usage {
	rest := uint64(s) >> (fingerprintBits + clusterBits)
	return Usage{
		Cluster: s.cluster(),
		Role:    rest & MaxRoles,
		Leads:   rest >> roleBits & MaxNeighbors,
		Trails:  rest >> (roleBits + neighborBits) & MaxNeighbors,
	}
}

// lexSeed tells the hashes of the lexicon from those of features.
const lexSeed = 99

// A word's fingerprint and its first slot come from different bits of its hash.
func fingerprint(h uint64) uint64 { return h & (1<<fingerprintBits - 1) }

func firstSlot(h, count uint64) uint64 {
	hi, _ := bits.Mul64(h*golden, count)
	return hi
}

// BuildLexicon returns the file of a lexicon: usages holds that of each word,
// coarse the coarse cluster, from 0, of each cluster. What the usages say of
// coarse clusters is not looked at.
func BuildLexicon(words []string, usages []Usage, coarse []uint8) ([]byte, error) {
	if len(words) != len(usages) || len(coarse) > MaxClusters {
		return nil, fmt.Errorf("build lexicon: %d words, %d usages, %d clusters", len(words), len(usages), len(coarse))
	}
	count := len(words) + len(words)/spareSlots + 1
	out := binary.LittleEndian.AppendUint32([]byte(lexMagic), uint32(count))
	out = binary.LittleEndian.AppendUint16(out, uint16(len(coarse)))
	out = append(out, coarse...)
	slots := make([]slot, count)
	for i, w := range words {
		u := usages[i]
		if u.Cluster == 0 || u.Cluster > uint64(len(coarse)) || u.Role > MaxRoles || u.Leads > MaxNeighbors || u.Trails > MaxNeighbors {
			return nil, fmt.Errorf("build lexicon: word %q has the usage %+v", w, u)
		}
		h := hashString(lexSeed, w)
		at := firstSlot(h, uint64(count))
		for slots[at] != 0 {
			at = (at + 1) % uint64(count)
		}
		slots[at] = u.pack(h)
	}
	for _, s := range slots {
		out = append(binary.LittleEndian.AppendUint32(out, uint32(s)), byte(s>>32))
	}
	return out, nil
}
