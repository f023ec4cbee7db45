package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Where a date line may stand.
const (
	// datelineBefore and datelineAfter are how many blocks before and after the
	// title are searched.
	datelineBefore, datelineAfter = 4, 8
	// maxDateline is the length in bytes of a line that states a date; what is
	// longer is a sentence.
	maxDateline = 160
	// maxBareDate is the same for a line far from any title.
	maxBareDate = 60
)

// monthNames begins with the names of January in the languages that date lines
// are read in; a name is known by its first letters.
var monthNames = [12][]string{
	{"jan", "jän", "ene", "gen", "янв", "sty", "tammi"},
	{"feb", "fév", "fev", "fév", "фев", "lut", "helmi"},
	{"mar", "mär", "maa", "мар", "mrz", "mrt"},
	{"apr", "avr", "abr", "апр", "kwi", "huhti"},
	{"may", "mai", "mag", "mei", "maj", "мая", "май", "touko"},
	{"jun", "juin", "giu", "июн", "cze", "kesä"},
	{"jul", "juil", "lug", "июл", "lip", "heinä"},
	{"aug", "aoû", "aou", "ago", "авг", "sie", "elo"},
	{"sep", "set", "сен", "wrz", "syys"},
	{"oct", "okt", "ott", "out", "окт", "paź", "loka"},
	{"nov", "ноя", "lis", "marras"},
	{"dec", "dez", "déc", "dic", "дек", "gru", "joulu"},
}

const monthWord = `([\p{L}]{3,11})`

var (
	dayMonthYear = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?` + monthWord + `\.?,?\s+(?:de\s+|del\s+)?(\d{4})\b`)
	monthDayYear = regexp.MustCompile(`\b` + monthWord + `\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b`)
	dottedDate   = regexp.MustCompile(`\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})\b`)
	isoDate      = regexp.MustCompile(`\b(\d{4})[-./](\d{1,2})[-./](\d{1,2})\b`)
	slashDate    = regexp.MustCompile(`\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b`)
	cjkDate      = regexp.MustCompile(`(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]`)
	otherDate    = regexp.MustCompile(`(?i)\b(?:registriert|joined|member since|termin|updated|modified|aktualisiert|geändert|mis à jour|modifié|actualizado|atualizado|aggiornat|bijgewerkt|обновлен)`)
)

// dateline is the day that a line near the title, or else near the beginning of
// the text, states; zero without one. Lines that tell of something else, such
// as a change, and lines long enough to be text, do not count.
func (p *page) dateline() (day time.Time, raw string) {
	a := p.describer.around
	for _, at := range []int{a.titled, a.heading} {
		if day, raw := p.datelineNear(at, maxDateline); !day.IsZero() {
			return day, raw
		}
	}
	if len(p.kept) > 0 {
		return p.datelineNear(p.kept[0], maxBareDate)
	}
	return time.Time{}, ""
}

func (p *page) datelineNear(at, maxLen int) (day time.Time, raw string) {
	if at < 0 {
		return time.Time{}, ""
	}
	english := p.scan.languageCode() == "en"
	for _, i := range datelineOrder(at, len(p.seg.blocks)) {
		b := &p.seg.blocks[i]
		text := b.text
		if len(text) > maxLen || b.isProse() && endsSentence(text) || !strings.ContainsAny(text, "0123456789") || otherDate.MatchString(text) {
			continue
		}
		if day := findDay(text, english); plausible(day, p.now) {
			return day, text
		}
	}
	return time.Time{}, ""
}

// datelineOrder lists the blocks after the title, then those before, the
// nearest first.
func datelineOrder(title, n int) []int {
	var order []int
	for i := title; i < min(n, title+datelineAfter+1); i++ {
		order = append(order, i)
	}
	for i := title - 1; i >= max(0, title-datelineBefore); i-- {
		order = append(order, i)
	}
	return order
}

// findDay reads the first date in a line. Two numbers that may each be the
// month are read day first, except in English, where either is usual and
// neither is taken.
func findDay(line string, english bool) time.Time {
	if m := dayMonthYear.FindStringSubmatch(line); m != nil {
		if d := makeDay(m[3], monthOf(m[2]), m[1]); !d.IsZero() {
			return d
		}
	}
	if m := monthDayYear.FindStringSubmatch(line); m != nil {
		if d := makeDay(m[3], monthOf(m[1]), m[2]); !d.IsZero() {
			return d
		}
	}
	if m := isoDate.FindStringSubmatch(line); m != nil {
		return makeDay(m[1], number(m[2]), m[3])
	}
	if m := cjkDate.FindStringSubmatch(line); m != nil {
		return makeDay(m[1], number(m[2]), m[3])
	}
	if m := dottedDate.FindStringSubmatch(line); m != nil {
		return makeDay(m[3], number(m[2]), m[1])
	}
	if m := slashDate.FindStringSubmatch(line); m != nil {
		switch a, b := number(m[1]), number(m[2]); {
		case b > 12:
			return makeDay(m[3], a, m[2])
		case a > 12, a == b, !english:
			return makeDay(m[3], b, m[1])
		}
	}
	return time.Time{}
}

func makeDay(year string, month int, day string) time.Time {
	y, d := number(year), number(day)
	if len(year) == 2 {
		y += 2000
	}
	t := time.Date(y, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	if y < earliestYear || month < 1 || month > 12 || t.Day() != d {
		return time.Time{}
	}
	return t
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// monthOf is the number of a month's name, 0 for other words.
func monthOf(word string) int {
	word = strings.ToLower(word)
	for i, names := range monthNames {
		for _, name := range names {
			if strings.HasPrefix(word, name) {
				return i + 1
			}
		}
	}
	return 0
}
