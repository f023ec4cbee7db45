package extract

import (
	"regexp"
	"strings"
)

// Measures of what stands behind an article.
const (
	maxCreditRunes = 100 // of a line that only names who took a picture
	maxPromoLen    = 420 // bytes of a paragraph that speaks of the publisher's own services
	maxBioLen      = 600 // bytes of a paragraph about the author
	// maxTail is how many paragraphs of either kind an article may end with.
	maxTail = 3
)

// creditLine matches a line that only says who took a picture.
var creditLine = regexp.MustCompile(`(?i)^[\[(]?(?:(?:all |alle )?(?:photos?|fotos?|bild(?:er|quellen?|nachweise?)?|titelbild|images?|pictures?|crédits?(?: photos?)?|créditos?)(?: (?:by|from|courtesy(?: of)?|source|credits?|par|de|von)\b[:\s]|\s?[:©])|(?:shutterstock|getty images|istock(?:photo)?|adobe stock|pixabay|unsplash|pexels|picture alliance|imago images)\b.{0,30}$)`)

// promo matches what a publisher says of its own services.
var promo = regexp.MustCompile(`(?i)\b(?:sign up (?:here|for (?:our|the|free)|to (?:our|receive|get))|subscribe (?:to|now|here)|our (?:free |daily |weekly |email |e-mail )*newsletters?|download (?:the|our) (?:free )?app\b|(?:follow|like) us on|follow .{2,40} on (?:twitter|facebook|instagram)\b|click here\.?$|join (?:our|us on)|get the latest \w+|for (?:more|all the latest) (?:news|stories)|to reach the (?:reporter|author|writer)|can be reached (?:at|by)|newsletter (?:abonnieren|anmelden|bestellen)|folg(?:en sie|t|e) uns|abonnez-vous|suivez-nous|inscrivez-vous|suscríbete|síguenos|siga-nos|iscriviti|seguici)`)

// bareAddress matches a line that is nothing but a domain or an e-mail address.
var bareAddress = regexp.MustCompile(`^[\pL\pN._%+-]*@?[\pL\pN-]+(?:\.[\pL\pN-]+)*\.\pL{2,12}$`)

// wallLine matches a line that says that the rest is for subscribers.
var wallLine = regexp.MustCompile(`(?i)^(?:please )?(?:to|subscribe to|log ?in to|sign (?:in|up) to|register to) (?:view|read|see|access|continue reading) (?:the|this) (?:full|rest of|entire|whole|remaining|complete)\b.{0,60}\b(?:subscri|register|log|sign|member)`)

// asideLabel matches the label of a link to another story.
var asideLabel = regexp.MustCompile(`^(?:more|next|watch|listen|explainer|mehr|plus|más)\s?:`)

// isCreditLine reports whether a block only names who took a picture.
func (b *block) isCreditLine() bool {
	return b.runes <= maxCreditRunes && !endsSentence(b.text) && creditLine.MatchString(b.text)
}

// isAside reports whether a block is a headline of another story between two
// paragraphs: all of it a link and in brackets, in capitals or behind a label.
func (b *block) isAside() bool {
	if 10*b.linked < 9*b.runes || b.words < 3 || endsSentence(b.text) {
		return false
	}
	if strings.HasPrefix(b.text, "[") && strings.HasSuffix(b.text, "]") {
		return true
	}
	return asideLabel.MatchString(strings.ToLower(b.text[:min(len(b.text), maxLeadIn)])) || b.words >= 5 && b.text == strings.ToUpper(b.text) && b.text != strings.ToLower(b.text)
}

// dropTail moves the end of an article before the paragraphs that speak of the
// publisher's own services or, beginning with an author's name, of the author, and
// before lines that are but an address.
func dropTail(blocks, authors []string, end int) int {
	for range maxTail {
		if end < 2 {
			break
		}
		line := blocks[end-1]
		if !(len(line) <= maxPromoLen && promo.MatchString(line)) && !bareAddress.MatchString(line) && !isBio(line, authors) {
			break
		}
		end--
	}
	return end
}

// isBio reports whether a paragraph is about one of the authors, or but a
// signature.
func isBio(line string, authors []string) bool {
	if len(line) > maxBioLen {
		return false
	}
	line = strings.TrimLeft(line, "-–—― ")
	for _, a := range authors {
		rest, found := strings.CutPrefix(line, a)
		if found && strings.Contains(a, " ") && (rest == "" || strings.HasPrefix(rest, " ")) {
			return true
		}
	}
	return false
}
