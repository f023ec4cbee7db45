package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// pageFacets lists the facets in the order in which the page shows them.
func pageFacets() []string {
	return []string{
		news.FacetDate, news.FacetSource, news.FacetPerson, news.FacetPlace, news.FacetOrganization,
		news.FacetSection, news.FacetLanguage, news.FacetAuthor, news.FacetCountry, news.FacetVia,
	}
}

// The page's own parameters: the facet that is shown at length, and what the
// names of its values must hold.
const (
	paramMore = "more"
	paramFind = "find"
)

// How many values of a facet are shown at length, and searched for what they
// must hold.
const (
	longFacet    = 100
	searchedSize = news.MaxFacetSize
)

// search answers /: the search that the URL's parameters ask for, or else the
// front page.
func (p *pages) search(c *fiber.Ctx) error {
	values := known(c)
	if len(values) == 0 {
		return p.front(c)
	}
	v := newView(values, p.deps.Now())
	q, err := parse(values, p.deps.Now())
	var result *news.Result
	if err == nil {
		result, err = p.deps.Search(c.UserContext(), q)
	}
	if err == nil {
		v.show(q, result)
		return p.render(c, fiber.StatusOK, "search.html", v)
	}
	if v.Error = problem(err, v.Query); v.Error == nil {
		return err
	}
	status := fiber.StatusBadRequest
	if _, costly := errors.AsType[*news.CostError](err); costly {
		status = fiber.StatusUnprocessableEntity
	}
	return p.render(c, status, "search.html", v)
}

// parse reads the search that a page's URL asks for.
func parse(values url.Values, now time.Time) (news.Query, error) {
	asked := clone(values)
	asked.Del(paramMore)
	asked.Del(paramFind)
	asked.Set(param.Facets, strings.Join(pageFacets(), ","))
	asked.Set(param.HighlightOn, "true")
	if asked.Get(param.SortBy) == "" && strings.TrimSpace(asked.Get(param.Q)) == "" {
		asked.Set(param.SortBy, string(news.SortNewest))
	}
	q, err := param.ParseAt(asked, now)
	for i := range q.Facets {
		if q.Facets[i].Name != values.Get(paramMore) {
			continue
		}
		if q.Facets[i].Size = longFacet; values.Get(paramFind) != "" {
			q.Facets[i].Size = searchedSize
		}
	}
	return q, err
}

// known returns the URL's parameters without those that mean nothing to us,
// such as the marks that mailers add to links.
func known(c *fiber.Ctx) url.Values {
	own := ownParams()
	names := slices.DeleteFunc(append(param.Names(), paramMore, paramFind), func(name string) bool { return slices.Contains(own, name) })
	values := url.Values{}
	c.Context().QueryArgs().VisitAll(func(key, value []byte) {
		name := string(key)
		if slices.Contains(names, name) && len(value) > 0 {
			values.Add(name, string(value))
		}
	})
	return values
}

// ownParams lists what is decided by the page, not by its URL.
func ownParams() []string {
	return []string{
		param.Facets, param.FacetSize, param.HighlightOn, param.PreTag, param.PostTag, param.FieldsName, param.Explain,
		param.FragmentSize, param.Fragments,
	}
}

// viewError is what is wrong with a search. Before and After are the query as it
// was typed, cut where the trouble begins.
type viewError struct{ Message, Before, After string }

// problem says what is wrong with a search whose query is text; nil if it is not
// the visitor's to put right.
func problem(err error, text string) *viewError {
	if syntax, ok := errors.AsType[*query.SyntaxError](err); ok {
		at := syntaxOffset(syntax, text)
		return &viewError{"The query cannot be read: " + syntax.Problem + "; expected " + syntax.Expected + ".", text[:at], text[at:]}
	}
	if bad, ok := errors.AsType[*news.ParamError](err); ok {
		return &viewError{Message: bad.Error()}
	}
	if costly, ok := errors.AsType[*news.CostError](err); ok {
		return &viewError{Message: "The search was not run: " + costly.Error() + "."}
	}
	switch {
	case errors.Is(err, news.ErrTooDeep):
		return &viewError{Message: "This is as deep as paging goes. Narrow the search, or sort it the other way round."}
	case errors.Is(err, news.ErrCursorExpired):
		return &viewError{Message: "This page of results has expired. Search again."}
	}
	return nil
}

// syntaxOffset is where in text, of which the parser saw no blanks around it, the
// trouble begins; always between two characters.
func syntaxOffset(err *query.SyntaxError, text string) int {
	at := err.Offset + len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	at = min(max(at, 0), len(text))
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}
