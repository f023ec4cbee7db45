// Package web is the pages: a search page rendered on the server that works
// without JavaScript, keeps all its state in the URL, and loads nothing from
// elsewhere.
//
// It knows no store and no engine; a search goes through [Deps.Search] with the
// parameters of the API. Start reading at [New]; what a page shows is built in
// view.go, its links in links.go.
package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed static
var static embed.FS

// policy lets a page load nothing but its own stylesheet and icon, run no
// script, and be framed by nobody.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Deps are what the pages need.
type Deps struct {
	// Search answers a query; its errors are those of news.Index.
	Search func(ctx context.Context, q news.Query) (*news.Result, error)
	// Version is shown at the foot of each page.
	Version string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

type pages struct {
	deps  Deps
	tmpl  *template.Template
	asset map[string]string // file name -> path with the hash of its contents
	files map[string][]byte // path -> contents
}

// New returns what mounts the pages below a router. It fails only if what is
// embedded is broken.
func New(deps Deps) (func(fiber.Router), error) {
	p := &pages{deps: deps, asset: map[string]string{}, files: map[string][]byte{}}
	if p.deps.Now == nil {
		p.deps.Now = time.Now
	}
	var err error
	p.tmpl, err = template.New("").Funcs(template.FuncMap{"asset": func(name string) string { return p.asset[name] }}).ParseFS(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	if err := p.readStatic(); err != nil {
		return nil, err
	}
	return p.mount, nil
}

func (p *pages) mount(r fiber.Router) {
	for path, text := range p.files {
		r.Get(path, func(c *fiber.Ctx) error {
			c.Set(fiber.HeaderContentType, contentType(path))
			c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
			return c.Send(text)
		})
	}
	r.Get("/", p.search)
}

// readStatic takes the embedded files in under paths that change with their
// contents, so that browsers may keep them forever.
func (p *pages) readStatic() error {
	entries, err := static.ReadDir("static")
	if err != nil {
		return fmt.Errorf("read static files: %w", err)
	}
	for _, e := range entries {
		text, err := static.ReadFile("static/" + e.Name())
		if err != nil {
			return fmt.Errorf("read static files: %w", err)
		}
		sum := sha256.Sum256(text)
		path := "/static/" + hex.EncodeToString(sum[:6]) + "/" + e.Name()
		p.asset[e.Name()], p.files[path] = path, text
	}
	return nil
}

func contentType(name string) string {
	if strings.HasSuffix(name, ".css") {
		return "text/css; charset=utf-8"
	}
	return "image/svg+xml"
}

// pageFacets are the facets in the order in which the page shows them.
var pageFacets = []string{
	news.FacetDate, news.FacetSource, news.FacetPerson, news.FacetPlace, news.FacetOrganization,
	news.FacetSection, news.FacetLanguage, news.FacetVia,
}

// search shows the search page for the URL's parameters.
func (p *pages) search(c *fiber.Ctx) error {
	values := known(c)
	v := newView(values, p.deps.Now())
	v.Version = p.deps.Version
	q, err := parse(values, p.deps.Now())
	var result *news.Result
	if err == nil {
		result, err = p.deps.Search(c.UserContext(), q)
	}
	status := fiber.StatusOK
	if err != nil {
		if status = v.fail(err); status >= fiber.StatusInternalServerError {
			return err // the server logs it and answers
		}
	} else {
		v.show(q, result)
	}
	return p.render(c, status, "search.html", v)
}

// parse reads the search that a page's URL asks for.
func parse(values url.Values, now time.Time) (news.Query, error) {
	asked := clone(values)
	asked.Set(param.Facets, strings.Join(pageFacets, ","))
	asked.Set(param.HighlightOn, "true")
	if asked.Get(param.SortBy) == "" && strings.TrimSpace(asked.Get(param.Q)) == "" {
		asked.Set(param.SortBy, string(news.SortNewest))
	}
	return param.ParseAt(asked, now)
}

// known returns the URL's parameters without those that mean nothing to us,
// such as the marks that mailers add to links.
func known(c *fiber.Ctx) url.Values {
	names := param.Names()
	values := url.Values{}
	c.Context().QueryArgs().VisitAll(func(key, value []byte) {
		name := string(key)
		if slices.Contains(names, name) && !slices.Contains(ownParams, name) && len(value) > 0 {
			values.Add(name, string(value))
		}
	})
	return values
}

// ownParams are decided by the page, not by its URL.
var ownParams = []string{
	param.Facets, param.FacetSize, param.HighlightOn, param.PreTag, param.PostTag, param.FieldsName, param.Explain,
	param.FragmentSize, param.Fragments,
}

func (p *pages) render(c *fiber.Ctx, status int, name string, data any) error {
	var b bytes.Buffer
	if err := p.tmpl.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentSecurityPolicy, policy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.Status(status).Send(b.Bytes())
}

// fail shows what is wrong with the search and returns the status. Errors that
// are not the visitor's leave the view untouched.
func (v *view) fail(err error) int {
	var syntax *query.SyntaxError
	var bad *news.ParamError
	switch {
	case errors.As(err, &syntax):
		text := v.Query
		at := min(max(syntax.Offset, 0), len(text))
		v.Error = &viewError{Message: "The query cannot be read: " + syntax.Problem + "; expected " + syntax.Expected + ".", Before: text[:at], After: text[at:]}
	case errors.As(err, &bad):
		v.Error = &viewError{Message: bad.Error()}
	case errors.Is(err, news.ErrTooDeep):
		v.Error = &viewError{Message: "This is as deep as paging goes. Narrow the search, or sort it the other way round."}
	case errors.Is(err, news.ErrCursorExpired):
		v.Error = &viewError{Message: "This page of results has expired. Search again."}
	default:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}
