package authority

import (
	"cmp"
	"slices"
	"time"

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

// Evidence says which full names the archive shows short ones to stand for, and
// when. It comes from [Gather], does not change, and is safe for concurrent
// use; nil shows nothing.
type Evidence struct {
	meant map[string][]spell // by short form, in order of time
}

// spell is a run of days on which a short name stands for one entity.
type spell struct {
	from, to int32 // from the one to before the other
	id, name string
}

// full returns the entity that a short name stands for at the time, if one is
// clearly meant.
func (e *Evidence) full(f news.Entity, published time.Time) (news.Entity, bool) {
	short := shortForm(f)
	if e == nil || short == "" {
		return f, false
	}
	day := dayOf(published)
	spells := e.meant[short]
	i, found := slices.BinarySearchFunc(spells, day, func(s spell, day int32) int { return cmp.Compare(s.from, day) })
	if !found {
		i--
	}
	if i < 0 || day >= spells[i].to {
		return f, false
	}
	f.ID, f.Name = spells[i].id, spells[i].name
	return f, true
}

func dayOf(t time.Time) int32 {
	const seconds = 24 * 60 * 60
	return int32(t.Unix() / seconds)
}

// tally counts the articles that use a full name.
type tally struct {
	id     string
	name   string  // as it is written, the most frequent way once settled
	uses   int     // of name
	others []use   // other ways to write it; there are few
	days   []int32 // of each use
}

type use struct {
	name string
	n    int
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

// settle takes the name that is most frequent.
func (t *tally) settle() {
	for _, o := range t.others {
		if o.n > t.uses || o.n == t.uses && o.name < t.name {
			t.name, t.uses = o.name, o.n
		}
	}
}

// spells returns when a short name stands for whom, by the uses of the full
// names that it may stand for.
func spells(tallies []*tally) []spell {
	type change struct {
		day, by int32
		who     int
	}
	var changes []change
	for who, t := range tallies {
		t.settle()
		for _, day := range t.days {
			changes = append(changes, change{day - window, 1, who}, change{day + window + 1, -1, who})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.day, b.day) })
	poll := newPoll(len(tallies))
	var out []spell
	for i, c := range changes {
		poll.move(c.who, int(c.by))
		if i+1 < len(changes) && changes[i+1].day == c.day {
			continue
		}
		if who, clear := poll.leader(); clear {
			next := changes[i+1].day // whoever leads still has uses to lose
			out = appendSpell(out, spell{c.day, next, tallies[who].id, tallies[who].name})
		}
	}
	return out
}

// appendSpell adds s, to the last spell if that goes on.
func appendSpell(list []spell, s spell) []spell {
	if n := len(list) - 1; n >= 0 && list[n].to == s.from && list[n].id == s.id {
		list[n].to = s.to
		return list
	}
	return append(list, s)
}

// poll counts votes and knows the leader at every moment, in constant time: for
// each number of votes how many have just as many, and the exclusive or of who
// they are, which is the one when there is one.
type poll struct {
	votes, tied, who []int
	all, most        int
}

func newPoll(candidates int) *poll {
	p := &poll{votes: make([]int, candidates), tied: []int{candidates}, who: []int{0}}
	for i := range candidates {
		p.who[0] ^= i
	}
	return p
}

// move gives who one vote more or less.
func (p *poll) move(who, by int) {
	n := p.votes[who]
	p.tied[n]--
	p.who[n] ^= who
	n += by
	if n == len(p.tied) {
		p.tied, p.who = append(p.tied, 0), append(p.who, 0)
	}
	p.tied[n]++
	p.who[n] ^= who
	p.votes[who] = n
	p.all += by
	p.most = max(p.most, n)
	for p.most > 0 && p.tied[p.most] == 0 {
		p.most--
	}
}

// leader returns who has so large a part of the votes that nobody else is meant.
func (p *poll) leader() (who int, clear bool) {
	if p.most < leastArticles || p.most*100 < p.all*leastShare {
		return 0, false
	}
	return p.who[p.most], true
}
