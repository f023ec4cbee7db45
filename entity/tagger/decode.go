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

// closed and opened list the tags after which a name is over (or none began)
// and those after which it goes on; fresh lists the tags that do not go on
// with a name.
var (
	closed = tagsWhere(func(t tag) bool { return !t.open() })
	fresh  = tagsWhere(func(t tag) bool { return !t.continues() })
)

func tagsWhere(ok func(tag) bool) []tag {
	var out []tag
	for t := range tag(tags) {
		if ok(t) {
			out = append(out, t)
		}
	}
	return out
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
	prev := first(&sc[0], tr)
	forbid(&prev, allowed, 0)
	for i := 1; i < len(sc); i++ {
		prev = step(&prev, &sc[i], tr, &d.back[i])
		forbid(&prev, allowed, i)
	}
	best := outside
	for _, t := range closed {
		if prev[t] > prev[best] {
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
	for _, t := range fresh {
		cur[t] = sc[t] + tr[start][t]
	}
	return cur
}

// step scores the tags of a token after those of the one before, and notes
// where each came from.
func step(prev, sc *scores, tr *transitions, back *[tags]tag) scores {
	var cur scores
	for _, t := range fresh {
		best, from := int32(math.MinInt32), outside
		for _, p := range closed {
			if v := prev[p] + tr[p][t]; v > best {
				best, from = v, p
			}
		}
		cur[t], back[t] = max(best, impossible)+sc[t], from
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
