package token

import (
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
	return initials(w) || isTitle(w) || isShortened(w)
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
		"Cpl", "Sgt", "Adm", "Brig", "Supt", "Det", "Insp", "Pres", "St", "Ste", "Mt", "Ft", "Amb", "Atty", "Pvt", "Msgr", "Reps", "Sens", "Messrs", "Mme", "Mlle", "ST", "MT", "FT", "DR", "MR", "MRS", "SEN", "REP", "GOV", "GEN":
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
