package param

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // time zones by name must work on a machine that has none
	"unicode/utf8"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// Limits of the parameters, besides those of [news.Query].
const (
	MaxValue        = 256   // bytes of one value of a list
	MaxTag          = 64    // bytes of preTag and postTag
	MaxCursor       = 2048  // bytes of a cursor
	MaxFragmentSize = 1_000 // characters
	MaxFragments    = 10
	maxPage         = 1_000_000 // beyond any depth; keeps the offset from overflowing
)

// Parse reads a search from the parameters of a URL. The query comes back
// complete (its defaults set) and valid. It fails with a [*news.ParamError], a
// [*query.SyntaxError] for q, or [news.ErrTooDeep].
//
// Highlight.Pre and Highlight.Post are as the caller of the API wants them: who
// shows highlights as HTML must set its own.
func Parse(values url.Values) (news.Query, error) { return ParseAt(values, time.Now()) }

// ParseAt is [Parse] at the time now, which relative dates are measured from.
func ParseAt(values url.Values, now time.Time) (news.Query, error) {
	given, err := collect(values)
	if err != nil {
		return news.Query{}, err
	}
	return (&parser{given: given}).parse(now)
}

// Search is a query and what concerns its reply alone.
type Search struct {
	news.Query
	// CountsAlone says that pageSize=0 was given: the reply is to hold no hits.
	// Since no query asks for none, Size is 1 then.
	CountsAlone bool
	// EntityFacet is the facet that was asked for as entity, when entityType was
	// given: the reply calls it entity.
	EntityFacet string
}

// ParseSearch is [Parse] for who understands pageSize=0.
func ParseSearch(values url.Values) (Search, error) {
	given, err := collect(values)
	if err != nil {
		return Search{}, err
	}
	s := Search{CountsAlone: slices.Equal(given[PageSize], []string{"0"})}
	if s.CountsAlone {
		given[PageSize] = []string{"1"}
		given[HighlightOn] = []string{"false"}
	}
	p := parser{given: given}
	s.Query, err = p.parse(time.Now())
	s.EntityFacet = p.entities
	return s, err
}

// ParseNarrow is [Parse] for what shows articles in its own way: it takes the
// parameters that say which articles are meant, those named in also, and no
// others.
func ParseNarrow(values url.Values, also ...string) (news.Query, error) {
	given, err := narrow(values, also)
	if err != nil {
		return news.Query{}, err
	}
	return (&parser{given: given}).parse(time.Now())
}

// ParseCounts is [ParseNarrow] for what shows the counts of these facets, whose
// size and interval may be given.
func ParseCounts(values url.Values, facets ...string) (news.Query, error) {
	var also []string
	if slices.Contains(facets, news.FacetDate) {
		also = append(also, Interval)
	}
	if len(facets) > 1 || len(also) == 0 {
		also = append(also, FacetSize)
	}
	given, err := narrow(values, also)
	if err != nil {
		return news.Query{}, err
	}
	given[Facets] = facets
	return (&parser{given: given}).parse(time.Now())
}

func narrow(values url.Values, also []string) (map[string][]string, error) {
	given, err := collect(values)
	if err != nil {
		return nil, err
	}
	known := slices.Concat(also, narrowing())
	for name := range given {
		if !slices.Contains(known, name) {
			return nil, &news.ParamError{Param: name, Reason: "has no meaning here; there are " + strings.Join(known, ", ")}
		}
	}
	return given, nil
}

// parse reads all that was given, at the time now.
func (p *parser) parse(now time.Time) (news.Query, error) {
	p.query.Now = now
	p.query.Highlight.On = true
	for _, step := range []func(*parser) error{
		(*parser).zone, (*parser).dates, (*parser).expression, (*parser).domains, (*parser).entityType, (*parser).filters,
		(*parser).choices, (*parser).paging, (*parser).facets, (*parser).highlight, (*parser).fields,
	} {
		if err := step(p); err != nil {
			return news.Query{}, err
		}
	}
	p.query.SetDefaults()
	return p.query, p.query.Validate()
}

// collect gathers the values under canonical names.
func collect(values url.Values) (map[string][]string, error) {
	names := allNames()
	given := make(map[string][]string, len(values))
	for _, name := range sortedNames(values) {
		known, ok := canonical(name, names)
		if !ok {
			return nil, &news.ParamError{Param: clip(name), Reason: unknown("parameter", name, names)}
		}
		for _, v := range values[name] {
			if !utf8.ValidString(v) {
				return nil, invalid(known, "", "is not UTF-8")
			}
			given[known] = append(given[known], v)
		}
	}
	return given, nil
}

// sortedNames makes the order of errors, and of values under several spellings
// of one name, a steady one.
func sortedNames(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// clip keeps what a message repeats of a caller's text short.
func clip(s string) string {
	const longest = 60
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest], "") + "…"
}

// parser fills query from what was given.
type parser struct {
	given map[string][]string
	query news.Query
	// entities is the facet that entity means, when entityType was given.
	entities string
}

func invalid(name, value, reason string) error {
	return &news.ParamError{Param: name, Value: clip(value), Reason: reason}
}

// raw returns the only value of the parameter as it is, "" when not given.
func (p *parser) raw(name string) (string, error) {
	switch v := p.given[name]; len(v) {
	case 0:
		return "", nil
	case 1:
		return v[0], nil
	default:
		return "", invalid(name, "", "is given more than once")
	}
}

// one returns the only value without blanks around it, "" when not given.
func (p *parser) one(name string) (string, error) {
	s, err := p.raw(name)
	return strings.TrimSpace(s), err
}

// list returns the values of a comma list, and apart those with a minus sign.
func (p *parser) list(name string) (values, excluded []string, err error) {
	for _, v := range p.given[name] {
		items, ok := splitList(v)
		if !ok {
			return nil, nil, invalid(name, v, `has quotes that are never closed`)
		}
		for _, it := range items {
			if len(it.text) > MaxValue {
				return nil, nil, invalid(name, it.text, "is too long: a value has at most 256 bytes")
			}
			if it.excluded {
				excluded = appendNew(excluded, it.text)
			} else {
				values = appendNew(values, it.text)
			}
		}
	}
	if len(values)+len(excluded) > news.MaxFilterVals {
		return nil, nil, invalid(name, "", "has more than 100 values")
	}
	return values, excluded, nil
}

// plainList is a list in which a minus sign has no meaning.
func (p *parser) plainList(name string) ([]string, error) {
	values, excluded, err := p.list(name)
	if err == nil && len(excluded) > 0 {
		err = invalid(name, "-"+excluded[0], "cannot be excluded here")
	}
	return values, err
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// number returns a whole number between least and most, 0 when not given.
func (p *parser) number(name string, least, most int) (int, error) {
	s, err := p.one(name)
	if err != nil || s == "" {
		return 0, err
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, invalid(name, s, "must be a whole number between "+strconv.Itoa(least)+" and "+strconv.Itoa(most))
	}
	return n, nil
}

// flag returns true or false, and what was there before when not given.
func (p *parser) flag(name string, before bool) (bool, error) {
	s, err := p.one(name)
	if err != nil || s == "" {
		return before, err
	}
	on, err := strconv.ParseBool(s)
	if err != nil {
		return before, invalid(name, s, "must be true or false")
	}
	return on, nil
}

// choose returns the one of choices that was given, "" when none was.
func choose[T ~string](p *parser, name string, choices ...T) (T, error) {
	s, err := p.one(name)
	if err != nil || s == "" {
		return "", err
	}
	known := make([]string, len(choices))
	for i, c := range choices {
		if strings.EqualFold(s, string(c)) {
			return c, nil
		}
		known[i] = string(c)
	}
	return "", invalid(name, s, "must be one of "+strings.Join(known, ", "))
}

// text returns a value of at most limit bytes.
func (p *parser) text(name string, limit int) (string, error) {
	s, err := p.raw(name)
	if err == nil && len(s) > limit {
		err = invalid(name, s, "is too long: at most "+strconv.Itoa(limit)+" bytes")
	}
	return s, err
}

// expression reads q as it is, since errors count its bytes.
func (p *parser) expression() error {
	s, err := p.raw(Q)
	if err != nil {
		return err
	}
	p.query.Expr, err = query.Parse(s)
	return err
}
