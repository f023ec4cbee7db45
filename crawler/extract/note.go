package extract

import (
	"regexp"
	"strings"
)

// maxNoteLen is the length in bytes above which a block is an article of its
// own rather than a note on one.
const maxNoteLen = 1200

var (
	noteStart = regexp.MustCompile(`(?i)^[\W_]*(?:editor(?:['’]s|s['’]?)? note|correction|clarification|update[sd]?|an earlier version of this|a previous version of this|this (?:story|article|piece|post|report|headline|page) (?:has been|was|is being) (?:updated|corrected|amended|revised|modified|edited|changed)|anmerkung der redaktion|korrektur|note de la rédaction|nota del (?:editor|redactor)|nota da redação|corrección|fe de errores|correção|rectificatif)\b\s*[:.(]?`)
	noteLabel = regexp.MustCompile(`(?i)^[\W_]*(?:editor(?:['’]s|s['’]?)? note|correction|clarification|update[sd]?|anmerkung der redaktion|korrektur|note de la rédaction|nota del (?:editor|redactor)|nota da redação|corrección|fe de errores|correção|rectificatif)\b[^:]{0,60}[:.]`)
	noteBody  = regexp.MustCompile(`(?i)\b(?:this (?:story|article|piece|post|report|headline) (?:has been|was) (?:updated|corrected|amended|revised)|(?:an earlier|a previous) version of this (?:story|article|piece|post|report))\b`)
	sentence  = regexp.MustCompile(`[^.!?]+(?:[.!?]+["'”’)]*|$)`)
)

// noteWords are what each sentence that noteBody matches has one of, less the
// first letter; to look for them first is faster.
var noteWords = newMatcher([][]string{{"pdated", "PDATED", "orrected", "ORRECTED", "mended", "MENDED", "evised", "EVISED", "ersion of this", "ERSION OF THIS"}})

// editorNote gathers the editor's notes and corrections among the blocks.
func editorNote(blocks []string) string {
	var notes []string
	for _, b := range blocks {
		if len(b) > maxNoteLen {
			continue
		}
		switch {
		case noteLabel.MatchString(b), speaksOfChange(b) && noteStart.MatchString(b):
			notes = append(notes, b)
		case speaksOfChange(b):
			notes = append(notes, noteSentences(b))
		}
	}
	return strings.Join(notes, "\n\n")
}

// speaksOfChange reports whether a text has a sentence about how it was changed.
func speaksOfChange(text string) bool { return noteWords.find(text) != 0 && noteBody.MatchString(text) }

// noteSentences keeps the sentences of a block that speak of a change.
func noteSentences(block string) string {
	var out []string
	for _, s := range sentence.FindAllString(block, -1) {
		if noteBody.MatchString(s) {
			out = append(out, strings.TrimSpace(s))
		}
	}
	return strings.Join(out, " ")
}
