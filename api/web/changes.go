package web

import (
	"slices"
	"strconv"
	"time"

	"broadsheet.example/news"
)

// How much of a change is shown: words that stay around it, words of one stretch,
// passages. Where the full text may not be shown, a change is a snippet too.
const (
	changeContext  = 9
	openWords      = 400
	openPassages   = 60
	snippetWords   = 30
	snippetPassage = 5
	maxChanges     = 20 // revisions that are shown, the newest
)

// change is how one revision of an article became the next.
type change struct {
	Name     string
	When     when
	First    bool // nothing came before it
	Title    []edit
	Lead     []edit
	Passages [][]edit
	More     string // passages that are not shown
	Note     string
}

// changes lists the revisions, newest first; none when there is but one.
func changes(revisions []news.Revision, whole bool, now time.Time) []change {
	if len(revisions) < 2 {
		return nil
	}
	var out []change
	for i := max(0, len(revisions)-maxChanges); i < len(revisions); i++ {
		r := &revisions[i]
		c := change{Name: "Revision " + strconv.Itoa(r.Number), When: moment(r.SeenAt, time.UTC, now), First: i == 0, Note: r.EditorNote}
		if i > 0 {
			c.compare(&revisions[i-1], r, whole)
		}
		out = append(out, c)
	}
	slices.Reverse(out)
	return out
}

func (c *change) compare(a, b *news.Revision, whole bool) {
	words, passages := snippetWords, snippetPassage
	if whole {
		words, passages = openWords, openPassages
	}
	if a.Title != b.Title {
		c.Title = compareWords(a.Title, b.Title)
	}
	if a.Description != b.Description {
		c.Lead = shorten(compareWords(a.Description, b.Description), changeContext, words)
	}
	if a.EditorNote == b.EditorNote {
		c.Note = ""
	}
	shown, others := changedPassages(a.Content, b.Content, passages)
	if others > 0 {
		c.More = count(others, "more passage")
	}
	for _, edits := range shown {
		c.Passages = append(c.Passages, shorten(edits, changeContext, words))
	}
}
