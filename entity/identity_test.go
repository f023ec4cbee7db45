package entity

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

// What the labeled set must show: B-cubed F of identities over all mentions, and
// the share of attached coordinates that are right.
const (
	leastBCubed = 0.95
	leastSites  = 0.97
)

// marked finds {type:surface=who@latitude,longitude}; the parts after the
// surface may be missing.
var marked = regexp.MustCompile(`\{([plo]):([^}=@]+)(?:=([^}@]+))?(?:@([^},]+),([^}]+))?\}`)

// labeledMention is a mention, who it is, and where.
type labeledMention struct {
	news.Mention
	who      string
	placed   bool
	lat, lon float64
}

// readLabeled returns the text of a line of the set and its mentions.
func readLabeled(t *testing.T, line string) (string, []labeledMention) {
	t.Helper()
	types := map[string]news.EntityType{"p": news.Person, "l": news.Place, "o": news.Organization}
	var text strings.Builder
	var list []labeledMention
	at := 0
	for _, m := range marked.FindAllStringSubmatchIndex(line, -1) {
		part := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return line[m[2*n]:m[2*n+1]]
		}
		text.WriteString(line[at:m[0]])
		at = m[1]
		l := labeledMention{Mention: news.Mention{Start: text.Len(), End: text.Len() + len(part(2)), Type: types[part(1)]}, placed: part(4) != ""}
		text.WriteString(part(2))
		if l.who = part(3); l.who == "" {
			l.who = part(2)
		}
		l.who = part(1) + " " + l.who
		for n, to := range []*float64{&l.lat, &l.lon} {
			var err error
			if *to, err = strconv.ParseFloat(part(4+n), 64); err != nil && l.placed {
				t.Fatalf("%s: %v", line, err)
			}
		}
		list = append(list, l)
	}
	text.WriteString(line[at:])
	if strings.ContainsAny(text.String(), "{}") {
		t.Fatalf("not marked well: %s", line)
	}
	return text.String(), list
}

// TestIdentities scores who mentions are taken for, given where they stand.
func TestIdentities(t *testing.T) {
	set, err := os.ReadFile("testdata/identity.txt")
	if err != nil {
		t.Fatal(err)
	}
	gaz, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	var who, got []string
	articles, attached, right := 0, 0, 0
	for line := range strings.Lines(string(set)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") {
			continue
		}
		articles++
		text, labeled := readLabeled(t, line)
		resolved := identities(gaz, text, labeled)
		for i, l := range labeled {
			m, ok := resolved[l.Start]
			id := fmt.Sprint("none ", articles, " ", i)
			if ok && m.key != "" {
				id = news.EntityID(m.Type, m.key)
			}
			if who, got = append(who, l.who), append(got, id); m.location == nil {
				continue
			}
			attached++
			if l.placed && math.Abs(m.location.Latitude-l.lat) <= 1 && math.Abs(m.location.Longitude-l.lon) <= 1 {
				right++
			} else {
				t.Logf("wrong place: %s at %v in %q", l.who, *m.location, text)
			}
		}
	}
	precision, recall := bCubed(got, who), bCubed(who, got)
	f := 2 * precision * recall / (precision + recall)
	t.Logf("%d mentions in %d articles: B-cubed P %.3f R %.3f F %.3f; coordinates %d of %d right", len(who), articles, precision, recall, f, right, attached)
	if len(who) < 400 || articles < 60 {
		t.Errorf("the set has %d mentions in %d articles, want 400 in 60", len(who), articles)
	}
	if f < leastBCubed {
		t.Errorf("B-cubed F %.3f, want at least %.2f", f, leastBCubed)
	}
	if share := float64(right) / float64(max(attached, 1)); share < leastSites {
		t.Errorf("%.3f of coordinates right, want at least %.2f", share, leastSites)
	}
}

// identities resolves labeled mentions and returns them by where they start.
func identities(gaz *gazetteer.Gazetteer, text string, labeled []labeledMention) map[int]mention {
	d := &document{gaz: gaz, text: text}
	var found []news.Mention
	for _, l := range labeled {
		found = append(found, l.Mention)
	}
	d.resolve(found)
	out := map[int]mention{}
	for _, m := range d.mentions {
		out[m.Start] = m
	}
	return out
}

// bCubed returns the mean, over mentions, of the share of those that a puts
// together with it that b puts together, too.
func bCubed(a, b []string) float64 {
	sum := 0.0
	for i := range a {
		same, both := 0, 0
		for j := range a {
			if a[j] == a[i] {
				same++
				if b[j] == b[i] {
					both++
				}
			}
		}
		sum += float64(both) / float64(same)
	}
	return sum / float64(len(a))
}
