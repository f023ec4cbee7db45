package extract

import "strings"

// Verdict tells what became of one block of a page, and by whom.
type Verdict struct {
	Text string `json:"text"`
	Kept bool   `json:"kept"`
	// Score is the model's probability that the block belongs to the article,
	// from 0 to 1.
	Score float32 `json:"score"`
	By    Judge   `json:"by"`
}

// Judge is what decided about a block.
type Judge string

// The judges, in the order in which they have their say.
const (
	ByPlace    Judge = "place"     // hidden, in readers' comments or a caption
	ByPointer  Judge = "pointer"   // a line such as "Read also" with a link
	ByCredit   Judge = "credit"    // a line that only names who took a picture
	ByModel    Judge = "model"     // the model's score
	ByHeading  Judge = "heading"   // a heading right before a paragraph that was kept
	ByTable    Judge = "table"     // belongs to a table of which most was kept
	ByLinkTail Judge = "link-tail" // links at the end of the text
	ByLeadIn   Judge = "lead-in"   // leads, at the end, to what was not kept
	ByRepeat   Judge = "repeat"    // stood on the page before
	ByLinked   Judge = "json-ld"   // the page's JSON-LD has the text instead
	ByTrim     Judge = "trim"      // a prompt, credit or claim of rights at an end
	BySite     Judge = "site"      // the site repeats it from page to page
)

// Explain is [Options.Page] which also tells, block by block in the order of the
// page, what was kept and what was not.
func (o Options) Explain(body []byte, contentType, pageURL string) (*Content, []Verdict, error) {
	p, c, err := o.read(body, contentType, pageURL)
	if err != nil {
		return nil, nil, err
	}
	return c, p.verdicts(c), nil
}

// fate is what the steps of an extraction note about a block.
type fate struct {
	score float32
	by    Judge
}

// judge notes who decided about those blocks that were kept before or are kept
// now, but not both.
func (p *page) judge(before []int, by Judge) {
	was := map[int]bool{}
	for _, i := range before {
		was[i] = true
	}
	for _, i := range p.kept {
		if !was[i] {
			p.fates[i].by = by
		}
		delete(was, i)
	}
	for i := range was {
		p.fates[i].by = by
	}
}

// verdicts are the fates of all blocks, once the content stands.
func (p *page) verdicts(c *Content) []Verdict {
	kept := map[int]bool{}
	for _, i := range p.kept {
		kept[i] = true
	}
	out := make([]Verdict, len(p.fates))
	seen := map[string]bool{}
	for i, f := range p.fates {
		v := Verdict{clean(p.seg.blocks[i].text), kept[i], f.score, f.by}
		if v.Kept {
			v.Kept, v.By = p.stays(v, seen[v.Text], p.seg.blocks[i].isProse(), c.Text)
			seen[v.Text] = true
		}
		out[i] = v
	}
	return out
}

// stays tells whether a block that was kept got into the text, and by whom.
func (p *page) stays(v Verdict, repeated, prose bool, text string) (bool, Judge) {
	switch {
	case repeated && prose:
		return false, ByRepeat
	case !strings.Contains(text, v.Text):
		return false, ByTrim
	}
	return true, v.By
}
