// Package diff compares two states of a text word by word.
//
// It knows no articles and writes no markup. Start reading at [Words].
package diff

import (
	"slices"
	"unicode"
)

// Op says what became of a stretch of text.
type Op string

// The three fates of a stretch.
const (
	Same    Op = "same"
	Added   Op = "added"
	Removed Op = "removed"
)

// Part is a stretch of text. The parts of a comparison that are not Added make
// up the text before, those that are not Removed the text after.
type Part struct {
	Op   Op     `json:"op"`
	Text string `json:"text"`
}

// maxEdits bounds the time and memory of a comparison, which grow with its
// square. Texts further apart are told as one removed and the other added.
const maxEdits = 1_000

// Words tells how before became after with the fewest words changed.
func Words(before, after string) []Part {
	var parts []Part
	for _, s := range Lists(split(before), split(after)) {
		if last := len(parts) - 1; last >= 0 && parts[last].Op == s.Op {
			parts[last].Text += s.Item
		} else {
			parts = append(parts, Part{s.Op, s.Item})
		}
	}
	return parts
}

// Step is what became of one element of a list.
type Step struct {
	Op   Op
	Item string
}

// Lists tells how before became after with the fewest elements changed.
func Lists(before, after []string) []Step {
	head := shared(before, after)
	a, b := before[head:], after[head:]
	tail := shared(reversed(a), reversed(b))
	steps := add(nil, Same, before[:head])
	steps = between(steps, a[:len(a)-tail], b[:len(b)-tail])
	return add(steps, Same, a[len(a)-tail:])
}

// split cuts a text into words, each with the blanks behind it, so that they
// make up the text again.
func split(s string) []string {
	var words []string
	start, blank := 0, false
	for i, r := range s {
		if !unicode.IsSpace(r) && blank {
			words, start = append(words, s[start:i]), i
		}
		blank = unicode.IsSpace(r)
	}
	if start < len(s) {
		words = append(words, s[start:])
	}
	return words
}

// shared counts the words that both begin with.
func shared(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func reversed(words []string) []string {
	out := slices.Clone(words)
	slices.Reverse(out)
	return out
}

// add appends elements that all had the same fate.
func add(steps []Step, op Op, items []string) []Step {
	for _, item := range items {
		steps = append(steps, Step{op, item})
	}
	return steps
}

// between appends a shortest way from a to b: Myers, "An O(ND) Difference
// Algorithm and Its Variations", 1986.
func between(steps []Step, a, b []string) []Step {
	edits, ok := trace(a, b)
	if !ok {
		return add(add(steps, Removed, a), Added, b)
	}
	x, y := 0, 0
	for _, e := range edits {
		for ; x < e.x && y < e.y; x, y = x+1, y+1 {
			steps = append(steps, Step{Same, a[x]})
		}
		if e.added {
			steps = append(steps, Step{Added, b[y]})
			y++
		} else {
			steps = append(steps, Step{Removed, a[x]})
			x++
		}
	}
	return add(steps, Same, a[x:])
}

// edit happens when x words of a and y of b are done.
type edit struct {
	x, y  int
	added bool
}

// trace returns the edits from a to b, unless there are too many.
func trace(a, b []string) ([]edit, bool) {
	var rounds [][]int // of each number of edits, the furthest x on each diagonal
	furthest := map[int]int{1: 0}
	for d := 0; d <= maxEdits; d++ {
		round := make([]int, 2*d+1)
		for k := -d; k <= d; k += 2 {
			x := furthest[k+1]
			if k != -d && (k == d || furthest[k-1] >= furthest[k+1]) {
				x = furthest[k-1] + 1
			}
			for x < len(a) && x-k < len(b) && x-k >= 0 && a[x] == b[x-k] {
				x++
			}
			furthest[k], round[k+d] = x, x
			if x >= len(a) && x-k >= len(b) {
				return back(rounds, len(a), len(b)), true
			}
		}
		rounds = append(rounds, round)
	}
	return nil, false
}

// back walks from the end to the beginning and returns the edits in order.
func back(rounds [][]int, x, y int) []edit {
	steps := make([]edit, len(rounds))
	for d := len(rounds); d > 0; d-- {
		at := func(k int) int {
			if before := d - 1; k >= -before && k <= before {
				return rounds[before][k+before]
			}
			return -1
		}
		k := x - y
		added := k == -d || k != d && at(k-1) < at(k+1)
		if added {
			x = at(k + 1)
			y = x - k - 1
		} else {
			x = at(k - 1)
			y = x - k + 1
		}
		steps[d-1] = edit{x, y, added}
	}
	return steps
}
