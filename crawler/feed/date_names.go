package feed

import "strings"

// monthNamed returns the month that a word names in one of the languages that
// feeds are dated in: English, German, French, Spanish, Italian, Portuguese,
// Dutch, Scandinavian, Polish, Czech, Hungarian, Romanian, Turkish, Finnish,
// Indonesian, Greek, Russian and Ukrainian, with their abbreviations and cases,
// folded by foldDate. A name that means different months in different languages
// (listopad) is unknown.
func monthNamed(word string) (month int, ok bool) {
	switch word {
	case "jan", "january", "januar", "janner", "janvier", "janv", "enero", "ene", "gennaio", "gen", "janeiro",
		"januari", "stycznia", "sty", "ledna", "led", "ianuarie", "ian", "ocak", "oca", "tammikuuta", "tammikuu", "ιαν",
		"ιανουαριου", "ιανουαριος", "янв", "января", "січня":
		return 1, true
	case "feb", "february", "februar", "fevrier", "fevr", "fev", "febrero", "febbraio", "fevereiro", "februari",
		"lutego", "lut", "unora", "uno", "februarie", "subat", "sub", "helmikuuta", "helmikuu", "φεβ", "φεβρουαριου",
		"φεβρουαριος", "фев", "февраля", "лютого":
		return 2, true
	case "mar", "march", "marz", "mars", "marzo", "marco", "maart", "mrt", "marts", "marca", "brezna", "bre", "marcius",
		"marc", "martie", "mart", "maaliskuuta", "maaliskuu", "maret", "μαρ", "μαρτιου", "μαρτιος", "мар", "марта",
		"березня", "mrz":
		return 3, true
	case "apr", "april", "avril", "avr", "abril", "abr", "aprile", "kwietnia", "kwi", "dubna", "dub", "aprilis",
		"aprilie", "nisan", "nis", "huhtikuuta", "huhtikuu", "απρ", "απριλιου", "απριλιος", "апр", "апреля", "квітня":
		return 4, true
	case "may", "mai", "mayo", "maggio", "mag", "maio", "mei", "maj", "maja", "kvetna", "kve", "majus", "maujus",
		"mayıs", "toukokuuta", "toukokuu", "μαι", "μαη", "μαιου", "μαιος", "мая", "маи", "травня", "mayis":
		return 5, true
	case "jun", "june", "juni", "juin", "junio", "giugno", "giu", "junho", "czerwca", "cze", "cervna", "junius",
		"iunie", "iun", "haziran", "haz", "kesakuuta", "kesakuu", "ιουν", "ιον", "ιουνιου", "ιουνιος", "июн", "июня",
		"червня":
		return 6, true
	case "jul", "july", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho", "lipca", "lip", "cervence",
		"julius", "iulie", "iul", "temmuz", "tem", "heinakuuta", "heinakuu", "ιουλ", "ιολ", "ιουλιου", "ιουλιος", "июл",
		"июля", "липня":
		return 7, true
	case "aug", "august", "aout", "agosto", "ago", "augustus", "augusti", "sierpnia", "sie", "srpna", "augusztus",
		"agustos", "agu", "elokuuta", "elokuu", "agustus", "αυγ", "αυγουστου", "αυγουστος", "авг", "августа", "серпня":
		return 8, true
	case "sep", "sept", "september", "septembre", "septiembre", "settembre", "set", "setembro", "wrzesnia", "wrz",
		"zari", "szeptember", "szept", "septembrie", "eylul", "eyl", "syyskuuta", "syyskuu", "σεπ", "σεπτεμβριου",
		"σεπτεμβριος", "сен", "сент", "сентября", "вересня":
		return 9, true
	case "oct", "october", "oktober", "okt", "octobre", "octubre", "ottobre", "ott", "outubro", "out", "pazdziernika",
		"paz", "rijna", "octombrie", "ekim", "eki", "lokakuuta", "lokakuu", "οκτ", "οκτωβριου", "οκτωβριος", "окт",
		"октября", "жовтня":
		return 10, true
	case "nov", "november", "novembre", "noviembre", "novembro", "noiembrie", "kasım", "kas", "marraskuuta",
		"marraskuu", "νοε", "νοεμ", "νοεμβριου", "νοεμβριος", "ноя", "нояб", "ноября", "kasim":
		return 11, true
	case "dec", "december", "dezember", "dez", "decembre", "diciembre", "dic", "dicembre", "dezembro", "desember",
		"des", "grudnia", "gru", "prosince", "decembrie", "aralık", "ara", "joulukuuta", "joulukuu", "δεκ", "δεκεμβριου",
		"δεκεμβριος", "дек", "декабря", "грудня", "aralik":
		return 12, true
	}
	return 0, false
}

// isWeekday reports whether a word names a day of the week in English.
func isWeekday(word string) bool {
	if len(word) < 3 {
		return false
	}
	for _, day := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
		if strings.HasPrefix(day, word) {
			return true
		}
	}
	return word == "weds"
}
