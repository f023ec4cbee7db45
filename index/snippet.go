package index

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet.example/news"
)

const (
	// maxSnippetBytes bounds the text that a snippet is looked for in.
	maxSnippetBytes = 256 << 10
	// maxLead is the share of a snippet, one in maxLead, that may go before its
	// first mark to begin at a sentence.
	maxLead  = 3
	ellipsis = "…"
)

// marker cuts snippets around what a run's query finds.
type marker struct {
	analyzers [numSets]*analyzer
	plans     [numSets]*plan
	style     news.Highlight
}

func newMarker(analyzers [numSets]*analyzer, plans []*plan, style news.Highlight) *marker {
	m := &marker{analyzers: analyzers, style: style}
	for _, p := range plans {
		m.plans[p.set] = p
	}
	return m
}

// highlights returns the snippets of an article: its title and description if
// something is marked in them, and the best windows of its content, or else its
// beginning.
func (m *marker) highlights(a *news.Article) map[string][]string {
	out := make(map[string][]string)
	set := setOf(a.Language)
	if marks := m.find(set, titleField, a.Title); len(marks) > 0 {
		out[titleField.String()] = []string{m.render(a.Title, fragment{0, len(a.Title)}, marks)}
	}
	if marks := m.find(set, descriptionField, a.Description); len(marks) > 0 {
		out[descriptionField.String()] = m.cut(a.Description, marks, 1)
	}
	if content := cut(a.Content, maxSnippetBytes); content != "" {
		out[contentField.String()] = m.cut(content, m.find(set, contentField, content), m.style.Fragments)
	}
	return out
}

// mark is a place in a text that a leaf finds.
type mark struct {
	start, end int
	leaf       *leaf
}

// find returns the marks in a text, in order, none overlapping.
func (m *marker) find(set fieldSet, f textField, text string) []mark {
	p := m.plans[set]
	if p == nil || text == "" {
		return nil
	}
	tokens := m.analyzers[set].analyze(text)
	var marks []mark
	for _, l := range p.leaves {
		if l.scored && l.mask.has(f) {
			marks = append(marks, l.marks(tokens)...)
		}
	}
	for i := range marks {
		marks[i].end = acronymEnd(text, marks[i])
	}
	slices.SortStableFunc(marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	kept := marks[:0]
	for _, k := range marks {
		if len(kept) == 0 || k.start >= kept[len(kept)-1].end {
			kept = append(kept, k)
		}
	}
	return kept
}

// acronymEnd takes the last dot of an acronym into its mark: all of "U.S.".
func acronymEnd(text string, k mark) int {
	if k.end < len(text) && text[k.end] == '.' && strings.IndexByte(text[k.start:k.end], '.') > 0 && joinAcronym(text[k.start:k.end]) != text[k.start:k.end] {
		return k.end + 1
	}
	return k.end
}

// marks returns the places where the leaf is found among the tokens of a text.
func (l *leaf) marks(tokens []token) []mark {
	var list []mark
	if l.kind == phraseLeaf {
		for i := range tokens {
			if last, ok := l.phraseAt(tokens[i:]); ok {
				list = append(list, mark{tokens[i].start, tokens[i+last].end, l})
			}
		}
		return list
	}
	for _, t := range tokens {
		if slices.Contains(l.terms, t.term) || l.kind == prefixLeaf && strings.HasPrefix(t.term, l.text) {
			list = append(list, mark{t.start, t.end, l})
		}
	}
	return list
}

// phraseAt reports whether the phrase begins with the first token, and the
// index of its last.
func (l *leaf) phraseAt(tokens []token) (last int, ok bool) {
	for i, term := range l.terms {
		pos := tokens[0].pos + l.offsets[i]
		for last < len(tokens) && tokens[last].pos < pos {
			last++
		}
		if last == len(tokens) || tokens[last].pos != pos || tokens[last].term != term {
			return 0, false
		}
	}
	return last, true
}

// fragment is a stretch of a text in bytes.
type fragment struct{ start, end int }

// cut returns up to n snippets of text, in the order of the text.
func (m *marker) cut(text string, marks []mark, n int) []string {
	windows := m.windows(text, marks, max(n, 1))
	if len(windows) == 0 {
		windows = []fragment{{0, wordEnd(text, 0, m.style.Size)}}
	}
	out := make([]string, len(windows))
	for i, w := range windows {
		out[i] = m.render(text, w, marks)
	}
	return out
}

// windows picks the n windows with the weightiest marks, none overlapping.
func (m *marker) windows(text string, marks []mark, n int) []fragment {
	var list []scored
	for i, k := range marks {
		w := fragment{snippetStart(text, k.start, m.style.Size/maxLead), 0}
		w.end = max(wordEnd(text, w.start, m.style.Size), k.end)
		list = append(list, scored{w, weight(marks[i:], w)})
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(b.weight, a.weight) })
	var picked []fragment
	for _, s := range list {
		free := !slices.ContainsFunc(picked, func(p fragment) bool { return s.start < p.end && p.start < s.end })
		if free && len(picked) < n {
			picked = append(picked, s.fragment)
		}
	}
	slices.SortFunc(picked, func(a, b fragment) int { return a.start - b.start })
	return picked
}

type scored struct {
	fragment
	weight float64
}

// weight is the worth of the marks that begin in w: the first of each leaf
// counts in full, a phrase more than a word, repetitions little.
func weight(marks []mark, w fragment) float64 {
	const repeated = 0.1
	sum := 0.0
	var seen []*leaf
	for _, k := range marks {
		if k.end > w.end {
			break
		}
		value := 1 + k.leaf.idf
		if k.leaf.kind == phraseLeaf {
			value *= float64(len(k.leaf.terms))
		}
		if slices.Contains(seen, k.leaf) {
			value *= repeated
		}
		seen = append(seen, k.leaf)
		sum += value
	}
	return sum
}

// snippetStart returns where to begin so that at stands in context: the
// beginning of its sentence if that is at most lead characters away, else of a
// word.
func snippetStart(text string, at, lead int) int {
	start, word := at, at
	for n := 0; start > 0; n++ {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if r == '\n' || unicode.IsSpace(r) && endsSentence(text[:start-size]) {
			return start
		}
		if n == lead {
			return word
		}
		if unicode.IsSpace(r) {
			word = start
		}
		start -= size
	}
	return 0
}

func endsSentence(s string) bool {
	s = strings.TrimRight(s, `"')”’»`)
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…。！？", r)
}

// wordEnd returns the end of the last whole word within size characters of
// start.
func wordEnd(text string, start, size int) int {
	end, word := start, 0
	for n := 0; end < len(text); n++ {
		r, width := utf8.DecodeRuneInString(text[end:])
		if unicode.IsSpace(r) {
			word = end
		}
		if n >= size {
			break
		}
		end += width
	}
	if end == len(text) || word <= start {
		return end
	}
	return word
}

// render returns the fragment as HTML with the marks in it.
func (m *marker) render(text string, w fragment, marks []mark) string {
	var b strings.Builder
	if w.start > 0 {
		b.WriteString(ellipsis)
	}
	at := w.start
	for _, k := range marks {
		if k.start < at || k.end > w.end {
			continue
		}
		b.WriteString(html.EscapeString(tidy(text[at:k.start])))
		b.WriteString(m.style.Pre)
		b.WriteString(html.EscapeString(tidy(text[k.start:k.end])))
		b.WriteString(m.style.Post)
		at = k.end
	}
	b.WriteString(html.EscapeString(tidy(strings.TrimRightFunc(text[at:w.end], unicode.IsSpace))))
	if w.end < len(text) {
		b.WriteString(ellipsis)
	}
	return b.String()
}

// tidy writes line breaks as blanks and leaves control characters out.
func tidy(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		default:
			return r
		}
	}, s)
}
