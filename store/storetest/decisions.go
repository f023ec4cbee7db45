package storetest

import (
	"errors"
	"strings"

	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet.example/news"
)

// The entities of the tests below; nobody is named in no article.
var (
	jake   = news.Entity{ID: news.EntityID(news.Person, "jake sullivan"), Type: news.Person, Name: "Jake Sullivan"}
	jacob  = news.Entity{ID: news.EntityID(news.Person, "jacob sullivan"), Type: news.Person, Name: "Jacob Sullivan"}
	sully  = news.Entity{ID: news.EntityID(news.Person, "sullivan"), Type: news.Person, Name: "Sullivan"}
	rome   = news.Entity{ID: news.EntityID(news.Place, "rome"), Type: news.Place, Name: "Rome", Country: "it"}
	nobody = news.EntityID(news.Person, "nobody")
)

func (f *fixture) putEntities() {
	d := draft("Title", "text", key(1))
	for _, e := range []news.Entity{jake, jacob, sully, rome} {
		e.Count = 1
		d.Article.Entities = append(d.Article.Entities, e)
	}
	f.putOne(d, "new")
}

func (f *fixture) decide(decisions ...news.Decision) []news.Decision {
	f.Helper()
	made, err := f.Decide(f.ctx(), decisions...)
	f.must(err)
	f.equal("decisions", made, decisions, cmpopts.IgnoreFields(news.Decision{}, "Number", "At"))
	return made
}

func (f *fixture) entities(ids ...string) []news.Entity {
	f.Helper()
	got, err := f.Entities(f.ctx(), ids...)
	f.must(err)
	return got
}

func merge(e, into news.Entity) news.Decision {
	return news.Decision{Kind: news.DecisionMerge, Entity: e.ID, Into: into.ID}
}

func testDecisions(f *fixture) {
	f.putEntities()
	first := f.decide(merge(jacob, jake), news.Decision{Kind: news.DecisionRename, Entity: jake.ID, Name: "Jake S.", By: "ann"})
	second := f.decide(news.Decision{Kind: news.DecisionSplit, Entity: jacob.ID})
	f.equal("time", second[0].At, f.now())
	f.equal("numbers", []int64{first[0].Number, first[1].Number, second[0].Number}, []int64{1, 2, 3})
	all, err := f.ListDecisions(f.ctx(), 0)
	f.must(err)
	f.equal("all", all, append(first, second...))
	later, err := f.ListDecisions(f.ctx(), 2)
	f.must(err)
	f.equal("later", later, second)
}

func testDecisionsRefused(f *fixture) {
	f.putEntities()
	before := f.decide(merge(sully, jake))
	for name, d := range map[string]news.Decision{
		"of no id":            {Kind: news.DecisionSplit, Entity: "sullivan"},
		"of no kind":          {Kind: "forget", Entity: jake.ID},
		"into no id":          {Kind: news.DecisionMerge, Entity: jake.ID, Into: "x"},
		"into itself":         merge(jake, jake),
		"across types":        merge(jake, rome),
		"with too long name":  {Kind: news.DecisionRename, Entity: jake.ID, Name: strings.Repeat("x", 200)},
		"with lines for name": {Kind: news.DecisionRename, Entity: jake.ID, Name: "a\nb"},
	} {
		_, err := f.Decide(f.ctx(), merge(jacob, jake), d)
		if _, ok := errors.AsType[*news.ParamError](err); !ok {
			f.Errorf("decision %s: got error %v, want a ParamError", name, err)
		}
	}
	for _, d := range []news.Decision{
		{Kind: news.DecisionMerge, Entity: jake.ID, Into: nobody},
		{Kind: news.DecisionSplit, Entity: nobody},
		{Kind: news.DecisionRename, Entity: nobody, Name: "Somebody"},
	} {
		_, err := f.Decide(f.ctx(), merge(jacob, jake), d)
		f.fails("decision on nobody", err, news.ErrNotFound)
	}
	all, err := f.ListDecisions(f.ctx(), 0)
	f.must(err)
	f.equal("decisions after refusals", all, before)
}

func testDecidedEntities(f *fixture) {
	f.putEntities()
	f.equal("found", f.entities(sully.ID), []news.Entity{sully})
	f.decide(merge(sully, jacob), merge(jacob, jake))
	f.equal("merged", f.entities(rome.ID, sully.ID, jacob.ID, jake.ID), []news.Entity{rome, jake, jake, jake})
	// An alias that no article has used is merged before it is found.
	f.decide(news.Decision{Kind: news.DecisionMerge, Entity: nobody, Into: sully.ID, Name: "Nobody"})
	f.equal("alias", f.entities(nobody), []news.Entity{jake})
	f.decide(news.Decision{Kind: news.DecisionSplit, Entity: jacob.ID}, news.Decision{Kind: news.DecisionRename, Entity: jacob.ID, Name: "J. Sullivan"})
	renamed := jacob
	renamed.Name = "J. Sullivan"
	f.equal("split and renamed", f.entities(sully.ID, jake.ID), []news.Entity{renamed, jake})
	f.decide(news.Decision{Kind: news.DecisionRename, Entity: jacob.ID})
	f.equal("name undone", f.entities(jacob.ID), []news.Entity{jacob})
}
