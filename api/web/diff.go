package web

import (
	"strings"

	"broadsheet.example/api/diff"
)

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

// opOf is the element that shows what became of a stretch.
func opOf(fate diff.Op) op {
	switch fate {
	case diff.Added:
		return added
	case diff.Removed:
		return gone
	default:
		return kept
	}
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
	for _, s := range joined(diff.Lists(strings.Fields(a), strings.Fields(b))) {
		switch opOf(s.Op) {
		case kept:
			flush(gone, &goneWords)
			flush(added, &newWords)
			keptWords = append(keptWords, s.Item)
		case gone:
			flush(kept, &keptWords)
			goneWords = append(goneWords, s.Item)
		case added:
			flush(kept, &keptWords)
			newWords = append(newWords, s.Item)
		}
	}
	flush(kept, &keptWords)
	flush(gone, &goneWords)
	flush(added, &newWords)
	return out
}

// joined takes a single word that stays between two changes as part of them: a
// sentence that was rewritten reads better whole.
func joined(steps []diff.Step) []diff.Step {
	var out []diff.Step
	for i, s := range steps {
		isLone := s.Op == diff.Same && i > 0 && i+1 < len(steps) && steps[i-1].Op != diff.Same && steps[i+1].Op != diff.Same
		if isLone {
			out = append(out, diff.Step{Op: diff.Removed, Item: s.Item}, diff.Step{Op: diff.Added, Item: s.Item})
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
	for _, s := range diff.Lists(paragraphs(a), paragraphs(b)) {
		switch opOf(s.Op) {
		case gone:
			before = append(before, s.Item)
		case added:
			after = append(after, s.Item)
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
