package tagger

import (
	"errors"
	"fmt"
)

// Lexicon tells which words are used alike: each word it knows belongs to a
// cluster, and each cluster to a coarse one. It is safe for concurrent use.
//
// Its file is the lexicon's magic word, the logarithm of the number of slots,
// the number of clusters, the coarse cluster of each, and the slots: of two
// bytes that stand for a word and two for its cluster, 0 in an empty slot. A
// word's first slot is told by its hash; the next ones follow. So it is used as
// it lies in the binary, without being read. One word in about 40,000 that it
// does not hold is taken for one that it does.
type Lexicon struct {
	coarse string
	slots  string
	mask   uint64
}

// Sizes of the parts of a lexicon's file.
const (
	lexMagic    = "BSLEX1\n"
	slotBytes   = 4
	lexHead     = len(lexMagic) + 3
	maxSlotBits = 24
	// MaxClusters is how many clusters a lexicon may have, fine and coarse.
	MaxClusters       = 1<<16 - 1
	MaxCoarseClusters = 1<<8 - 1
)

var errLexicon = errors.New("not a lexicon of this version")

// LoadLexicon returns the lexicon in the file that data holds.
func LoadLexicon(data string) (*Lexicon, error) {
	if len(data) < lexHead || data[:len(lexMagic)] != lexMagic {
		return nil, errLexicon
	}
	bits, clusters := data[len(lexMagic)], int(data[len(lexMagic)+1])|int(data[len(lexMagic)+2])<<8
	if bits > maxSlotBits || len(data) != lexHead+clusters+slotBytes<<bits {
		return nil, fmt.Errorf("%w: %d bytes", errLexicon, len(data))
	}
	return &Lexicon{coarse: data[lexHead : lexHead+clusters], slots: data[lexHead+clusters:], mask: 1<<bits - 1}, nil
}

// Clusters returns the clusters of a lower-case word, counted from 1; 0 when it
// is unknown.
func (l *Lexicon) Clusters(lower string) (fine, coarse uint64) {
	h := hashString(lexSeed, lower)
	want := fingerprint(h)
	for at := h & l.mask; ; at = (at + 1) & l.mask {
		slot := l.slots[at*slotBytes:][:slotBytes]
		cluster := uint64(slot[2]) | uint64(slot[3])<<8
		if cluster == 0 || cluster > uint64(len(l.coarse)) {
			return 0, 0
		}
		if uint16(slot[0])|uint16(slot[1])<<8 == want {
			return cluster, uint64(l.coarse[cluster-1]) + 1
		}
	}
}

// lexSeed tells the hashes of the lexicon from those of features.
const lexSeed = 99

func fingerprint(h uint64) uint16 { return uint16(h >> 48) }

// BuildLexicon returns the file of a lexicon: fine holds the cluster of each
// word, coarse that of each cluster, both counted from 0.
func BuildLexicon(words []string, fine []uint16, coarse []uint8) ([]byte, error) {
	if len(words) != len(fine) || len(coarse) > MaxClusters {
		return nil, fmt.Errorf("build lexicon: %d words, %d labels, %d clusters", len(words), len(fine), len(coarse))
	}
	bits := 1
	for 1<<bits < len(words)*4/3 {
		bits++
	}
	out := append([]byte(lexMagic), byte(bits), byte(len(coarse)), byte(len(coarse)>>8))
	out = append(out, coarse...)
	slots := make([]byte, slotBytes<<bits)
	for i, w := range words {
		if int(fine[i]) >= len(coarse) {
			return nil, fmt.Errorf("build lexicon: word %q has no cluster", w)
		}
		h := hashString(lexSeed, w)
		at := h & (1<<bits - 1)
		for slots[at*slotBytes+2]|slots[at*slotBytes+3] != 0 {
			at = (at + 1) & (1<<bits - 1)
		}
		slot := slots[at*slotBytes:]
		slot[0], slot[1] = byte(fingerprint(h)), byte(fingerprint(h)>>8)
		slot[2], slot[3] = byte(fine[i]+1), byte((fine[i]+1)>>8)
	}
	return append(out, slots...), nil
}
