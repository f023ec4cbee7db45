package token

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// possessive returns the length of w without a final 's, or 0 when it has none.
func possessive(w string) int {
	for _, s := range [...]string{"'s", "’s", "'S", "’S"} {
		if n := len(w) - len(s); n > 0 && w[n:] == s {
			return n
		}
	}
	return 0
}

// compound returns offset and length of the hyphen where the word w is to be
// cut, length 0 when nowhere: between a name and a lower-case word that is no
// part of it. U.S.-led is three tokens, Port-au-Prince and Ki-moon are one.
func compound(w string) (at, n int) {
	at = strings.LastIndexAny(w, "-‐‑")
	if at <= 0 {
		return 0, 0
	}
	_, n = utf8.DecodeRuneInString(w[at:])
	head, tail := w[:at], w[at+n:]
	if isModifier(tail) && hasUpper(head) || isPrefix(head) && hasUpper(tail) {
		return at, n
	}
	return 0, 0
}

// isModifier reports the second halves of compounds whose first half is a name.
func isModifier(s string) bool {
	switch s {
	case "led", "based", "backed", "born", "linked", "controlled", "run", "made", "style", "era", "trained", "sponsored",
		"owned", "funded", "held", "occupied", "ruled", "dominated", "supported", "allied", "aligned", "affiliated",
		"brokered", "mediated", "wide", "bound", "related", "friendly", "like", "type", "built", "designed",
		"listed", "educated", "imposed", "inspired", "administered", "area", "only", "free", "supplied", "level",
		"bred", "raised", "majority", "language", "speaking", "appointed", "nominated", "proposed", "ready":
		return true
	}
	return false
}

// isPrefix reports first halves that are no part of the name after the hyphen.
func isPrefix(s string) bool {
	switch s {
	case "anti", "pro", "ex", "non", "mid", "pre", "post", "then", "late", "early", "all", "now", "former":
		return true
	}
	return false
}

func hasUpper(s string) bool { return strings.IndexFunc(s, unicode.IsUpper) >= 0 }

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// isAbbreviation reports whether a period after w belongs to it: initials
// (J, U.S, J.D), and the abbreviations of news.
func isAbbreviation(w string) bool {
	if n := utf8.RuneCountInString(w); n == 1 {
		return startsUpper(w)
	}
	if initials(w) {
		return true
	}
	if i := strings.LastIndexByte(w, '-'); i >= 0 && initials(w[i+1:]) {
		return true // Franco-U.S.
	}
	return isTitle(w) || isShortened(w)
}

// initials reports single letters with periods between them, as in U.S or a.m.
func initials(w string) bool {
	letter := true
	dots := 0
	for _, r := range w {
		switch {
		case letter && unicode.IsLetter(r):
			letter = false
		case !letter && r == '.':
			letter = true
			dots++
		default:
			return false
		}
	}
	return dots > 0 && !letter
}

// isTitle reports abbreviations that a name follows, so that they never end a
// sentence.
func isTitle(w string) bool {
	switch w {
	case "Mr", "Mrs", "Ms", "Dr", "Prof", "Rev", "Fr", "Hon", "Sen", "Rep", "Gov", "Gen", "Lt", "Col", "Maj", "Capt", "Cmdr",
		"Cpl", "Sgt", "Adm", "Brig", "Supt", "Det", "Insp", "Pres", "St", "Ste", "Mt", "Ft", "Amb", "Atty", "Pvt", "Msgr", "Reps", "Sens", "Messrs", "Mme", "Mlle":
		return true
	}
	return false
}

// isShortened reports other abbreviations; they may end a sentence.
func isShortened(w string) bool {
	switch w {
	case "Inc", "Corp", "Co", "Ltd", "Bros", "Jr", "Sr", "Esq", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec",
		"Ala", "Ariz", "Ark", "Calif", "Colo", "Conn", "Del", "Fla", "Ga", "Ill", "Ind", "Kan", "Ky", "La", "Md", "Mass", "Mich", "Minn",
		"Miss", "Mo", "Mont", "Neb", "Nev", "Okla", "Ore", "Pa", "Tenn", "Tex", "Va", "Vt", "Wash", "Wis", "Wyo", "Ont", "Que", "Alta", "Sask",
		"Nos", "vs", "etc", "Ave", "Blvd", "Rd", "Dept", "Univ", "Assn", "Cie", "approx", "est", "Ph.D", "Ph":
		return true
	}
	return false
}
