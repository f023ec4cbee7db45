package boiler

import (
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
)

// What it takes for a block to be boilerplate, and how much is remembered.
const (
	// Window is how many of a host's last pages count.
	Window = 500
	// minPages is on how many distinct URLs a block must have stood.
	minPages = 3
	// minPercent is on what share of the pages in the window.
	minPercent = 5
	// maxPageBlocks is how many blocks of one page are remembered, those at its
	// ends before those in its middle.
	maxPageBlocks = 120
)

// Host is what has been learnt of one host. The zero value knows nothing and is
// ready to use. It is not safe for concurrent use. It holds at most [Window]
// pages of at most 120 blocks, 8 bytes each.
type Host struct {
	pages  []page // the oldest first
	counts map[uint64]int
}

// page is one page: its address and the distinct blocks on it, hashed.
type page struct {
	url    uint64
	blocks []uint64
}

// Learn notes the blocks of one page, given as they were extracted, before
// anything was dropped from them. A URL that was learnt before is replaced, so
// that fetching a page twice counts once. The page beyond the window, the
// oldest, is forgotten; so is all but the last pages once these have nothing of
// what was usual before, that is, when the site's template has changed.
func (h *Host) Learn(url string, blocks []string) {
	p := page{url: hash(url), blocks: hashes(blocks)}
	if i := slices.IndexFunc(h.pages, func(q page) bool { return q.url == p.url }); i >= 0 {
		h.forget(i)
	}
	if len(h.pages) >= Window {
		h.forget(0)
	}
	if h.counts == nil {
		h.counts = map[uint64]int{}
	}
	for _, b := range p.blocks {
		h.counts[b]++
	}
	h.pages = append(h.pages, p)
	if h.changed() {
		h.restart()
	}
}

func (h *Host) forget(i int) {
	for _, b := range h.pages[i].blocks {
		if h.counts[b]--; h.counts[b] == 0 {
			delete(h.counts, b)
		}
	}
	h.pages = slices.Delete(h.pages, i, i+1)
}

// Pages is how many pages are remembered.
func (h *Host) Pages() int { return len(h.pages) }

// Knows reports whether the page at url is one of those remembered.
func (h *Host) Knows(url string) bool {
	u := hash(url)
	return slices.ContainsFunc(h.pages, func(p page) bool { return p.url == u })
}

// Count is on how many of the remembered pages a block stood.
func (h *Host) Count(block string) int { return h.counts[hash(normal(block))] }

// normal is a block without what differs between its occurrences: case, space,
// punctuation and the digits of counts and dates.
func normal(block string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsMark(r):
			return unicode.ToLower(r)
		case unicode.IsDigit(r):
			return '0'
		}
		return -1
	}, block)
}

func hash(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // never fails
	return h.Sum64()
}

// hashes are the distinct hashes of the blocks, from both ends inwards.
func hashes(blocks []string) []uint64 {
	var out []uint64
	seen := map[uint64]bool{}
	for i := 0; i < len(blocks) && len(out) < maxPageBlocks; i++ {
		at := i / 2
		if i%2 == 1 {
			at = len(blocks) - 1 - i/2
		}
		text := normal(blocks[at])
		if b := hash(text); text != "" && !seen[b] {
			seen[b] = true
			out = append(out, b)
		}
	}
	return out
}
