package index

import (
	"math/bits"
	"slices"
	"sort"
)

// scoring is a leaf that adds to the scores of a segment.
type scoring struct {
	list   *postings
	scorer *scorer
	idf    float64
	growth float64 // of the weighed frequencies since the list was sealed
}

// bound is what the leaf adds to no score of the block's window more than.
func (p *scoring) bound(b *block) float64 { return p.idf * saturated(float64(b.peak)*p.growth) }

// slack makes up for rounding when bounds are compared with scores.
const slack = 1 + 1e-6

// primed is how many of the most promising windows are scored first, so that
// most of the others need not be.
const primed = 8

// scorings returns the leaves that add to scores here, in the order of the
// plans; worded is false when the query has none anywhere.
func (s *segmentRun) scorings() (parts []scoring, worded bool) {
	for _, p := range s.run.plans {
		worded = worded || p.scores()
		for _, l := range p.leaves {
			if list := s.lists[l.number]; l.scored && list != nil && len(list.docs) > 0 {
				c := s.run.scorer(p.set)
				parts = append(parts, scoring{list: list, scorer: c, idf: l.idf, growth: list.growth(c.averages)})
			}
		}
	}
	return parts, worded
}

// windows scores the articles of a segment in windows of documents.
type windows struct {
	*segmentRun
	top    *topK
	parts  []scoring
	worded bool
	decay  decay
	bounds []float64 // by window: no score in it is higher; -1 where nothing is left to score
	shares []share   // of the window being scored
}

// collectScored offers the segment's articles by score. It leaves out windows in
// which nothing can be among the best, and in the others the articles that hold
// too few of the words to be.
func (s *segmentRun) collectScored(top *topK) error {
	w := &windows{segmentRun: s, top: top, decay: s.run.decay()}
	w.parts, w.worded = s.scorings()
	w.bound()
	for _, n := range w.promising() {
		w.score(n)
		w.bounds[n] = -1
	}
	for n, bound := range w.bounds {
		if n%checkWindows == 0 && s.run.ctx.Err() != nil {
			return s.run.ctx.Err()
		}
		if bound >= 0 && !(top.full() && bound*slack < top.heap[0].rank) {
			w.score(n)
		}
	}
	return nil
}

// bound fills bounds.
func (w *windows) bound() {
	list := make([]float64, len(w.cols.newest))
	for i := range w.parts {
		p := &w.parts[i]
		for k := range p.list.blocks {
			b := &p.list.blocks[k]
			list[b.window] += p.bound(b)
		}
	}
	for n := range list {
		switch {
		case w.emptyWindow(n):
			list[n] = -1
		case !w.worded:
			list[n] = w.decay.at(w.cols.newest[n])
		default:
			list[n] *= w.decay.at(w.cols.newest[n])
		}
	}
	w.bounds = list
}

// checkWindows is after how many windows scoring looks at its context.
const checkWindows = checkEvery / windowSize

// windowWords is how many words of a set a window takes.
const windowWords = windowSize / 64

// window returns the words of a set that are in a window.
func (b bitset) window(n int) bitset {
	return b[n*windowWords : min((n+1)*windowWords, len(b))]
}

func (s *segmentRun) emptyWindow(n int) bool {
	for _, word := range s.match.window(n) {
		if word != 0 {
			return false
		}
	}
	return true
}

// promising returns the windows with the highest bounds, best first.
func (w *windows) promising() []int {
	var best []int
	for n, bound := range w.bounds {
		if bound < 0 || len(best) == primed && bound <= w.bounds[best[primed-1]] {
			continue
		}
		at := sort.Search(len(best), func(i int) bool { return w.bounds[best[i]] < bound })
		best = slices.Insert(best, at, n)
		best = best[:min(len(best), primed)]
	}
	return best
}

// share is the part of a leaf in one window.
type share struct {
	*scoring
	block int     // of the leaf's list
	bound float64 // it adds no more to a score
	docs  [windowWords]uint64
}

// score offers the matches of one window that may be among the best.
func (w *windows) score(n int) {
	var sums [windowSize]float64
	w.divide(n)
	var left [windowWords]uint64
	copy(left[:], w.match.window(n))
	if w.worded && w.top.full() {
		keepBest(&left, w.shares, w.top.heap[0].rank/(w.bounds[n]*slack))
	}
	for i := range w.shares {
		w.add(&w.shares[i], &left, &sums)
	}
	first := uint32(n * windowSize)
	for i, word := range left {
		for ; word != 0; word &= word - 1 {
			at := uint32(i*64 + bits.TrailingZeros64(word))
			w.offerScored(first+at, sums[at])
		}
	}
}

func (w *windows) offerScored(doc uint32, sum float64) {
	if !w.worded {
		sum = 1
	}
	if w.top.full() && sum*slack < w.top.heap[0].rank {
		return // decay only lowers a score
	}
	t := w.cols.published[doc]
	w.offer(w.top, candidate{rank: sum * w.decay.at(t), published: t, segment: w.segmentRun, doc: doc})
}

// divide fills shares with what the leaves have in a window, in their order.
func (w *windows) divide(n int) {
	w.shares = w.shares[:0]
	for i := range w.parts {
		p := &w.parts[i]
		b, ok := p.list.blockOf(uint32(n))
		if !ok {
			continue
		}
		sh := share{scoring: p, block: b, bound: p.bound(&p.list.blocks[b])}
		p.list.window(b, &sh.docs)
		w.shares = append(w.shares, sh)
	}
}

// keepBest takes out of a window's documents those that cannot reach the needed
// share of the window's bound, for the words that they do not hold: all lack a
// word that the others cannot make up for, or both of such a pair. It is what
// WAND [Broder et al. 2003] decides document by document, for 64 at a time.
func keepBest(left *[windowWords]uint64, shares []share, needed float64) {
	sum := 0.0
	for i := range shares {
		sum += shares[i].bound
	}
	spare := sum * (1 - needed)
	for i := range shares {
		a := &shares[i]
		if a.bound > spare {
			for k := range left {
				left[k] &= a.docs[k]
			}
			continue
		}
		for j := range shares[:i] {
			if b := &shares[j]; b.bound <= spare && a.bound+b.bound > spare {
				for k := range left {
					left[k] &= a.docs[k] | b.docs[k]
				}
			}
		}
	}
}

// add adds what a leaf gives to the documents that are left of a window.
func (w *windows) add(sh *share, left *[windowWords]uint64, sums *[windowSize]float64) {
	list, at := sh.list, sh.list.blocks[sh.block].start
	for i, word := range sh.docs {
		for hit := word & left[i]; hit != 0; hit &= hit - 1 {
			k := at + uint32(bits.OnesCount64(word&(hit&-hit-1)))
			doc := list.docs[k]
			sums[doc%windowSize] += sh.idf * saturated(sh.scorer.weigh(w.cols, doc, list.freqs[k]))
		}
		at += uint32(bits.OnesCount64(word))
	}
}
