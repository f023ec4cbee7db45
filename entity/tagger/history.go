package tagger

// historyRows returns, for each token, the features that a first labeling of
// the document gives: how the same word was labeled elsewhere in it. A token
// whose word stands nowhere else has none.
func historyRows(d *document, first []tag) [][]uint32 {
	counts := make([]labels, len(d.words))
	for i, t := range first {
		if d.word(i).upper {
			counts[d.ids[i]].count(t, 1)
		}
	}
	keys := make([]uint64, len(first))
	out := make([][]uint32, len(first))
	for i, t := range first {
		if !d.word(i).upper {
			continue
		}
		l := counts[d.ids[i]]
		l.count(t, -1)
		if keys[i] = l.key(); keys[i] != 0 {
			out[i] = l.rows(keys[i])
		}
	}
	d.sentences(func(start, end int) {
		for i := start; i < end; i++ {
			if i > start && keys[i-1] != 0 {
				out[i] = append(out[i], rowOf(94, join(keys[i-1], keys[i])))
			}
			if i+1 < end && keys[i+1] != 0 {
				out[i] = append(out[i], rowOf(95, join(keys[i+1], keys[i])))
			}
		}
	})
	return out
}

// labels counts how the tokens of one word were labeled.
type labels struct {
	outside int32
	in      [classes]int32
	// first and final count tokens of names of several words, before the last
	// and the last.
	first, final [classes]int32
}

func (l *labels) count(t tag, n int32) {
	if t == outside {
		l.outside += n
		return
	}
	c := t.class()
	l.in[c] += n
	switch t.position() {
	case begin, inside:
		l.first[c] += n
	case last:
		l.final[c] += n
	}
}

// key sums the counts up: the most frequent label, how clearly, and whether
// there are many. It is 0 when there is none.
func (l *labels) key() uint64 {
	best, which, total := l.outside, classes, l.outside
	for c, n := range l.in {
		total += n
		if n > best {
			best, which = n, c
		}
	}
	if total == 0 {
		return 0
	}
	key := uint64(which) * 6
	switch {
	case best == total:
		key += 4
	case best*2 > total:
		key += 2
	}
	if total > 2 {
		key++
	}
	return key + 1
}

// rows returns the features that the counts give by themselves.
func (l *labels) rows(key uint64) []uint32 {
	rows := make([]uint32, 0, 8)
	rows = append(rows, rowOf(90, key))
	for c := range uint64(classes) {
		if l.in[c] > 0 {
			rows = append(rows, rowOf(91, c))
		}
		if l.final[c] > 0 {
			rows = append(rows, rowOf(92, c))
		}
		if l.first[c] > 0 {
			rows = append(rows, rowOf(93, c))
		}
	}
	return rows
}
