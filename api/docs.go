package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// What of the document the page at /docs shows.
type (
	docFile struct {
		Info  struct{ Title, Description string }
		Tags  []struct{ Name, Description string }
		Paths map[string]map[string]docRoute
		// Parameters stand here once for many routes.
		Components struct{ Parameters map[string]docParameter }
	}
	docRoute struct {
		Summary, Description string
		Tags                 []string
		Parameters           []docParameter
		Responses            map[string]json.RawMessage
	}
	docParameter struct {
		Ref                   string `json:"$ref"`
		Name, In, Description string
		Required              bool
		Schema                docSchema
	}
	docSchema struct {
		Type    any
		Enum    []any
		Default any
		Minimum *int
		Maximum *int
		Items   *docSchema
	}
	docEntry struct {
		Method, Path string
		docRoute
	}
	docGroup struct {
		Name, Description string
		Entries           []docEntry
	}
)

// Values says which values a parameter takes.
func (p docParameter) Values() string {
	schema := p.Schema
	if schema.Items != nil {
		schema = *schema.Items
	}
	var parts []string
	for _, v := range schema.Enum {
		parts = append(parts, fmt.Sprint(v))
	}
	out := strings.Join(parts, ", ")
	if schema.Minimum != nil && schema.Maximum != nil {
		out = fmt.Sprintf("%d to %d", *schema.Minimum, *schema.Maximum)
	}
	if p.Schema.Default != nil {
		out = strings.TrimPrefix(out+"; by default "+fmt.Sprint(p.Schema.Default), "; ")
	}
	return out
}

// Statuses lists the statuses that a route answers with.
func (r docRoute) Statuses() string {
	var list []string
	for status := range r.Responses {
		list = append(list, status)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// docsPage is the document as a page of its own, without scripts and without
// anything from elsewhere.
const docsPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Info.Title}}: the API</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
code { font-size: .95em } summary { cursor: pointer; padding: .3rem 0 } table { border-collapse: collapse; width: 100% }
td, th { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-top: 1px solid #8884 } small { opacity: .75 }
</style></head><body>
<h1>{{.Info.Title}}: the API</h1>
<p>{{.Info.Description}}</p>
<p>The whole truth, for programs: <a href="/openapi.json">/openapi.json</a></p>
{{range .Groups}}<h2>{{.Name}}</h2>{{with .Description}}<p>{{.}}</p>{{end}}
{{range .Entries}}<details><summary><code>{{.Method}} {{.Path}}</code> {{.Summary}}</summary>
{{with .Description}}<p>{{.}}</p>{{end}}
{{with .Parameters}}<table><tr><th>Parameter<th>Means<th>Values</tr>
{{range .}}<tr><td><code>{{.Name}}</code>{{if .Required}} <small>required</small>{{end}}<td>{{.Description}}<td>{{.Values}}</tr>
{{end}}</table>{{end}}<p><small>Answers {{.Statuses}}</small></p></details>
{{end}}{{end}}</body></html>
`

// writeDocs makes the page from the document.
func writeDocs(document []byte) ([]byte, error) {
	var file docFile
	if err := json.Unmarshal(document, &file); err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	page, err := template.New("docs").Parse(docsPage)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, map[string]any{"Info": file.Info, "Groups": file.groups()}); err != nil {
		return nil, fmt.Errorf("write page: %w", err)
	}
	return b.Bytes(), nil
}

// groups sorts the routes under their tags, in the order of these.
func (f docFile) groups() []docGroup {
	groups := make([]docGroup, len(f.Tags))
	for i, tag := range f.Tags {
		groups[i] = docGroup{Name: tag.Name, Description: tag.Description}
	}
	for path, methods := range f.Paths {
		for method, route := range methods {
			for i, p := range route.Parameters {
				if known, ok := f.Components.Parameters[p.Ref[strings.LastIndexByte(p.Ref, '/')+1:]]; ok {
					route.Parameters[i] = known
				}
			}
			at := slices.IndexFunc(groups, func(g docGroup) bool { return slices.Contains(route.Tags, g.Name) })
			if at >= 0 {
				groups[at].Entries = append(groups[at].Entries, docEntry{strings.ToUpper(method), path, route})
			}
		}
	}
	for _, g := range groups {
		slices.SortFunc(g.Entries, func(a, b docEntry) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	}
	return groups
}

// docs answers GET /docs.
func (s *Server) docs(c *fiber.Ctx) error {
	text, err := writeDocs(document)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'unsafe-inline'")
	return c.Send(text)
}
