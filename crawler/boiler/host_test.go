package boiler_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/crawler/boiler"
)

// sitePages is the size of the generated site.
const sitePages = 200

// made is a page of a generated site: its blocks in order, and which of them are
// the article.
type made struct {
	url     string
	blocks  []string
	article []string
}

var words = strings.Fields(`harbor council bridge winter ferry report minister school river market court storm budget train
farmer vote doctor island engine window letter border strike forest museum teacher camera engineer signal bakery`)

// sentence is made of words in an order that hardly comes twice.
func sentence(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "%s ", words[r.IntN(len(words))])
	}
	return strings.TrimSpace(b.String()) + "."
}

var (
	cookies = []string{"We value your privacy", "We and our 812 partners store information on a device, such as cookies.", "Accept all"}
	walls   = []string{"Subscribe to continue reading", "Fourteen days free, then 12.99 a month.", "One app. 100+ trusted sources.", "Already a member? Sign in"}
)

// makeSite generates pages with a cookie notice above, a wall and a list of
// related stories, out of few, below, in each article a standing line.
func makeSite(seed uint64) []made {
	r := rand.New(rand.NewPCG(seed, 1))
	stories := make([]string, 12)
	for i := range stories {
		stories[i] = sentence(r, 8)
	}
	pages := make([]made, sitePages)
	for i := range pages {
		p := made{url: fmt.Sprintf("https://example.test/%d", i)}
		for range 4 + r.IntN(12) {
			p.article = append(p.article, sentence(r, 15+r.IntN(40)))
		}
		p.article = slices.Insert(p.article, len(p.article)/2, "What happens next")
		p.blocks = append(p.blocks, cookies...)
		p.blocks = append(p.blocks, p.article...)
		p.blocks = append(p.blocks, walls...)
		p.blocks = append(p.blocks, "Related stories")
		for _, at := range r.Perm(len(stories))[:4] {
			p.blocks = append(p.blocks, stories[at])
		}
		pages[i] = p
	}
	return pages
}

// TestSite asks that, once a site is known, less than one line in ten pages is
// boilerplate and less than 0.2 % of the articles' blocks are lost.
func TestSite(t *testing.T) {
	var h boiler.Host
	pages := makeSite(7)
	for _, p := range pages {
		h.Learn(p.url, p.blocks)
	}
	extra, lost, all := 0, 0, 0
	for _, p := range pages {
		kept, _ := h.Filter(p.blocks)
		right := 0
		for _, b := range kept {
			if slices.Contains(p.article, b) {
				right++
			} else {
				extra++
			}
		}
		all += len(p.article)
		lost += len(p.article) - right
	}
	t.Logf("boilerplate lines per page %.3f, lost %d of %d blocks", float64(extra)/sitePages, lost, all)
	if perPage := float64(extra) / sitePages; perPage >= 0.1 {
		t.Errorf("%.3f boilerplate lines per page, want less than 0.1", perPage)
	}
	if recall := float64(lost) / float64(all); recall >= 0.002 {
		t.Errorf("%.4f of the articles' blocks lost, want less than 0.002", recall)
	}
}

// article is one whose blocks no other number has.
func article(n int) []string {
	r := rand.New(rand.NewPCG(uint64(n), 2))
	return []string{sentence(r, 30), sentence(r, 30), sentence(r, 30)}
}

// learn teaches h pages from..to-1 that end with a wall.
func learn(h *boiler.Host, from, to int, wall string) {
	for i := from; i < to; i++ {
		h.Learn(fmt.Sprintf("https://example.test/%d", i), append(article(i), wall))
	}
}

func TestFilter(t *testing.T) {
	long := strings.Repeat("standing text that is longer than any article ", 20)
	for _, c := range []struct {
		name    string
		learn   func(*boiler.Host)
		blocks  []string
		dropped []string
	}{
		{"nothing known", func(*boiler.Host) {}, append(article(0), "Sign in"), nil},
		{"two pages", func(h *boiler.Host) { learn(h, 0, 2, "Sign in") }, append(article(9), "Sign in"), nil},
		{"three pages", func(h *boiler.Host) { learn(h, 0, 3, "Sign in") }, append(article(9), "Sign in"), []string{"Sign in"}},
		{"counts and case differ", func(h *boiler.Host) { learn(h, 0, 3, "SIGN in: 17 left") }, append(article(9), "Sign in, 42 left."), []string{"Sign in, 42 left."}},
		{"one page again and again", func(h *boiler.Host) {
			for range 9 {
				learn(h, 0, 1, "Sign in")
			}
		}, append(article(9), "Sign in"), nil},
		{"too small a share", func(h *boiler.Host) { learn(h, 0, 4, "Rare"); learn(h, 4, 100, "Sign in") }, append(article(200), "Rare"), nil},
		{"inside the run", func(h *boiler.Host) { learn(h, 0, 3, "Sign in") }, []string{"Sign in"}, nil},
		{"most of the text", func(h *boiler.Host) { learn(h, 0, 3, long) }, append(article(9), long), nil},
		{"new template", func(h *boiler.Host) { learn(h, 0, 30, "Sign in"); learn(h, 30, 40, "Join us") }, append(article(99), "Sign in"), nil},
		{"no blocks", func(h *boiler.Host) { learn(h, 0, 3, "Sign in") }, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var h boiler.Host
			c.learn(&h)
			kept, dropped := h.Filter(c.blocks)
			if diff := cmp.Diff(c.dropped, dropped); diff != "" {
				t.Errorf("dropped (-want +got):\n%s", diff)
			}
			if len(kept)+len(dropped) != len(c.blocks) {
				t.Errorf("%d kept and %d dropped of %d", len(kept), len(dropped), len(c.blocks))
			}
		})
	}
}

func TestBound(t *testing.T) {
	var h boiler.Host
	many := make([]string, 1000)
	for i := range boiler.Window + 50 {
		for k := range many {
			many[k] = strings.Repeat("x", i%7) + strings.Repeat("y", k)
		}
		h.Learn(fmt.Sprint(i), many)
	}
	data, err := h.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if h.Pages() != boiler.Window || len(data) > 500_000 {
		t.Errorf("%d pages in %d bytes", h.Pages(), len(data))
	}
}

func TestBytes(t *testing.T) {
	var h, again boiler.Host
	learn(&h, 0, 20, "Sign in")
	data, err := h.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if err := again.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	if again.Pages() != 20 || again.Count("sign IN") != 20 {
		t.Errorf("%d pages, %d times", again.Pages(), again.Count("sign IN"))
	}
	if err := again.UnmarshalBinary(data[:len(data)-1]); !errors.Is(err, boiler.ErrDamaged) {
		t.Errorf("error %v of a short file", err)
	}
	if again.Pages() != 20 {
		t.Error("a failed read changed the host")
	}
}

func FuzzUnmarshalBinary(f *testing.F) {
	var h boiler.Host
	learn(&h, 0, 3, "Sign in")
	data, _ := h.MarshalBinary()
	f.Add(data)
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, data []byte) {
		var h boiler.Host
		if h.UnmarshalBinary(data) != nil || len(data) == 0 {
			return
		}
		if again, _ := h.MarshalBinary(); !slices.Equal(again, data) {
			t.Errorf("%x became %x", data, again)
		}
	})
}

func BenchmarkLearn(b *testing.B) {
	pages := makeSite(7)
	var h boiler.Host
	for b.Loop() {
		p := pages[h.Pages()%len(pages)]
		h.Learn(fmt.Sprint(p.url, b.N, h.Pages()), p.blocks)
	}
}

func TestRules(t *testing.T) {
	var h boiler.Host
	learn(&h, 0, 5, "Sign in")
	blocks := append(article(9), "Our views are our own.", "Sign in")
	for _, c := range []struct {
		name    string
		rules   boiler.Rules
		blocks  []string
		dropped []string
	}{
		{"none", boiler.Rules{}, blocks, []string{"Sign in"}},
		{"pinned", boiler.Rules{Keep: []string{"SIGN IN!"}}, blocks, nil},
		{"forbidden", boiler.Rules{Drop: []string{"our views are our own"}}, blocks, []string{"Our views are our own.", "Sign in"}},
		{"forbidden inside", boiler.Rules{Drop: blocks[1:2]}, blocks, []string{blocks[1], "Sign in"}},
		{"all forbidden", boiler.Rules{Drop: blocks}, blocks, nil},
	} {
		_, dropped := h.FilterBy(c.rules, c.blocks)
		if diff := cmp.Diff(c.dropped, dropped); diff != "" {
			t.Errorf("%s: dropped (-want +got):\n%s", c.name, diff)
		}
	}
	if !h.Knows("https://example.test/4") || h.Knows("https://example.test/5") {
		t.Error("the pages that were learnt are not those that are known")
	}
}
