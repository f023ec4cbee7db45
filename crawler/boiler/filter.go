package boiler

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// How much of a page may be dropped.
const (
	// maxDropPercent is how much of an article, in characters, at most.
	maxDropPercent = 40
	// Where more recurs than that, only what stood on that many pages, and that
	// share of them, is dropped: the rest may be an article under many addresses.
	commonPages, commonPercent = 10, 20
	// maxRefrain is how many recurring blocks in a row do not end an article, as a
	// standing heading in its middle does not.
	maxRefrain = 1
)

// Filter splits the blocks of a page into those that belong to the article and
// those that the site repeats. A block is dropped when it recurs and stands
// outside the longest run of blocks that do not. At most 40 % of the text goes,
// what is most common first; of a page of nothing but recurring blocks, nothing.
//
// The page itself need not have been learnt. The order of the blocks is kept,
// and kept is blocks itself when nothing was dropped.
func (h *Host) Filter(blocks []string) (kept, dropped []string) {
	return h.FilterBy(Rules{}, blocks)
}

// Rules are what a person has decided about blocks of a site. Case, space,
// punctuation and the values of numbers do not count.
type Rules struct {
	Keep []string // never dropped
	Drop []string // always dropped, unless nothing else is on the page
}

// FilterBy is [Host.Filter] under rules. What a rule drops does not count towards
// the 40 %.
func (h *Host) FilterBy(r Rules, blocks []string) (kept, dropped []string) {
	drop := h.choose(r, blocks)
	if !slices.Contains(drop, true) || !slices.Contains(drop, false) {
		return blocks, nil
	}
	for i, b := range blocks {
		if drop[i] {
			dropped = append(dropped, b)
		} else {
			kept = append(kept, b)
		}
	}
	return kept, dropped
}

// choose marks the blocks to drop.
func (h *Host) choose(r Rules, blocks []string) []bool {
	keep, drop := named(r.Keep, blocks), named(r.Drop, blocks)
	counts := make([]int, len(blocks))
	var outside []int
	total, gone := 0, 0
	for i, b := range blocks {
		if drop[i] {
			counts[i] = len(h.pages)
			continue
		}
		total += utf8.RuneCountInString(b)
		counts[i] = h.Count(b)
	}
	from, to := h.longestRun(blocks, counts)
	for i, b := range blocks {
		if !drop[i] && !keep[i] && from < to && (i < from || i >= to) && h.recurs(counts[i]) {
			outside = append(outside, i)
			gone += utf8.RuneCountInString(b)
		}
	}
	budget := total * maxDropPercent / 100
	tight := gone > budget
	slices.SortStableFunc(outside, func(i, j int) int { return cmp.Compare(counts[j], counts[i]) })
	for _, i := range outside {
		n := utf8.RuneCountInString(blocks[i])
		if n <= budget && (!tight || h.common(counts[i])) {
			budget -= n
			drop[i] = true
		}
	}
	return drop
}

// named marks the blocks that texts name.
func named(texts, blocks []string) []bool {
	out := make([]bool, len(blocks))
	if len(texts) == 0 {
		return out
	}
	names := map[string]bool{}
	for _, t := range texts {
		names[normal(t)] = true
	}
	for i, b := range blocks {
		out[i] = names[normal(b)]
	}
	return out
}

// recurs reports whether a block on that many pages may be boilerplate.
func (h *Host) recurs(count int) bool {
	return count >= minPages && 100*count >= minPercent*len(h.pages)
}

// common reports whether one is boilerplate beyond doubt.
func (h *Host) common(count int) bool {
	return count >= commonPages && 100*count >= commonPercent*len(h.pages)
}

// longestRun is the run of blocks, by characters, that do not recur, but for a
// refrain between them; an empty one if all do.
func (h *Host) longestRun(blocks []string, counts []int) (from, to int) {
	best, start, size, refrain := 0, 0, 0, 0
	for i, b := range blocks {
		if h.recurs(counts[i]) {
			if refrain++; refrain > maxRefrain || size == 0 {
				start, size = i+1, 0
			}
			continue
		}
		if refrain = 0; size == 0 {
			start = i
		}
		if size += utf8.RuneCountInString(b); size > best {
			best, from, to = size, start, i+1
		}
	}
	return from, to
}
