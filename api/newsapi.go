package api

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// The routes below /v2 speak NewsAPI's dialect, so that its clients work when
// their base URL is changed: its names, its limits, its shapes and its errors.
const (
	newsAPIPrefix  = "/v2/"
	newsAPIKey     = "apiKey" // the parameter in which its clients may give their key
	newsAPISources = 20       // values of sources
	newsAPIText    = 200      // characters of content
	newsAPIGeneral = "general"
	pageOfAll      = "100" // default page sizes
	pageOfTop      = "20"
)

// newsAPIError is the body of every error below /v2.
type newsAPIError struct {
	Status  string `json:"status"`
	Code    Code   `json:"code"`
	Message string `json:"message"`
}

// newsAPIErrorOf tells a problem in NewsAPI's words.
func newsAPIErrorOf(p *Problem) newsAPIError {
	code := p.Code
	switch code {
	case CodeQuerySyntax, CodeRequestInvalid, CodeTooCostly:
		code = CodeParameterInvalid
	case CodeUnavailable, CodeTimeout:
		code = CodeUnexpected
	default: // NewsAPI has the same word, or none
	}
	return newsAPIError{"error", code, p.Detail}
}

type newsAPIReply struct {
	Status       string           `json:"status"`
	TotalResults int              `json:"totalResults"`
	Articles     []newsAPIArticle `json:"articles"`
}

type newsAPIArticle struct {
	Source      newsAPIRef `json:"source"`
	Author      *string    `json:"author"`
	Title       string     `json:"title"`
	Description *string    `json:"description"`
	URL         string     `json:"url"`
	Image       *string    `json:"urlToImage"`
	PublishedAt time.Time  `json:"publishedAt"`
	Content     *string    `json:"content"`
}

type newsAPIRef struct {
	ID   *string `json:"id"`
	Name string  `json:"name"`
}

// everythingV2 answers GET /v2/everything.
func (s *Server) everythingV2(c *fiber.Ctx) error {
	given, err := newsAPIValues(c, "q", "qInTitle", "searchIn", "sources", "domains", "excludeDomains", "from", "to", "language", "sortBy", "pageSize", "page")
	if err != nil {
		return err
	}
	if !anyOf(given, "q", "qInTitle", "sources", "domains") {
		return problem(fiber.StatusBadRequest, CodeParameterMissing, "Required parameters are missing, the scope of your search is too broad. "+
			"Please set any of the following required parameters and try again: q, qInTitle, sources, domains.")
	}
	switch strings.ToLower(given.Get("sortBy")) {
	case "":
		given.Set("sortBy", "publishedAt")
	case "popularity": // nothing here is known to be popular
		given.Set("sortBy", "relevancy")
	}
	return s.answerV2(c, given, pageOfAll)
}

// topHeadlinesV2 answers GET /v2/top-headlines: what is newest, each story once.
func (s *Server) topHeadlinesV2(c *fiber.Ctx) error {
	given, err := newsAPIValues(c, "q", "qInTitle", "sources", "language", "country", "category", "pageSize", "page")
	if err != nil {
		return err
	}
	switch {
	case !anyOf(given, "q", "qInTitle", "sources", "language", "country", "category"):
		return problem(fiber.StatusBadRequest, CodeParameterMissing, "Required parameters are missing. "+
			"Please set any of the following parameters and try again: sources, q, language, country, category.")
	case anyOf(given, "sources") && anyOf(given, "country", "category"):
		return problem(fiber.StatusBadRequest, CodeIncompatible, "You cannot mix the sources parameter with the country or category parameters.")
	}
	if strings.EqualFold(given.Get("category"), newsAPIGeneral) {
		given.Del("category")
	}
	given.Set("sortBy", "publishedAt")
	given.Set(param.Collapse, string(news.CollapseDuplicates))
	return s.answerV2(c, given, pageOfTop)
}

// newsAPIValues returns the parameters that were given, in their own spelling
// whatever the caller's was.
func newsAPIValues(c *fiber.Ctx, names ...string) (url.Values, error) {
	values, err := parameters(c)
	if err != nil {
		return nil, err
	}
	given := url.Values{}
	for name, list := range values {
		at := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
		switch {
		case strings.EqualFold(name, newsAPIKey):
		case at < 0:
			return nil, unknownName("parameter", name, names)
		case len(list) > 1 || given.Has(names[at]):
			return nil, &news.ParamError{Param: name, Reason: "is given more than once"}
		case strings.TrimSpace(list[0]) != "":
			given.Set(names[at], list[0])
		}
	}
	return given, nil
}

func anyOf(given url.Values, names ...string) bool {
	return slices.ContainsFunc(names, given.Has)
}

// answerV2 searches and answers in NewsAPI's shape.
func (s *Server) answerV2(c *fiber.Ctx, given url.Values, size string) error {
	if n := len(strings.Split(given.Get("sources"), ",")); n > newsAPISources {
		return problem(fiber.StatusBadRequest, CodeSourcesTooMany, fmt.Sprintf("You have requested %d sources; at most %d can be given.", n, newsAPISources))
	}
	if !given.Has(param.PageSize) {
		given.Set(param.PageSize, size)
	}
	q, err := newsAPIQuery(given)
	if err != nil {
		return err
	}
	index, err := s.index()
	if err != nil {
		return err
	}
	result, err := index.Search(c.UserContext(), q)
	if err != nil {
		return err
	}
	if result.Total == 0 && given.Has("sources") {
		if err := s.wantSources(c.UserContext(), given.Get("sources")); err != nil {
			return err
		}
	}
	reply := newsAPIReply{statusOK, result.Total, make([]newsAPIArticle, len(result.Hits))}
	for i, h := range result.Hits {
		reply.Articles[i] = newsAPIArticleOf(s.outward(h.Article))
	}
	return c.JSON(reply)
}

// newsAPIQuery reads the parameters as those of a search. Words for the title go
// by the same rules as others, unless there are both.
func newsAPIQuery(given url.Values) (news.Query, error) {
	title := given.Get("qInTitle")
	given.Del("qInTitle")
	alone := title != "" && !given.Has("q")
	if alone {
		given.Set("q", title)
		given.Set("searchIn", "title")
	}
	q, err := param.Parse(given)
	q.Highlight.On = false
	if err != nil || title == "" || alone {
		return q, err
	}
	for _, w := range words(title) {
		q.Expr = both(q.Expr, query.Word{Field: query.FieldTitle, Text: w})
	}
	return q, nil
}

// wantSources refuses sources that nobody knows.
func (s *Server) wantSources(ctx context.Context, list string) error {
	known, err := s.deps.Store.Sources(ctx)
	if err != nil {
		return err
	}
	for id := range strings.SplitSeq(list, ",") {
		id = strings.TrimSpace(id)
		if !slices.ContainsFunc(known, func(k news.Source) bool { return k.ID == id }) {
			return problem(fiber.StatusBadRequest, CodeNoSource, fmt.Sprintf("You have requested a source which does not exist: %s. See /v2/top-headlines/sources.", clip(id)))
		}
	}
	return nil
}

func newsAPIArticleOf(a news.Article) newsAPIArticle {
	return newsAPIArticle{
		Source: newsAPIRef{orNull(a.Source.ID), a.Source.Name}, Author: orNull(strings.Join(a.Authors, ", ")), Title: a.Title,
		Description: orNull(a.Description), URL: a.URL, Image: orNull(a.ImageURL),
		PublishedAt: a.PublishedAt.UTC().Truncate(time.Second), Content: orNull(cutText(a.Content)),
	}
}

// cutText cuts a text as NewsAPI does, and says how much is missing.
func cutText(text string) string {
	letters := []rune(text)
	if len(letters) <= newsAPIText {
		return text
	}
	return fmt.Sprintf("%s… [+%d chars]", string(letters[:newsAPIText]), len(letters)-newsAPIText)
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

type newsAPISourcesReply struct {
	Status  string          `json:"status"`
	Sources []newsAPISource `json:"sources"`
}

type newsAPISource struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	URL         string `json:"url"`
	Category    string `json:"category"`
	Language    string `json:"language"`
	Country     string `json:"country"`
}

// sourcesV2 answers GET /v2/top-headlines/sources, and /v2/sources as it was
// called before. Every publisher's category is general.
func (s *Server) sourcesV2(c *fiber.Ctx) error {
	given, err := newsAPIValues(c, "category", "language", "country")
	if err != nil {
		return err
	}
	list, err := s.deps.Store.Sources(c.UserContext())
	if err != nil {
		return err
	}
	reply := newsAPISourcesReply{statusOK, []newsAPISource{}}
	for _, src := range list {
		if src.URL == "" && s.deps.Site != nil {
			src.URL = s.deps.Site(src.ID)
		}
		one := newsAPISource{src.ID, src.Name, "", src.URL, newsAPIGeneral, src.Language, src.Country}
		if wanted(given, "category", one.Category) && wanted(given, "language", one.Language) && wanted(given, "country", one.Country) {
			reply.Sources = append(reply.Sources, one)
		}
	}
	return c.JSON(reply)
}

// wanted reports whether the value is what was asked for, if anything was.
func wanted(given url.Values, name, value string) bool {
	return !given.Has(name) || strings.EqualFold(given.Get(name), value)
}

// words cuts a text at everything that is no letter, digit or mark.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}
