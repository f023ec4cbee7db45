package index

import (
	"slices"
	"strings"
	"sync"
)

// dictionary numbers the values of one facet across all segments, and knows
// the name to show for each. Numbers are given in order of appearance, never
// change and are never taken back. It is safe for concurrent use.
type dictionary struct {
	mu      sync.RWMutex
	numbers map[string]uint32
	entries []entry
	named   map[string][]uint32 // by folded name
}

type entry struct{ value, label string }

func newDictionary() *dictionary {
	return &dictionary{numbers: make(map[string]uint32), named: make(map[string][]uint32)}
}

// number returns the number of value, a new one if need be.
func (d *dictionary) number(value []byte) uint32 {
	d.mu.RLock()
	n, ok := d.numbers[string(value)]
	d.mu.RUnlock()
	if ok {
		return n
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.add(string(value))
}

func (d *dictionary) add(value string) uint32 {
	if n, ok := d.numbers[value]; ok {
		return n
	}
	n := uint32(len(d.entries))
	d.numbers[value] = n
	d.entries = append(d.entries, entry{value: value, label: value})
	return n
}

// name notes that value bears a name. Of several names the longest is shown,
// of equally long ones the smallest, so that the order of discovery does not
// matter.
func (d *dictionary) name(value, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, known := d.numbers[value]
	if !known {
		n = d.add(strings.Clone(value))
	}
	e := &d.entries[n]
	if e.label == name {
		return
	}
	if e.label == e.value || len(name) > len(e.label) || len(name) == len(e.label) && name < e.label {
		e.label = strings.Clone(name)
	}
	folded := foldName(name)
	if slices.Contains(d.named[folded], n) {
		return
	}
	d.named[folded] = append(d.named[folded], n)
}

// find returns the numbers of the values that are, or are named, text.
func (d *dictionary) find(text string) []uint32 {
	d.mu.RLock()
	defer d.mu.RUnlock()
	folded := foldName(text)
	for _, value := range []string{text, folded} {
		if n, ok := d.numbers[value]; ok {
			return []uint32{n}
		}
	}
	return append([]uint32(nil), d.named[folded]...)
}

// size is the count of numbers given so far.
func (d *dictionary) size() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.entries)
}

// lookup returns the entries of the numbers.
func (d *dictionary) lookup(numbers []uint32) []entry {
	d.mu.RLock()
	defer d.mu.RUnlock()
	list := make([]entry, len(numbers))
	for i, n := range numbers {
		list[i] = d.entries[n]
	}
	return list
}
