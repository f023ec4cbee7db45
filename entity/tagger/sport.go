package tagger

import "broadsheet.example/entity/gazetteer"

// sport is how much a document speaks of sports. There, clubs are called by the
// city or the county that they are from, and results are told in lists.
type sport uint64

const (
	noSport sport = iota
	someSport
	muchSport
)

// One in so many words of a document must be one of sports for it to be about
// them, some or much, and a single one is some. By that, of 140 invented reports of
// politics none is about them much and 6 are some; of the 99 reports, lists and
// tables of sports in entity/model/data 86 are much and 2 are not.
const (
	someShare = 90
	muchShare = 35
)

// measureSport counts the words of sports.
func (d *document) measureSport() sport {
	words, telling := 0, 0
	for i := range d.ids {
		w := d.word(i)
		if !w.letter {
			continue
		}
		words++
		if w.kinds&gazetteer.SportWord != 0 {
			telling++
		}
	}
	switch {
	case telling == 0 || telling*someShare < words:
		return noSport
	case telling*muchShare < words || telling == 1:
		return someSport
	default:
		return muchSport
	}
}

// sportFeatures: what tells the club from its city in a document about sports:
// what stands on both sides of the run from first to last, and what kind of line
// it is in. All other documents have features of their own of the kind, so that
// there cities stay cities.
func (s *sentence) sportFeatures(i, first, last int, position uint64) {
	w, before, after, known := s.at(i), s.at(first-1), s.at(last+1), uint64(s.marksAt(i))
	position = position*3 + uint64(s.doc.sport)
	s.add(140, join(position, known))
	s.add(141, join(position, before.lower))
	s.add(142, join(position, after.lower))
	s.add(143, join(join(position, before.lower), after.lower))
	s.add(144, join(join(position, before.Coarse), after.Coarse))
	s.add(145, join(position, before.Cluster))
	s.add(146, join(position, after.Cluster))
	s.add(147, join(position, w.Role))
	s.add(148, join(position, w.Cluster))
	s.add(149, join(join(position, before.short), after.short))
	s.add(150, join(join(position, known), s.line()))
	s.add(151, join(position, s.line()))
}

// shortLine is the most tokens of a line that may be no prose.
const shortLine = 12

// line tells prose, 0, from short lines of lists and tables, 1, and those with
// numbers, 2.
func (s *sentence) line() uint64 {
	if s.end-s.start > shortLine || s.at(s.end-1).text == "." {
		return 0
	}
	for i := s.start; i < s.end; i++ {
		if text := s.at(i).text; isDigit(rune(text[0])) {
			return 2
		}
	}
	return 1
}
