package authority_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/entity/authority"
	"broadsheet.example/news"
)

// gather returns the evidence of an archive.
func gather(t *testing.T, limit int, archive []use) *authority.Evidence {
	t.Helper()
	e, _ := gatherCounting(t, limit, archive)
	return e
}

// gatherCounting also returns how often the archive was walked.
func gatherCounting(t *testing.T, limit int, archive []use) (e *authority.Evidence, walks int) {
	t.Helper()
	e, err := authority.Gather(limit, func(add func([]news.Entity, time.Time)) error {
		walks++
		for _, u := range archive {
			add(u.list, u.at())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return e, walks
}

// randomArchive names people of few surnames on days of half a year, some by
// surname alone.
func randomArchive(rnd *rand.Rand) []use {
	surnames := []string{"Ashdown", "Birch", "Calder", "Dunmore", "Elwes", "Fane", "Gorse", "Hale"}
	first := []string{"Ann", "Ben", "Cat", "Dan"}
	archive := make([]use, 0, 300)
	for range cap(archive) {
		s := surnames[rnd.IntN(len(surnames))]
		name := s
		if n := rnd.IntN(9); n > 0 {
			name = first[max(0, n-5)] + " " + s
		}
		archive = append(archive, on(rnd.IntN(180), person(name)))
	}
	return archive
}

// meant says by counting whom the surname of a person stands for on a day.
func meant(archive []use, surname string, day int) string {
	uses, all := map[string]int{}, 0
	for _, u := range archive {
		name := u.list[0].Name
		var first, last string
		if n, _ := fmt.Sscan(name, &first, &last); n == 2 && last == surname && u.day >= day-15 && u.day <= day+15 {
			uses[name]++
			all++
		}
	}
	for name, n := range uses {
		if n >= 2 && n*100 >= all*80 {
			return name
		}
	}
	return surname
}

// TestGather compares evidence with a plain count for every day, and shows that
// it is the same whatever fits into memory and in whatever order articles come.
func TestGather(t *testing.T) {
	completed := 0
	for seed := range uint64(4) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		archive := randomArchive(rnd)
		whole, walks := gatherCounting(t, authority.MaxGathered, archive)
		if walks != 1 {
			t.Errorf("everything fits, and yet there were %d walks", walks)
		}
		rnd.Shuffle(len(archive), func(i, j int) { archive[i], archive[j] = archive[j], archive[i] })
		piecemeal, walks := gatherCounting(t, 3_000, archive)
		if walks < 3 {
			t.Errorf("nothing fits, and yet there were %d walks", walks)
		}
		for _, surname := range []string{"Ashdown", "Birch", "Calder", "Dunmore", "Elwes", "Fane", "Gorse", "Hale"} {
			for day := range 180 {
				want := meant(archive, surname, day)
				if want != surname {
					completed++
				}
				for _, e := range []*authority.Evidence{whole, piecemeal} {
					got := authority.NewRules(nil, nil, e).Apply([]news.Entity{person(surname)}, on(day).at())
					if diff := cmp.Diff(want, got[0].Name); diff != "" {
						t.Fatalf("seed %d, %s on day %d (-want +got)\n%s", seed, surname, day, diff)
					}
				}
			}
		}
	}
	if completed < 100 {
		t.Errorf("only %d names were completed: the test shows nothing", completed)
	}
}
