package index

import (
	"slices"

	"github.com/cespare/xxhash/v2"

	"broadsheet.example/news"
)

// groupOf is the number of the group of near-identical articles around the one
// with the ID. It is never 0.
func groupOf(id []byte) uint64 { return xxhash.Sum64(id) | 1 }

// groups are near-identical articles of which more than one is in a set, by the
// number of the group.
type groups map[uint64][]candidate

// repeated returns the groups with several articles in the sets, which are given
// by segment.
func (r *run) repeated(sets []bitset) (groups, error) {
	found := make(groups)
	for i, s := range r.segments {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		for doc := range s.cols.copies.all() {
			if sets[i].has(doc) {
				found[s.cols.group(doc)] = nil
			}
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	seen := 0
	for i, s := range r.segments {
		for doc := range sets[i].all() {
			if seen++; seen%checkEvery == 0 && r.ctx.Err() != nil {
				return nil, r.ctx.Err()
			}
			if list, ok := found[s.cols.group(doc)]; ok {
				found[s.cols.group(doc)] = append(list, candidate{segment: s, doc: doc, published: s.cols.published[doc]})
			}
		}
	}
	for g, list := range found {
		if len(list) < 2 {
			delete(found, g)
		}
	}
	return found, nil
}

// collapse leaves of each group of near-identical articles only the best in the
// match sets. It returns how many it took out.
func (r *run) collapse() (int, error) {
	sets := make([]bitset, len(r.segments))
	for i, s := range r.segments {
		sets[i] = s.match
	}
	var err error
	if r.groups, err = r.repeated(sets); err != nil || len(r.groups) == 0 {
		return 0, err
	}
	for _, s := range r.segments {
		s.every, s.match = s.match, r.arena.copy(s.match)
	}
	dropped := 0
	for g, list := range r.groups {
		for i := range list {
			list[i].rank = list[i].segment.rank(list[i].doc)
		}
		slices.SortFunc(list, compare)
		for _, c := range list[1:] {
			c.segment.match.remove(c.doc)
			dropped++
		}
		r.groups[g] = list
	}
	return dropped, nil
}

// rank returns what a document is ordered by.
func (s *segmentRun) rank(doc uint32) float64 {
	if s.run.q.Sort != news.SortRelevancy {
		times, sign := s.sortKey()
		return sign * float64(times[doc])
	}
	parts, worded := s.scorings()
	sum := 0.0
	for _, p := range parts {
		if q, ok := p.list.find(doc); ok {
			sum += p.idf * saturated(p.scorer.weigh(s.cols, doc, q))
		}
	}
	if !worded {
		sum = 1
	}
	return sum * s.run.decay().at(s.cols.published[doc])
}

// copiesOf lists the articles that a hit stands for beside itself, in the order
// in which they would stand.
func (r *run) copiesOf(c candidate) []string {
	list := r.groups[c.segment.cols.group(c.doc)]
	if len(list) == 0 {
		return nil
	}
	ids := make([]string, 0, len(list)-1)
	for _, other := range list[1:] {
		ids = append(ids, string(other.id()))
	}
	return ids
}

// once takes the groups out of the sets, which are changed, and calls count with
// each group, so that it can be counted as one.
func (r *run) once(sets []bitset, count func(group []candidate)) error {
	if r.q.Collapse != news.CollapseDuplicates {
		return nil
	}
	repeated, err := r.repeated(sets)
	if err != nil || len(repeated) == 0 {
		return err
	}
	for i := range sets {
		sets[i] = r.arena.copy(sets[i])
	}
	at := make(map[*segmentRun]bitset, len(sets))
	for i, s := range r.segments {
		at[s] = sets[i]
	}
	for _, list := range repeated {
		for _, c := range list {
			at[c.segment].remove(c.doc)
		}
		count(list)
	}
	return nil
}
