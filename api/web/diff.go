package web

import (
	"slices"
	"strings"
)

// maxCells bounds the work of comparing two texts: what is longer is shown as
// replaced as a whole.
const maxCells = 1 << 18

// edit is a stretch of text that stays, was added or is gone.
type edit struct {
	Op   op
	Text string
}

// op says what became of a stretch. Its values are the names of elements.
type op string

const (
	kept  op = "span"
	added op = "ins"
	gone  op = "del"
)

// step is what became of one element of a list.
type step struct {
	op   op
	item string
}

// compare lists what leads from a to b: a longest common subsequence stays.
func compare(a, b []string) []step {
	var head, tail []step
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head, a, b = append(head, step{kept, a[0]}), a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail, a, b = append(tail, step{kept, a[len(a)-1]}), a[:len(a)-1], b[:len(b)-1]
	}
	slices.Reverse(tail)
	return append(append(head, middle(a, b)...), tail...)
}

func middle(a, b []string) []step {
	if len(a)*len(b) > maxCells {
		return replaced(a, b)
	}
	// longest[i][j] is the length of the common subsequence of a[i:] and b[j:].
	longest := make([][]int32, len(a)+1)
	for i := range longest {
		longest[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if longest[i][j] = max(longest[i+1][j], longest[i][j+1]); a[i] == b[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	var steps []step
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			steps = append(steps, step{kept, a[i]})
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			steps = append(steps, step{gone, a[i]})
			i++
		default:
			steps = append(steps, step{added, b[j]})
			j++
		}
	}
	return append(steps, replaced(a[i:], b[j:])...)
}

func replaced(a, b []string) []step {
	var steps []step
	for _, s := range a {
		steps = append(steps, step{gone, s})
	}
	for _, s := range b {
		steps = append(steps, step{added, s})
	}
	return steps
}

// compareWords tells in words how one text became another, what went before what
// came within each stretch.
func compareWords(a, b string) []edit {
	var out []edit
	var goneWords, newWords, keptWords []string
	flush := func(o op, words *[]string) {
		if len(*words) > 0 {
			out = append(out, edit{o, strings.Join(*words, " ")})
			*words = nil
		}
	}
	for _, s := range joined(compare(strings.Fields(a), strings.Fields(b))) {
		switch s.op {
		case kept:
			flush(gone, &goneWords)
			flush(added, &newWords)
			keptWords = append(keptWords, s.item)
		case gone:
			flush(kept, &keptWords)
			goneWords = append(goneWords, s.item)
		case added:
			flush(kept, &keptWords)
			newWords = append(newWords, s.item)
		}
	}
	flush(kept, &keptWords)
	flush(gone, &goneWords)
	flush(added, &newWords)
	return out
}

// joined takes a single word that stays between two changes as part of them: a
// sentence that was rewritten reads better whole.
func joined(steps []step) []step {
	var out []step
	for i, s := range steps {
		isLone := s.op == kept && i > 0 && i+1 < len(steps) && steps[i-1].op != kept && steps[i+1].op != kept
		if isLone {
			out = append(out, step{gone, s.item}, step{added, s.item})
		} else {
			out = append(out, s)
		}
	}
	return out
}

// changedPassages lists the paragraphs that differ, each as edits, at most limit,
// and counts the others.
func changedPassages(a, b string, limit int) (passages [][]edit, others int) {
	var before, after []string
	flush := func() {
		for i := range max(len(before), len(after)) {
			if len(passages) == limit {
				others++
				continue
			}
			passages = append(passages, compareWords(at(before, i), at(after, i)))
		}
		before, after = nil, nil
	}
	for _, s := range compare(paragraphs(a), paragraphs(b)) {
		switch s.op {
		case gone:
			before = append(before, s.item)
		case added:
			after = append(after, s.item)
		case kept:
			flush()
		}
	}
	flush()
	return passages, others
}

// at is the element of the list, or nothing behind its end.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// shorten cuts what stays to the context words next to a change, and each change
// to longest words.
func shorten(edits []edit, context, longest int) []edit {
	out := make([]edit, len(edits))
	for i, e := range edits {
		words := strings.Fields(e.Text)
		switch {
		case e.Op != kept && len(words) > longest:
			e.Text = strings.Join(words[:longest], " ") + " …"
		case e.Op != kept:
		case i == 0 && len(words) > context:
			e.Text = "… " + strings.Join(words[len(words)-context:], " ")
		case i == len(edits)-1 && len(words) > context:
			e.Text = strings.Join(words[:context], " ") + " …"
		case len(words) > 2*context:
			e.Text = strings.Join(words[:context], " ") + " … " + strings.Join(words[len(words)-context:], " ")
		}
		out[i] = e
	}
	return out
}
