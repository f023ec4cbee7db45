package param

import (
	"strings"
	"time"

	"broadsheet.example/news/query"
)

// dateForms tells people how from and to are written.
const dateForms = "is not a date; write a day (2024-04-18), a time (2024-04-18T19:04:00Z), or an age: 7d, now-7d or P7D"

// dates reads from and to. A day, month or year in to is meant up to its end, a
// time up to that time.
func (p *parser) dates() error {
	from, err := p.one(From)
	if err != nil {
		return err
	}
	to, err := p.one(To)
	if err != nil {
		return err
	}
	if p.query.From, err = p.instant(From, query.Dates{From: bound(from)}); err != nil {
		return err
	}
	end := query.Dates{Through: bound(to)}
	if strings.Contains(to, "T") {
		end = query.Dates{Before: bound(to)}
	}
	p.query.To, err = p.instant(To, end)
	return err
}

// instant resolves the one bound that is set in d.
func (p *parser) instant(name string, d query.Dates) (time.Time, error) {
	written := d.From + d.Through + d.Before
	if written == "now" {
		return p.query.Now, nil
	}
	if t, err := time.ParseInLocation("2006-01-02T15:04:05", written, p.location()); err == nil {
		return t, nil
	}
	span, err := d.Resolve(p.query.Now, p.location())
	if err != nil {
		return time.Time{}, invalid(name, written, dateForms)
	}
	if name == From {
		return span.From, nil
	}
	return span.To, nil
}

func (p *parser) location() *time.Location {
	if p.query.Zone == nil {
		return time.UTC
	}
	return p.query.Zone
}

// bound spells a date of the API as the query language does: now-7d and P7D are
// 7d, PT24H is 24h. A plus sign that the URL turned into a blank is put back.
func bound(s string) string {
	if age, ok := strings.CutPrefix(s, "now-"); ok {
		return age
	}
	if hours, ok := strings.CutPrefix(s, "PT"); ok && strings.HasSuffix(hours, "H") {
		return strings.ToLower(hours)
	}
	if age, ok := strings.CutPrefix(s, "P"); ok {
		return strings.ToLower(age)
	}
	if at := len(s) - len(" 02:00"); at > 0 && s[at] == ' ' {
		return s[:at] + "+" + s[at+1:]
	}
	return s
}
