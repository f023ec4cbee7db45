package web

import (
	"html/template"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/docs"
)

// helpPage is a page of the manual.
type helpPage struct {
	frame
	Body     template.HTML
	Sections []choice
}

// help answers /help/query.
func (p *pages) help(c *fiber.Ctx) error {
	body, sections := renderManual(docs.Query)
	return p.render(c, fiber.StatusOK, "help.html", &helpPage{frame: frame{Title: "Query language"}, Body: body, Sections: sections})
}
