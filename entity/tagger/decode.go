package tagger

import "math"

// scores holds what speaks for each tag at one token.
type scores [tags]int32

// transitions holds what speaks for a tag after another; the row start is for
// the first tag of a sentence.
type transitions [tags + 1]scores

const start = tags

// impossible is less than any sum of scores, with room to add to it.
const impossible = math.MinInt32 / 2

// anyTag allows every tag at a token.
const anyTag = 1<<tags - 1

// Between names the tags that can follow each other are those at which a name
// is over or none is, and those that do not go on with one. Both sets have free
// tags: outside, and two of each class.
const free = 1 + 2*classes

// closedAt returns the k-th tag at which no name is open, freshAt the k-th that
// does not go on with a name.
func closedAt(k int) tag {
	if k == 0 {
		return outside
	}
	return tagOf(class((k-1)/2), last+(k-1)%2)
}

func freshAt(k int) tag {
	if k == 0 {
		return outside
	}
	return tagOf(class((k-1)/2), begin+unit*((k-1)%2))
}

// between holds the transitions from closed to fresh tags, by the latter.
type between [free][free]int32

func (tr *transitions) between() *between {
	var b between
	for k := range free {
		for j := range free {
			b[k][j] = tr[closedAt(j)][freshAt(k)]
		}
	}
	return &b
}

// decoder finds the best sequence of tags; it keeps its memory between calls.
type decoder struct {
	back [][tags]tag
}

// decode writes into out the well-formed sequence with the highest score. With
// allowed, only tags whose bit is set may stand at a token, as far as that
// leaves a sequence.
func (d *decoder) decode(sc []scores, tr *transitions, allowed []uint32, out []tag) {
	if len(sc) == 0 {
		return
	}
	if len(d.back) < len(sc) {
		d.back = make([][tags]tag, 2*len(sc))
	}
	b := tr.between()
	prev := first(&sc[0], tr)
	forbid(&prev, allowed, 0)
	for i := 1; i < len(sc); i++ {
		prev = step(&prev, &sc[i], tr, b, &d.back[i])
		forbid(&prev, allowed, i)
	}
	best := outside
	for k := range free {
		if t := closedAt(k); prev[t] > prev[best] {
			best = t
		}
	}
	for i := len(sc) - 1; i >= 0; i-- {
		out[i] = best
		best = d.back[i][best]
	}
}

// first scores the tags of the first token.
func first(sc *scores, tr *transitions) scores {
	var cur scores
	for t := range cur {
		cur[t] = impossible
	}
	for k := range free {
		t := freshAt(k)
		cur[t] = sc[t] + tr[start][t]
	}
	return cur
}

// step scores the tags of a token after those of the one before, and notes
// where each came from.
func step(prev, sc *scores, tr *transitions, b *between, back *[tags]tag) scores {
	var cur scores
	var closed [free]int32
	for k := range closed {
		closed[k] = prev[closedAt(k)]
	}
	for k := range b {
		best, from := closed[0]+b[k][0], 0
		for j := 1; j < free; j++ {
			if v := closed[j] + b[k][j]; v > best {
				best, from = v, j
			}
		}
		t := freshAt(k)
		cur[t], back[t] = max(best, impossible)+sc[t], closedAt(from)
	}
	for c := range class(classes) {
		b, in := tagOf(c, begin), tagOf(c, inside)
		for _, t := range [...]tag{in, tagOf(c, last)} {
			best, from := prev[b]+tr[b][t], b
			if v := prev[in] + tr[in][t]; v > best {
				best, from = v, in
			}
			cur[t], back[t] = max(best, impossible)+sc[t], from
		}
	}
	return cur
}

// forbid rules out the tags that are not allowed at token i.
func forbid(cur *scores, allowed []uint32, i int) {
	if allowed == nil || allowed[i] == anyTag {
		return
	}
	for t := range cur {
		if allowed[i]&(1<<t) == 0 {
			cur[t] = impossible
		}
	}
}
