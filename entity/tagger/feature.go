package tagger

import (
	"math/bits"

	"broadsheet.example/entity/gazetteer"
)

// Reaches of features, in tokens.
const (
	orgReach   = 4 // ahead, for a word that organizations' names end in
	titleReach = 3 // back, for a title
	runReach   = 4 // either way, for a run of capitalized words
)

// sentence computes the features of one sentence.
type sentence struct {
	doc        *document
	start, end int
	capitals   uint64 // how it uses capitals
	rows       []uint32
}

// at returns the word of token i, or that of the edge outside the sentence.
func (s *sentence) at(i int) *word {
	if i < s.start || i >= s.end {
		return &s.doc.edge
	}
	return &s.doc.words[s.doc.ids[i]]
}

// marksAt returns the marks of token i, none outside the sentence.
func (s *sentence) marksAt(i int) marks {
	if i < s.start || i >= s.end {
		return 0
	}
	return s.doc.places[i]
}

func (s *sentence) add(template, h uint64) {
	s.rows = append(s.rows, rowOf(template, h))
}

// features appends the rows of token i to rows.
func (s *sentence) features(rows []uint32, i int) []uint32 {
	s.rows = rows
	initial := uint64(0)
	if i == s.start || i == s.start+1 && !s.at(s.start).letter {
		initial = 1
	}
	s.identityFeatures(i)
	s.wordFeatures(i, initial)
	s.windowFeatures(i)
	s.signalFeatures(i)
	if s.at(i).upper {
		s.runFeatures(i, initial)
	}
	s.markFeatures(i)
	s.clusterFeatures(i)
	s.usageFeatures(i)
	return s.rows
}

// identityFeatures: which word the token is, by itself and with its neighbors.
func (s *sentence) identityFeatures(i int) {
	w, l, r := s.at(i), s.at(i-1), s.at(i+1)
	s.add(1, w.exact)
	s.add(2, w.lower)
	s.add(24, join(l.lower, w.lower))
	s.add(25, join(w.lower, r.lower))
	s.add(8, w.prefix[2])
}

// wordFeatures: what kind of word the token is.
func (s *sentence) wordFeatures(i int, initial uint64) {
	w := s.at(i)
	s.add(0, s.capitals)
	s.add(3, w.shape)
	s.add(4, join(w.short, initial))
	s.add(5, join(w.short, initial*3+s.capitals*7))
	for k, h := range w.prefix[:2] {
		s.add(uint64(6+k), h)
	}
	for k, h := range w.suffix {
		s.add(uint64(10+k), h)
	}
	if w.upper {
		seen := uint64(min(w.asLower, 2)*4 + min(w.asName, 2))
		s.add(15, join(seen, initial+2*s.capitals))
		s.add(16, join(seen, w.short))
	}
}

// windowFeatures: the tokens around.
func (s *sentence) windowFeatures(i int) {
	w, l, ll, r, rr := s.at(i), s.at(i-1), s.at(i-2), s.at(i+1), s.at(i+2)
	s.add(20, l.lower)
	s.add(21, r.lower)
	s.add(22, ll.lower)
	s.add(23, rr.lower)
	s.add(26, join(l.short, w.short))
	s.add(27, join(w.short, r.short))
	s.add(28, join(join(l.short, w.short), r.short))
	s.add(29, join(l.lower, w.short))
	s.add(30, join(r.lower, w.short))
	s.add(31, l.suffix[2])
	s.add(32, r.suffix[2])
	s.add(33, join(l.exact, r.exact))
	s.add(34, join(l.suffix[2], w.short))
	s.add(35, join(r.suffix[2], w.short))
	s.add(36, join(join(ll.short, l.short), w.short))
	s.add(37, join(join(w.short, r.short), rr.short))
	s.add(38, join(join(ll.lower, l.lower), w.short))
	s.add(39, join(join(r.lower, rr.lower), w.short))
}

// signalFeatures: telling words near by that capitals lead to.
func (s *sentence) signalFeatures(i int) {
	w := s.at(i)
	for k := 1; k <= orgReach; k++ {
		x := s.at(i + k)
		if x.upper && x.kinds&gazetteer.OrgWord != 0 {
			s.add(40, uint64(k))
			s.add(41, x.lower)
			break
		}
		if !x.upper {
			break
		}
	}
	for k := 1; k <= titleReach; k++ {
		x := s.at(i - k)
		if x.kinds&gazetteer.Title != 0 {
			s.add(42, join(uint64(k), w.short))
			break
		}
		if !x.upper {
			break
		}
	}
}

// runFeatures: the run of capitalized words that the token is in, and what
// stands on both sides of it.
func (s *sentence) runFeatures(i int, initial uint64) {
	l, r := 0, 0
	for l < runReach && s.at(i-l-1).upper {
		l++
	}
	for r < runReach && s.at(i+r+1).upper {
		r++
	}
	before, after := s.at(i-l-1), s.at(i+r+1)
	s.add(43, uint64(l*8+r)+s.capitals*100+initial*1000)
	s.add(44, before.lower)
	s.add(45, after.lower)
	s.add(46, join(before.lower, after.lower))
	s.add(49, join(before.Coarse, after.Coarse))
	s.add(100, before.Cluster)
	s.add(101, after.Cluster)
	s.add(102, join(s.at(i-l-2).lower, before.lower))
	s.add(103, join(after.lower, s.at(i+r+2).lower))
	s.add(104, join(before.Cluster, after.Cluster))
	s.add(105, s.at(i-l-2).Cluster)
	s.add(106, s.at(i+r+2).Cluster)
	position := uint64(min(l, 2)*3 + min(r, 2))
	s.add(114, join(position, s.at(i).Coarse))
	s.add(115, join(before.lower, position))
	s.add(116, join(after.lower, position))
	if r > 0 {
		s.finalFeatures(s.at(i+r), position)
	}
	if l > 0 {
		s.firstFeatures(s.at(i-l), position)
	}
	s.roleFeatures(i, i-l, i+r, position)
	s.sportFeatures(i, i-l, i+r, position)
}

// roleFeatures: what the run from first to last may be by the roles of its words
// and by what stands on both sides.
func (s *sentence) roleFeatures(i, first, last int, position uint64) {
	w, end, before, after := s.at(i), s.at(last), s.at(first-1), s.at(last+1)
	s.add(121, join(w.Role, position))
	if i < last {
		s.add(122, join(end.Role, position))
	}
	if first < i {
		s.add(123, join(s.at(first).Role, position))
	}
	s.add(124, join(before.Role, position))
	s.add(125, join(after.Role, position))
	s.add(126, join(before.Leads, position))
	s.add(127, join(after.Trails, position))
	s.add(128, join(join(after.Trails, before.Leads), position))
	s.add(129, join(join(before.Leads, end.Role), position))
	s.add(130, join(join(after.Trails, end.Role), position))
	s.add(131, join(join(before.Leads, w.Role), position))
}

// finalFeatures: the last word of the run, which often says what the name is of.
func (s *sentence) finalFeatures(w *word, position uint64) {
	s.add(47, w.lower)
	s.add(107, w.Cluster)
	s.add(108, w.Coarse)
	s.add(109, w.suffix[2])
	s.add(110, join(uint64(w.kinds), position))
}

// firstFeatures: the first word of the run.
func (s *sentence) firstFeatures(w *word, position uint64) {
	s.add(48, w.lower)
	s.add(111, w.Cluster)
	s.add(112, w.Coarse)
	s.add(113, join(uint64(w.kinds), position))
}

// markFeatures: what the gazetteer knows of the token and its neighbors.
func (s *sentence) markFeatures(i int) {
	w := s.at(i)
	m, l, r := s.marksAt(i), s.marksAt(i-1), s.marksAt(i+1)
	for rest := m; rest != 0; rest &= rest - 1 {
		bit := uint64(bits.TrailingZeros64(uint64(rest)))
		s.add(50, bit)
		s.add(51, join(bit, w.short))
	}
	s.add(52, uint64(m))
	s.add(53, join(uint64(l), uint64(m)))
	s.add(54, join(uint64(m), uint64(r)))
	s.add(55, join(join(uint64(l), uint64(m)), uint64(r)))
	const telling = gazetteer.Title | gazetteer.OrgWord | gazetteer.PlaceWord | gazetteer.Common
	s.add(56, join(uint64(w.kinds&telling), uint64(s.at(i-1).kinds&telling)))
	s.add(57, join(uint64(w.kinds&telling), uint64(s.at(i+1).kinds&telling)))
}

// clusterFeatures: words that are used like the token and its neighbors.
func (s *sentence) clusterFeatures(i int) {
	w, l, ll, r, rr := s.at(i), s.at(i-1), s.at(i-2), s.at(i+1), s.at(i+2)
	s.add(60, w.Cluster)
	s.add(61, l.Cluster)
	s.add(62, r.Cluster)
	s.add(63, w.Coarse)
	s.add(64, l.Coarse)
	s.add(65, r.Coarse)
	s.add(66, join(w.Coarse, l.Coarse))
	s.add(67, join(w.Coarse, r.Coarse))
	s.add(68, join(w.Coarse, w.short))
	s.add(69, join(w.Cluster, w.short))
	s.add(70, join(join(l.Coarse, r.Coarse), w.short))
	s.add(71, rr.Coarse)
	s.add(72, ll.Coarse)
}

// usageFeatures: the role of the token and those of its neighbors, and what they
// lead and trail.
func (s *sentence) usageFeatures(i int) {
	w, l, r := s.at(i), s.at(i-1), s.at(i+1)
	s.add(120, w.Role)
	s.add(132, l.Role)
	s.add(133, r.Role)
	s.add(134, join(l.Leads, w.short))
	s.add(135, join(r.Trails, w.short))
}
