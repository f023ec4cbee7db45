package extract

import (
	"net/url"
	"unicode"

	readability "codeberg.org/readeck/go-readability/v2"
)

// accepted is the probability from which a block belongs to the article.
const accepted = 0.5

// blocks finds the text of the article.
func (p *page) blocks() ([]string, error) {
	if p.large {
		return p.linear(), nil
	}
	model, err := loadModel()
	if err != nil {
		return nil, err
	}
	var out []string
	for i, v := range p.describer.describe() {
		if model.probability(&v) > accepted {
			p.kept = append(p.kept, i)
			out = append(out, clean(p.seg.blocks[i].text))
		}
	}
	return out, nil
}

// linear finds the text of a page too large for the models by go-readability,
// which takes linear time.
func (p *page) linear() []string {
	u, err := url.Parse(p.url)
	if err != nil {
		u = &url.URL{}
	}
	parser := readability.NewParser()
	a, err := parser.ParseAndMutate(p.doc, u)
	if err != nil || a.Node == nil {
		return nil
	}
	var out []string
	for _, b := range segment(a.Node).blocks {
		out = append(out, clean(b.text))
	}
	return out
}

// countWords counts words; in scripts without spaces two characters make one.
func countWords(s string) int {
	words, wide, inside := 0, 0, false
	for _, r := range s {
		switch {
		case isWide(r):
			wide++
			inside = false
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if !inside {
				words++
			}
			inside = true
		case r != '\'' && r != '’' && !unicode.IsMark(r):
			inside = false
		}
	}
	return words + (wide+1)/2
}

// isWide reports whether a character belongs to a script that is written
// without spaces between words.
func isWide(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
