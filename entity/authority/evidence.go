package authority

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"broadsheet.example/entity"
	"broadsheet.example/news"
)

// When a short name is completed: the full name must be used by at least
// leastArticles within window days before and after the article, and by at least
// leastShare percent of the articles there that use any full name it may stand
// for.
const (
	window        = 15
	leastArticles = 2
	leastShare    = 80
)

// minAcronym is the least length of initials that are taken for an acronym.
const minAcronym = 3

// Evidence counts by day which full names the archive uses for what may be
// called by a short one. Articles may be added in any order; the result is the
// same. It is not safe for concurrent use until it has settled.
type Evidence struct {
	short map[string]bool              // forms that stand alone somewhere
	forms map[string]map[string]*tally // by short form, then by the id of who may be meant
}

// tally counts the articles that use a full name.
type tally struct {
	name   string  // as it is written, the most frequent way once settled
	uses   int     // of name
	others []use   // other ways to write it; there are few
	days   []int32 // of each use, in order once settled
}

type use struct {
	name string
	n    int
}

// NewEvidence returns evidence of nothing.
func NewEvidence() *Evidence {
	return &Evidence{short: map[string]bool{}, forms: map[string]map[string]*tally{}}
}

// Add takes in what the text of an article has given.
func (e *Evidence) Add(list []news.Entity, published time.Time) {
	found, _ := asFound(list)
	day := dayOf(published)
	for _, f := range found {
		if s := shortForm(f); s != "" {
			e.short[s] = true
		}
		for _, s := range shortForms(f) {
			e.count(s, f, day)
		}
	}
}

func (e *Evidence) count(short string, f news.Entity, day int32) {
	byID := e.forms[short]
	if byID == nil {
		byID = map[string]*tally{}
		e.forms[short] = byID
	}
	t := byID[f.ID]
	if t == nil {
		t = &tally{name: f.Name}
		byID[f.ID] = t
	}
	t.days = append(t.days, day)
	t.spelled(f.Name)
}

func (t *tally) spelled(name string) {
	if name == t.name {
		t.uses++
		return
	}
	for i := range t.others {
		if t.others[i].name == name {
			t.others[i].n++
			return
		}
	}
	t.others = append(t.others, use{name, 1})
}

// Settle ends the gathering: it forgets what no short name asks for and sums up
// the rest.
func (e *Evidence) Settle() {
	for short, byID := range e.forms {
		if !e.short[short] {
			delete(e.forms, short)
			continue
		}
		for _, t := range byID {
			t.settle()
		}
	}
	e.short = nil
}

func (t *tally) settle() {
	for _, o := range t.others {
		if o.n > t.uses || o.n == t.uses && o.name < t.name {
			t.name, t.uses = o.name, o.n
		}
	}
	t.others = nil
	slices.Sort(t.days)
}

// between counts the articles of the days from up to before to.
func (t *tally) between(from, to int32) int {
	i, _ := slices.BinarySearch(t.days, from)
	j, _ := slices.BinarySearch(t.days, to)
	return j - i
}

// full returns the entity that a short name stands for at the time, if one is
// clearly meant. Nil evidence shows nothing.
func (e *Evidence) full(f news.Entity, published time.Time) (news.Entity, bool) {
	short := shortForm(f)
	if e == nil || short == "" {
		return f, false
	}
	from, to := dayOf(published)-window, dayOf(published)+window+1
	best, most, all := "", 0, 0
	byID := e.forms[short]
	for id, t := range byID {
		n := t.between(from, to)
		all += n
		if n > most {
			best, most = id, n
		}
	}
	if most < leastArticles || most*100 < all*leastShare {
		return f, false
	}
	f.ID, f.Name = best, byID[best].name
	return f, true
}

func dayOf(t time.Time) int32 {
	const seconds = 24 * 60 * 60
	return int32(t.Unix() / seconds)
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
