package fetch

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// specGroup is a group of a robots.txt as it was meant: for whom, and what.
type specGroup struct {
	agents []string
	rules  []specRule
}

type specRule struct {
	allow bool
	path  string
}

// specAllows is the text of RFC 9309, 2.2, word for word, and shares nothing with
// the code under test: it knows what was meant, not how it was written down.
func specAllows(groups []specGroup, agent, path string) bool {
	rules := specMerged(groups, agent)
	if rules == nil {
		rules = specMerged(groups, "*")
	}
	// "The most specific match found MUST be used. The most specific match is the
	// match that has the most octets."
	longest, allowed := 0, true
	for _, r := range rules {
		pattern := strings.NewReplacer("é", "%C3%A9", "%2f", "%2F").Replace(r.path) // "octets outside of ASCII MUST be percent-encoded"
		if pattern == "" || !specMatches(pattern, path) {
			continue
		}
		switch {
		case len(pattern) > longest:
			longest, allowed = len(pattern), r.allow
		case len(pattern) == longest && r.allow: // "equivalent: the allow rule SHOULD be used"
			allowed = true
		}
	}
	return allowed
}

// specMerged combines the rules of all groups for the agent: "if there is more
// than one group for a user agent, the rules MUST be combined". Agents without
// rules share those of the next group. It is nil when no group names the agent.
func specMerged(groups []specGroup, agent string) []specRule {
	var rules []specRule
	named := false
	for _, g := range groups {
		for _, a := range g.agents {
			product, _, _ := strings.Cut(a, "/")
			named = named || strings.EqualFold(product, agent)
		}
		if len(g.rules) > 0 {
			if named {
				rules = append(rules, g.rules...)
			}
			named = false
			if rules == nil && specNames(g, agent) {
				rules = []specRule{}
			}
		}
	}
	if named && rules == nil {
		rules = []specRule{} // named last, with no rules: nothing is forbidden
	}
	return rules
}

func specNames(g specGroup, agent string) bool {
	for _, a := range g.agents {
		if product, _, _ := strings.Cut(a, "/"); strings.EqualFold(product, agent) {
			return true
		}
	}
	return false
}

// specMatches is the meaning of "*" (zero or more of any character) and of "$" at
// the end (the end of the path), taken one character at a time.
func specMatches(pattern, path string) bool {
	switch {
	case pattern == "":
		return true
	case pattern == "$":
		return path == ""
	case pattern[0] == '*':
		return specMatches(pattern[1:], path) || path != "" && specMatches(pattern, path[1:])
	default:
		return path != "" && path[0] == pattern[0] && specMatches(pattern[1:], path[1:])
	}
}

// specCase draws groups and a path.
func specCase(r *rand.Rand) (groups []specGroup, path string) {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	for range r.IntN(5) {
		var g specGroup
		for range 1 + r.IntN(2) {
			g.agents = append(g.agents, pick("*", "*", "broadsheet", "Broadsheet", "BROADSHEET/2.0", "broadsheets", "news", "sheet", "other/1"))
		}
		for range r.IntN(5) {
			pattern := pick("/", "/", "/", "*", "")
			if pattern != "" {
				for range r.IntN(6) {
					pattern += pick("a", "a", "b", "/", "*", "é", ".", "?", "%2F", "%2f")
				}
				pattern += pick("", "", "", "$")
			}
			g.rules = append(g.rules, specRule{r.IntN(2) == 0, pattern})
		}
		groups = append(groups, g)
	}
	path = "/"
	for range r.IntN(8) {
		path += pick("a", "a", "b", "/", "%C3%A9", ".", "?", "%2F")
	}
	return groups, path
}

// specText writes groups down, as untidily as people do.
func specText(r *rand.Rand, groups []specGroup) string {
	var b strings.Builder
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	line := func(key, value string) {
		b.WriteString(pick("", "", " ", "\t") + key + pick(":", ": ", " : ", ":\t") + value + pick("", "", " ", " # a comment") + pick("\n", "\n", "\r\n", "\r"))
		if r.IntN(8) == 0 {
			b.WriteString(pick("\n", "# a comment: Disallow: /\n", "Sitemap: https://a.example/s.xml\n", "Noarchive: /\n", "nonsense\n"))
		}
	}
	b.WriteString(pick("", "", "\ufeff", "\n", "Disallow: /\n"))
	for _, g := range groups {
		for _, a := range g.agents {
			line(pick("User-agent", "user-agent", "USER-AGENT"), a)
		}
		for _, rule := range g.rules {
			key := pick("Disallow", "disallow")
			if rule.allow {
				key = pick("Allow", "ALLOW")
			}
			line(key, rule.path)
		}
	}
	return b.String()
}

// TestRulesAgainstTheirText compares with the text of RFC 9309 on drawn cases:
// 20,000, or as many as BROADSHEET_ROBOTS_CASES says.
func TestRulesAgainstTheirText(t *testing.T) {
	cases := 20_000
	if text := os.Getenv("BROADSHEET_ROBOTS_CASES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		cases = n
	}
	forbidden, differences := 0, 0
	for i := range cases {
		r := rand.New(rand.NewPCG(9309, uint64(i)))
		groups, path := specCase(r)
		text := specText(r, groups)
		want := specAllows(groups, "broadsheet", path)
		if !want {
			forbidden++
		}
		if got, _ := parseRules(text, "broadsheet").allows("https://a.example" + path); got != want {
			if differences++; differences <= 10 {
				t.Errorf("case %d: %s allowed = %v, want %v under\n%s", i, path, got, want, fmt.Sprintf("%q", text))
			}
		}
	}
	t.Logf("%d cases, %d of them forbidden, %d differences", cases, forbidden, differences)
	if forbidden < cases/10 || cases-forbidden < cases/10 {
		t.Errorf("%d of %d cases are forbidden: too one-sided to tell anything", forbidden, cases)
	}
}
