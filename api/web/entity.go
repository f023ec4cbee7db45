package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
)

// entityPage is what is known of somebody or something named in the news.
type entityPage struct {
	frame
	overview
	Name, Kind, Country string
	Aliases             []string // what people have said it is called, too
	Map                 *worldMap
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
	if e.ID != id { // merged into another
		return c.Redirect("/entities/"+e.ID, fiber.StatusFound)
	}
	e.Name = firstOf(e.Name, e.ID)
	o, err := p.overview(c.UserContext(), string(e.Type), e.ID,
		news.FacetPerson, news.FacetPlace, news.FacetOrganization, news.FacetSource)
	if err != nil {
		return err
	}
	page := &entityPage{
		frame: frame{Title: e.Name, Feed: o.Outputs[0].Href}, overview: o, Name: e.Name, Kind: kindName(e.Type), Country: countryName(e.Country),
		Map: newWorldMap(e.Name, o.Location),
	}
	if page.Aliases, err = p.aliases(c.UserContext(), e.ID); err != nil {
		return err
	}
	return p.render(c, fiber.StatusOK, "entity.html", page)
}

// aliases lists what people have said the entity is called, too.
func (p *pages) aliases(ctx context.Context, id string) ([]string, error) {
	rulings, err := p.deps.Archive.Rulings(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, a := range rulings.Aliases(id) {
		if a.Name != "" {
			names = append(names, a.Name)
		}
	}
	return names, nil
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
