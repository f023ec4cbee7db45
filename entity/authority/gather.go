package authority

import (
	"hash/fnv"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"broadsheet.example/entity"
	"broadsheet.example/news"
)

// MaxGathered is how many bytes, roughly, the names take that Gather holds at a
// time: half a million names, after which an archive is read more than once.
const MaxGathered = 96 << 20

// What is reckoned for a name and for a use of it, with all that maps and
// slices take for them.
const (
	nameBytes = 200
	useBytes  = 8
)

// parts is how many parts short names are dealt into, by their hash. A walk
// gathers as many parts as fit.
const parts = 256

// minAcronym is the least length of initials that are taken for an acronym.
const minAcronym = 3

// Walk calls add with what the text of each article of an archive has given, and
// when it was published, in any order.
type Walk func(add func(list []news.Entity, published time.Time)) error

// Gather returns what the articles show that walk goes through, whatever their
// order. Names that do not fit into limit bytes are left for another walk, so
// that memory does not grow with the archive but for what is found out.
func Gather(limit int, walk Walk) (*Evidence, error) {
	e := &Evidence{meant: map[string][]spell{}}
	for g := newGathering(limit, 0); g.from < parts; g = newGathering(limit, g.to) {
		if err := walk(g.add); err != nil {
			return nil, err
		}
		g.settle(e)
	}
	return e, nil
}

// gathering is what one walk collects: names whose short forms are of the parts
// from the one to before the other.
type gathering struct {
	limit, held int
	from, to    uint32
	short       map[string]bool              // forms that stand alone somewhere
	forms       map[string]map[string]*tally // by short form, then by the id of who may be meant
}

func newGathering(limit int, from uint32) *gathering {
	return &gathering{limit: limit, from: from, to: parts, short: map[string]bool{}, forms: map[string]map[string]*tally{}}
}

// add takes in an article.
func (g *gathering) add(list []news.Entity, published time.Time) {
	found, _ := asFound(list)
	day := dayOf(published)
	for _, f := range found {
		if s := shortForm(f); s != "" && !g.short[s] && g.covers(s) {
			g.short[s] = true
			g.held += nameBytes
		}
		for _, s := range shortForms(f) {
			if g.covers(s) {
				g.count(s, f, day)
			}
		}
	}
	for g.held > g.limit && g.to-g.from > 1 {
		g.narrow()
	}
}

// partOf returns the part that a short form is dealt into.
func partOf(short string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(short))
	return h.Sum32() % parts
}

func (g *gathering) covers(short string) bool {
	p := partOf(short)
	return g.from <= p && p < g.to
}

func (g *gathering) count(short string, f news.Entity, day int32) {
	byID := g.forms[short]
	if byID == nil {
		byID = map[string]*tally{}
		g.forms[short] = byID
	}
	t := byID[f.ID]
	if t == nil {
		t = &tally{id: f.ID, name: f.Name}
		byID[f.ID] = t
		g.held += nameBytes
	}
	t.days = append(t.days, day)
	t.spelled(f.Name)
	g.held += useBytes
}

// narrow leaves the second half of the parts to a later walk.
func (g *gathering) narrow() {
	g.to = g.from + (g.to-g.from)/2
	g.held = 0
	for short := range g.short {
		if g.covers(short) {
			g.held += nameBytes
		} else {
			delete(g.short, short)
		}
	}
	for short, byID := range g.forms {
		if !g.covers(short) {
			delete(g.forms, short)
			continue
		}
		for _, t := range byID {
			g.held += nameBytes + useBytes*len(t.days)
		}
	}
}

// settle puts into e whom the short names stand for that the archive uses.
func (g *gathering) settle(e *Evidence) {
	for short := range g.short {
		var all []*tally
		for _, t := range g.forms[short] {
			all = append(all, t)
		}
		if s := spells(all); len(s) > 0 {
			e.meant[short] = s
		}
	}
}

// shortForm returns the key under which f is looked up if it is a short name: a
// surname, or an acronym.
func shortForm(f news.Entity) string {
	if strings.ContainsFunc(f.Name, unicode.IsSpace) {
		return ""
	}
	switch f.Type {
	case news.Person:
		return string(f.Type) + " " + entity.Surname(f.Name)
	case news.Organization:
		if a := entity.Acronym(f.Name); utf8.RuneCountInString(a) >= minAcronym {
			return string(f.Type) + " " + a
		}
	case news.Place: // a place's name is not shortened
	}
	return ""
}

// shortForms returns the keys of the short names that f may go by.
func shortForms(f news.Entity) []string {
	if !strings.ContainsFunc(f.Name, unicode.IsSpace) {
		return nil
	}
	var forms []string
	switch f.Type {
	case news.Person:
		forms = append(forms, entity.Surname(f.Name))
	case news.Organization:
		forms = entity.Initials(f.Name)
	case news.Place:
	}
	keys := forms[:0]
	for _, s := range forms {
		if f.Type == news.Person || utf8.RuneCountInString(s) >= minAcronym {
			if key := string(f.Type) + " " + s; !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}
