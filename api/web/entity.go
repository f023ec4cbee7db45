package web

import (
	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
)

// entityPage is what is known of somebody or something named in the news.
type entityPage struct {
	frame
	overview
	Name, Kind, Country string
}

// entity answers /entities/{id}.
func (p *pages) entity(c *fiber.Ctx) error {
	id := c.Params("id")
	if !news.IsEntityID(id) {
		return news.ErrNotFound
	}
	found, err := p.deps.Archive.Entities(c.UserContext(), id)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return news.ErrNotFound
	}
	e := found[0]
	e.Name = firstOf(e.Name, e.ID)
	o, err := p.overview(c.UserContext(), string(e.Type), e.ID,
		news.FacetPerson, news.FacetPlace, news.FacetOrganization, news.FacetSource)
	if err != nil {
		return err
	}
	return p.render(c, fiber.StatusOK, "entity.html", &entityPage{
		frame: frame{Title: e.Name, Feed: o.Outputs[0].Href}, overview: o, Name: e.Name, Kind: kindName(e.Type), Country: countryName(e.Country),
	})
}

func kindName(t news.EntityType) string {
	switch t {
	case news.Person:
		return "Person"
	case news.Place:
		return "Place"
	case news.Organization:
		return "Organization"
	default:
		return "Named"
	}
}
