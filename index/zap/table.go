package zap

// table finds numbers by hash: open addressing, at most half full.
type table struct {
	slots []slot
	used  int
}

// slot is a number with its hash; next is the number plus one, 0 in an empty slot.
type slot struct {
	hash uint64
	next uint32
}

// smallTable is how many slots a table has at first.
const smallTable = 1 << 10

// clear empties the table.
func (t *table) clear() {
	clear(t.slots)
	t.used = 0
}

// number returns the number that has the hash and that is meant, or else adds n.
func (t *table) number(hash uint64, n uint32, meant func(n uint32) bool) uint32 {
	if 2*t.used >= len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		switch s := &t.slots[i]; {
		case s.next == 0:
			*s = slot{hash, n + 1}
			t.used++
			return n
		case s.hash == hash && meant(s.next-1):
			return s.next - 1
		}
	}
}

func (t *table) grow() {
	old := t.slots
	t.slots = make([]slot, max(2*len(old), smallTable))
	mask := uint64(len(t.slots) - 1)
	for _, s := range old {
		if s.next == 0 {
			continue
		}
		i := s.hash & mask
		for t.slots[i].next != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}
