package extract

import (
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kinds of phrases, by their place in furniture.
const (
	phraseMore    = 1 << 0
	phraseAccount = 1 << 1
	phraseShare   = 1 << 2
	phrasePicture = 1 << 3
	phraseComment = 1 << 5

	// phraseFrame are the kinds that the lines around an article are made of.
	phraseFrame = phraseMore | phraseAccount | phraseShare | phraseComment
)

// maxPromptRunes is the length up to which a line may be a prompt.
const maxPromptRunes = 140

// prompt matches lines that ask the reader for an account, which an article
// does not do in its own voice.
var prompt = regexp.MustCompile(`(?i)^(?:(?:please )?(?:sign|log) ?(?:up|in|on)\b|subscribe\b|register\b|join (?:us|now|today)\b|become an? (?:member|subscriber)|create (?:a|your) (?:free )?account|already (?:a|an|have)\b|start your (?:free )?trial|(?:to )?(?:continue|keep) reading|continue reading|unlock (?:this|full|unlimited)|get (?:full|unlimited) access|this (?:article|content|story) is (?:for|only|reserved|exclusive)|you(?:'|’)ve reached your|want to read (?:more|the full)|jetzt (?:abonnieren|anmelden|registrieren)|weiterlesen mit|dieser artikel ist|s['’]abonner|abonnez-vous|connectez-vous|cet article est réservé|suscríb|inicia(?:r)? sesión|regístrate|este (?:artículo|contenido) es|assine\b|iscriviti|abbonati)`)

// trim removes what a wall or a page's frame leaves at the ends of an article:
// after the last paragraph, a line that asks for an account and everything
// short behind it; before the first, the same line and everything short above.
// Lines at either end that repeat title, authors or date go too. It returns the
// prompts removed. A text without any paragraph is left alone.
func trim(blocks, authors []string, title string) (kept, prompts []string) {
	first, last := -1, -1
	for i, b := range blocks {
		if isParagraph(b) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return blocks, nil
	}
	end := endOf(blocks, first, last)
	end = dropFrame(blocks, min(last+1, end), end)
	for end > last+1 && (isCredits(blocks[end-1], title) || labeledCredit.MatchString(blocks[end-1])) {
		end--
	}
	end = max(dropTail(blocks, authors, end), first+1)
	start := 0
	for i := first - 1; i >= 0; i-- {
		if prompt.MatchString(blocks[i]) {
			start = i + 1
			break
		}
	}
	for start < first && isCredits(blocks[start], title) {
		start++
	}
	for _, b := range append(append([]string(nil), blocks[:start]...), blocks[end:]...) {
		if prompt.MatchString(b) || wallLine.MatchString(b) {
			prompts = append(prompts, b)
		}
	}
	return dropByline(blocks[start:end], authors), prompts
}

// bylineDepth is how many blocks at the head of an article may precede or be the
// line that names its authors: a standfirst in one or two paragraphs, a summary.
const bylineDepth = 4

// dropByline leaves out the line that names the authors, where it stands behind a
// standfirst.
func dropByline(blocks, authors []string) []string {
	for i, b := range blocks[:min(len(blocks), bylineDepth)] {
		if isBylineLine(b) && slices.ContainsFunc(authors, func(name string) bool { return strings.Contains(b, name) }) {
			return slices.Concat(blocks[:i], blocks[i+1:])
		}
	}
	return blocks
}

// endOf is where an article ends whose first and last paragraph are given: at a
// line that asks for an account, or else behind everything.
func endOf(blocks []string, first, last int) int {
	for i := first + 1; i < len(blocks); i++ {
		if i > last && prompt.MatchString(blocks[i]) || wallLine.MatchString(blocks[i]) {
			return i
		}
	}
	return len(blocks)
}

// isParagraph reports whether a block is part of an article by its length and
// its manner.
func isParagraph(b string) bool {
	if rightsLine.MatchString(b) {
		return false
	}
	n := width(b)
	return n >= 2*proseRunes && !prompt.MatchString(b) || n >= maxPromptRunes && endsSentence(b)
}

// width is the length of a text in characters, those of scripts without spaces,
// which say about twice as much, counting double.
func width(s string) int {
	n := 0
	for _, r := range s {
		n++
		if isWide(r) {
			n++
		}
	}
	return n
}

// isCredits reports whether a line above the first paragraph repeats what the
// content says in fields of their own: the title, the authors or the date.
func isCredits(line, title string) bool {
	if squeeze(line) == squeeze(title) || isBylineLine(line) {
		return true
	}
	return len(line) <= maxBareDate && (!findDay(line, false).IsZero() || datedLabel.MatchString(line))
}

// datedLabel matches a line that only says when something was done to the page.
var datedLabel = regexp.MustCompile(`(?i)^(?:(?:last )?updated|published|posted|stand|aktualisiert|publié|mis à jour|actualizado|publicado)\s?:?\s[^\pL]*\d`)

// labeledCredit matches a line that only says, behind a label, what the content
// has in fields of their own.
var labeledCredit = regexp.MustCompile(`(?i)^(?:date|datum|fecha|data|author|autor(?:in|en|es)?|auteurs?|source|quelle|fuente|fonte)\s?:\s.{2,60}$`)

// rightsLine matches the line that claims the rights in the article.
var rightsLine = regexp.MustCompile(`(?i)^[^\pL\pN©]*(?:copyright\b|©|\(?c\)\s|all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|todos os direitos reservados)`)

// dropFrame moves the end of an article before lines, at its very end, that
// claim rights or, being short, speak of nothing but sharing, accounts and other
// articles.
func dropFrame(blocks []string, from, end int) int {
	for end > from {
		line := strings.ToLower(blocks[end-1])
		kinds := furniture.find(line) & (phraseMore | phraseAccount | phraseShare)
		short := utf8.RuneCountInString(line) <= maxPromptRunes
		if !rightsLine.MatchString(line) && (bits.OnesCount32(kinds) < 2 || !short) {
			return end
		}
		end--
	}
	return end
}

// isCut reports whether a text breaks off: its last block ends in an ellipsis
// or, being a paragraph, without an end.
func isCut(blocks []string) bool {
	if len(blocks) == 0 {
		return false
	}
	last := strings.TrimSpace(blocks[len(blocks)-1])
	if strings.HasSuffix(last, "…") || strings.HasSuffix(last, "...") || strings.HasSuffix(last, "[…]") || strings.HasSuffix(last, "[...]") {
		return true
	}
	return width(last) >= 2*proseRunes && !endsSentence(last)
}
