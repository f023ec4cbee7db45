package entity

import (
	"slices"
	"strings"
)

// The functions here say in which ways a name m, in folded words, may be a form
// of the full name f.

func equal(f, m []string) bool { return slices.Equal(f, m) }

// sameButSuffix: Robert Kennedy and Robert Kennedy Jr.
func sameButSuffix(f, m []string) bool { return equal(withoutSuffix(f), m) }

// sameEnd: Biden and Joe Biden, Assad and Bashar al-Assad, Kennedy and Robert
// Kennedy Jr.
func sameEnd(f, m []string) bool {
	f, m = withoutSuffix(f), withoutSuffix(m)
	if len(m) >= len(f) {
		return false
	}
	tail := f[len(f)-len(m):]
	for i := range m {
		if bare(tail[i]) != bare(m[i]) {
			return false
		}
	}
	return true
}

// sameInitial: J. Biden and Joe Biden.
func sameInitial(f, m []string) bool {
	return len(m) == 2 && isInitial(m[0]) && len(f) > 1 && m[0][0] == f[0][0] && bare(m[1]) == bare(f[len(f)-1])
}

// sameBeginning: Xi and Xi Jinping, Lula da Silva and Lula.
func sameBeginning(f, m []string) bool {
	return len(m) < len(f) && equal(f[:len(m)], m)
}

// sameMiddle: Petro and Gustavo Petro Urrego.
func sameMiddle(f, m []string) bool {
	if len(m) != 1 {
		return false
	}
	for _, w := range f[1:] {
		if bare(w) == bare(m[0]) {
			return true
		}
	}
	return false
}

// nicknamed: Michael Pence and Mike Pence.
func nicknamed(f, m []string) bool {
	return len(f) > 1 && len(m) > 1 && bare(f[len(f)-1]) == bare(m[len(m)-1]) && formal(f[0]) == formal(m[0])
}

// withoutSuffix drops Jr., Sr. and the like.
func withoutSuffix(words []string) []string {
	for len(words) > 1 && isSuffix(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return words
}

func isSuffix(w string) bool {
	switch strings.Trim(w, ".,") {
	case "jr", "sr", "ii", "iii", "iv", "phd", "md":
		return true
	}
	return false
}

// bare drops the article that Arabic names may carry.
func bare(w string) string {
	for _, p := range [...]string{"al-", "el-", "ul-"} {
		if rest, ok := strings.CutPrefix(w, p); ok && len(rest) > 2 {
			return rest
		}
	}
	return w
}

// formal returns the given name behind a common short form of it.
func formal(given string) string {
	switch given {
	case "joe", "joey":
		return "joseph"
	case "bill", "will", "billy":
		return "william"
	case "mike", "mick":
		return "michael"
	case "bob", "rob", "bobby":
		return "robert"
	case "jim", "jimmy":
		return "james"
	case "tom", "tommy":
		return "thomas"
	case "dan", "danny":
		return "daniel"
	case "dave":
		return "david"
	case "steve", "stephen":
		return "steven"
	case "tony":
		return "anthony"
	case "chris":
		return "christopher"
	case "matt":
		return "matthew"
	case "nick":
		return "nicholas"
	case "ben":
		return "benjamin"
	case "sam":
		return "samuel"
	case "andy", "drew":
		return "andrew"
	case "rick", "rich":
		return "richard"
	case "ed", "ted", "eddie":
		return "edward"
	case "ken", "kenny":
		return "kenneth"
	case "ron":
		return "ronald"
	case "don":
		return "donald"
	case "tim":
		return "timothy"
	case "greg":
		return "gregory"
	case "jeff":
		return "jeffrey"
	case "pete":
		return "peter"
	case "charlie", "chuck":
		return "charles"
	case "larry":
		return "lawrence"
	case "jerry":
		return "gerald"
	case "liz", "beth":
		return "elizabeth"
	case "kate", "kathy":
		return "katherine"
	case "sue":
		return "susan"
	}
	return given
}
