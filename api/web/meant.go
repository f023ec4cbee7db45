package web

import (
	"strings"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// meant offers the query with its misspelt words as they were probably meant; an
// empty one when there is nothing to correct in what was typed.
func (v *view) meant(corrections []news.Correction) choice {
	text := v.Query
	for _, c := range corrections {
		text = replaceWord(text, c.Word, c.Meant)
	}
	if text == v.Query {
		return choice{}
	}
	return choice{Label: text, Href: v.link.with(param.Q, text)}
}

// replaceWord puts another word in the place of one, wherever that stands alone in
// the text, whatever its case.
func replaceWord(text, word, other string) string {
	var b strings.Builder
	for text != "" {
		start := strings.IndexFunc(text, isWordRune)
		if start < 0 {
			break
		}
		b.WriteString(text[:start])
		text = text[start:]
		end := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) })
		if end < 0 {
			end = len(text)
		}
		if strings.EqualFold(text[:end], word) {
			b.WriteString(other)
		} else {
			b.WriteString(text[:end])
		}
		text = text[end:]
	}
	return b.String() + text
}
