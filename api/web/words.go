package web

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// group writes a number with thin groups of three: 12 345.
func group(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// count is a number of things: 1 article, 12 articles.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return group(n) + " " + what + "s"
}

// ago says how long ago t was, or the day when that is long.
func ago(t, now time.Time) string {
	switch d := now.Sub(t); {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return count(int(d.Minutes()), "minute") + " ago"
	case d < 24*time.Hour:
		return count(int(d.Hours()), "hour") + " ago"
	case d < 48*time.Hour:
		return "yesterday"
	case d < 7*24*time.Hour:
		return count(int(d.Hours()/24), "day") + " ago"
	case t.Year() == now.Year():
		return t.Format("2 January")
	default:
		return t.Format("2 January 2006")
	}
}

// ahead says how far ahead t is.
func ahead(t, now time.Time) string {
	if !t.After(now) {
		return "now"
	}
	return "in " + duration(t.Sub(now))
}

// duration writes a span of time in one unit.
func duration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return count(int(d.Seconds()), "second")
	case d < time.Hour:
		return count(int(d.Minutes()), "minute")
	case d < 48*time.Hour:
		return count(int(d.Hours()), "hour")
	default:
		return count(int(d.Hours()/24), "day")
	}
}

// decimal writes a number with one digit behind the point, or none if it is whole.
func decimal(x float64) string { return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0") }

// bytesWords writes a size in the unit that suits it.
func bytesWords(n int64) string {
	size, unit := float64(n), "bytes"
	for _, larger := range []string{"kB", "MB", "GB", "TB"} {
		if size < 1000 {
			break
		}
		size, unit = size/1000, larger
	}
	return decimal(size) + " " + unit
}

// isWordRune reports whether r belongs to a word.
func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// languageName is the English name of the languages that news is commonly in,
// else the code itself.
func languageName(code string) string { return nameIn(languageNames, code) }

// countryName does the same for countries.
func countryName(code string) string { return nameIn(countryNames, code) }

// nameIn looks a code up in a list of "code name" between semicolons.
func nameIn(names, code string) string {
	if _, after, ok := strings.Cut(names, ";"+code+" "); ok && code != "" {
		name, _, _ := strings.Cut(after, ";")
		return name
	}
	return strings.ToUpper(code)
}

const languageNames = ";ar Arabic;bg Bulgarian;bn Bengali;ca Catalan;cs Czech;da Danish;de German;el Greek;en English;es Spanish;" +
	"et Estonian;fa Persian;fi Finnish;fr French;he Hebrew;hi Hindi;hr Croatian;hu Hungarian;id Indonesian;it Italian;ja Japanese;" +
	"ko Korean;lt Lithuanian;lv Latvian;nb Norwegian;nl Dutch;no Norwegian;pl Polish;pt Portuguese;ro Romanian;ru Russian;sk Slovak;" +
	"sl Slovenian;sr Serbian;sv Swedish;sw Swahili;ta Tamil;th Thai;tr Turkish;uk Ukrainian;ur Urdu;vi Vietnamese;zh Chinese;"

const countryNames = ";ae United Arab Emirates;ar Argentina;at Austria;au Australia;bd Bangladesh;be Belgium;bg Bulgaria;br Brazil;" +
	"ca Canada;ch Switzerland;cl Chile;cn China;co Colombia;cz Czechia;de Germany;dk Denmark;ee Estonia;eg Egypt;es Spain;et Ethiopia;" +
	"fi Finland;fr France;gb United Kingdom;gh Ghana;gr Greece;hk Hong Kong;hr Croatia;hu Hungary;id Indonesia;ie Ireland;il Israel;" +
	"in India;iq Iraq;ir Iran;is Iceland;it Italy;jm Jamaica;jp Japan;ke Kenya;kr South Korea;lb Lebanon;lk Sri Lanka;lt Lithuania;" +
	"lv Latvia;ma Morocco;mx Mexico;my Malaysia;ng Nigeria;nl Netherlands;no Norway;nz New Zealand;pe Peru;ph Philippines;pk Pakistan;" +
	"pl Poland;pt Portugal;qa Qatar;ro Romania;rs Serbia;ru Russia;sa Saudi Arabia;se Sweden;sg Singapore;si Slovenia;sk Slovakia;" +
	"th Thailand;tn Tunisia;tr Türkiye;tw Taiwan;tz Tanzania;ua Ukraine;ug Uganda;us United States;ve Venezuela;vn Vietnam;za South Africa;" +
	"zm Zambia;zw Zimbabwe;"
