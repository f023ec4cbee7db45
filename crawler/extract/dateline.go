package extract

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"

	"broadsheet.example/news"
)

// Where a date line may stand.
const (
	// datelineBefore and datelineAfter are how many blocks before and after the
	// title are searched.
	datelineBefore, datelineAfter = 4, 8
	// datelineTouch is how many blocks above the text count as touching it.
	datelineTouch = 2
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
	dottedDate   = regexp.MustCompile(`\b(\d{1,2})(?:\.\s?|\s\|\s)(\d{1,2})(?:\.\s?|\s\|\s)(\d{4}|\d{2})\b`)
	isoDate      = regexp.MustCompile(`\b(\d{4})[-./](\d{1,2})[-./](\d{1,2})\b`)
	slashDate    = regexp.MustCompile(`\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b`)
	cjkDate      = regexp.MustCompile(`(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]`)
	otherDate    = regexp.MustCompile(`(?i)\b(?:registriert|joined|member since|termin|updated|modified|aktualisiert|geändert|mis à jour|modifié|actualizado|atualizado|aggiornat|bijgewerkt|обновлен)`)
)

// dateline is the day that a line directly above the text states, or one near the
// title, or that the text begins with, or that a line near its beginning or one
// labeled as the publication states; nothing without one.
func (p *page) dateline() stated {
	for _, find := range []func() stated{p.touchingDate, p.titleDate, p.leadDate, p.openingDate, p.labeledDate} {
		if s := find(); !s.time.IsZero() {
			return s
		}
	}
	return stated{}
}

// titleDate is the day of a line near the title.
func (p *page) titleDate() stated {
	a := p.describer.around
	return cmp.Or(p.dateNear(a.titled, maxDateline), p.dateNear(a.heading, maxDateline))
}

// touchingDate is the day of a line directly above the text, where pages that
// repeat the title in a menu or a list have the article's own.
func (p *page) touchingDate() stated {
	if len(p.kept) == 0 {
		return stated{}
	}
	for i := p.kept[0]; i >= max(0, p.kept[0]-datelineTouch); i-- {
		if s := p.dateOf(p.seg.blocks[i].text, maxBareDate); !s.time.IsZero() {
			return s
		}
	}
	return stated{}
}

// openingDate is the day of a line near the first block of the text.
func (p *page) openingDate() stated {
	if len(p.kept) == 0 {
		return stated{}
	}
	return p.dateNear(p.kept[0], maxBareDate)
}

// dateNear is the day of the first line after a block, or else the nearest one
// before it, that states one.
func (p *page) dateNear(at, maxLen int) stated {
	if at < 0 {
		return stated{}
	}
	for _, i := range datelineOrder(at, len(p.seg.blocks)) {
		if b := &p.seg.blocks[i]; !b.isProse() || !endsSentence(b.text) {
			if s := p.dateOf(b.text, maxLen); !s.time.IsZero() {
				return s
			}
		}
	}
	return stated{}
}

// dateOf is the day that a line states. A line that tells of something else,
// such as a change, or is long enough to be text, states none.
func (p *page) dateOf(line string, maxLen int) stated {
	if len(line) > maxLen || !strings.ContainsAny(line, "0123456789") || otherDate.MatchString(line) {
		return stated{}
	}
	day := findDay(line, p.scan.languageCode() == "en")
	if !plausible(day, p.now) {
		return stated{}
	}
	return stated{line, day, news.PrecisionDay, news.DateMeta}
}

// leadStart is what a text that begins with place and day has there: perhaps
// places in capitals, then the date, then a full stop, dash, colon or bracket.
var leadStart = regexp.MustCompile(`^\(?(?:\p{Lu}[\p{L}./ -]{1,30}[,(] ?(?:den |le |am )?)?((?:\d{1,2}\.? ?(?:de )?[\p{L}\d]{1,10}\.? ?(?:de )?|\p{Lu}\p{L}{2,8}\.? \d{1,2}, )(?:19|20)\d\d)\)? ?[.:–—|/)-]`)

// maxLead is how many of the first blocks may begin with the day.
const maxLead = 2

// leadDate is the day that the text begins with, as press releases do.
func (p *page) leadDate() stated {
	for _, i := range p.kept[:min(len(p.kept), maxLead)] {
		if m := leadStart.FindStringSubmatch(p.seg.blocks[i].text); m != nil {
			if s := p.dateOf(m[1], maxBareDate); !s.time.IsZero() {
				return s
			}
		}
	}
	return stated{}
}

// publishedLabel matches the label of a publication date.
var publishedLabel = regexp.MustCompile(`(?i)\b(?:erschienen|veröffentlicht|publiziert|published|posted|publié|publicado|publicada|pubblicato|gepubliceerd|опубликовано)(?:\s(?:am|on|le|el|em|il|op))?\s?:?\s(\D{0,12}\d.{6,30})`)

// labeledDate is the day of the only lines, anywhere on the page, that name
// themselves the publication's. Where several disagree, they are of teasers.
func (p *page) labeledDate() stated {
	var found stated
	for i := range p.seg.blocks {
		b := &p.seg.blocks[i]
		if b.box.within&inComments != 0 || len(b.text) > maxDateline {
			continue
		}
		m := publishedLabel.FindStringSubmatch(b.text)
		if m == nil {
			continue
		}
		s := p.dateOf(m[1], maxBareDate)
		if !found.time.IsZero() && !s.time.IsZero() && !s.time.Equal(found.time) {
			return stated{}
		}
		found = cmp.Or(found, s)
	}
	return found
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
