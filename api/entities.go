package api

import (
	"context"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// namedEntity is an entity and how many articles name it.
type namedEntity struct {
	ID       string          `json:"id"`
	Type     news.EntityType `json:"type,omitempty"`
	Name     string          `json:"name"`
	Country  string          `json:"country,omitempty"`
	Articles int             `json:"articles"`
	// Location is where a place lies, as the newest of the articles say.
	Location *news.Location `json:"location,omitempty"`
	// Aliases are the entities that were merged into this one.
	Aliases []news.Alias `json:"aliases,omitempty"`
}

type entitiesReply struct {
	Status       string        `json:"status"`
	TotalResults int           `json:"totalResults"`
	Entities     []namedEntity `json:"entities"`
	OtherCount   int           `json:"otherCount"`
}

// entities answers GET and POST /v1/entities: who and what the articles of a search name,
// most often named first.
func (s *Server) entities(c *fiber.Ctx) error {
	values, err := searchParameters(c)
	if err != nil {
		return err
	}
	facet, err := entityFacet(values)
	if err != nil {
		return err
	}
	q, err := param.ParseCounts(values, facet)
	if err != nil {
		return err
	}
	result, err := s.count(c.UserContext(), q, 1)
	if err != nil {
		return err
	}
	found := result.Facets[facet]
	list, err := s.named(c.UserContext(), found.Buckets)
	if err != nil {
		return err
	}
	return c.JSON(entitiesReply{statusOK, result.Total, list, found.Other})
}

// entityFacet takes type, or entityType as searches call it, out of the
// parameters, and returns the facet of those entities.
func entityFacet(values url.Values) (string, error) {
	given := slices.Concat(values[entityKind], values[param.EntityType])
	delete(values, entityKind)
	delete(values, param.EntityType)
	kind, err := single(url.Values{entityKind: given}, entityKind)
	if err != nil {
		return "", err
	}
	switch kind {
	case "":
		return news.FacetEntity, nil
	case news.FacetPerson, news.FacetPlace, news.FacetOrganization:
		return kind, nil
	}
	return "", &news.ParamError{Param: entityKind, Value: clip(kind), Reason: "must be person, place or organization"}
}

// entityKind is the parameter that says of which type the entities are to be.
const entityKind = "type"

// witnesses is how many of the newest articles are asked where a place lies.
const witnesses = 10

// count runs a search for its counts, and its newest hits.
func (s *Server) count(ctx context.Context, q news.Query, hits int) (*news.Result, error) {
	index, err := s.index()
	if err != nil {
		return nil, err
	}
	q.Size, q.Offset, q.Cursor, q.Highlight.On = hits, 0, "", false
	q.Sort = news.SortNewest // nothing need be scored
	if q.Match == news.MatchDefault {
		q.Match = news.MatchMost // but what matches is what a search by relevancy finds
	}
	return index.Search(ctx, q)
}

// named adds types and countries to the counts of an entity facet.
func (s *Server) named(ctx context.Context, buckets []news.Bucket) ([]namedEntity, error) {
	ids := make([]string, len(buckets))
	for i, b := range buckets {
		ids[i] = b.Value
	}
	known, err := s.deps.Store.Entities(ctx, ids...)
	if err != nil {
		return nil, err
	}
	list := make([]namedEntity, len(buckets))
	for i, b := range buckets {
		list[i] = namedEntity{ID: b.Value, Name: b.Label, Articles: b.Count}
		if at := slices.IndexFunc(known, func(e news.Entity) bool { return e.ID == b.Value }); at >= 0 {
			list[i].Type, list[i].Country = known[at].Type, known[at].Country
		}
	}
	return list, nil
}

type entityReply struct {
	Status string           `json:"status"`
	Entity namedEntity      `json:"entity"`
	Facets map[string]facet `json:"facets"`
}

// entity answers GET /v1/entities/{id}: who or what it is, how often it is in
// the news, where, and together with whom.
func (s *Server) entity(c *fiber.Ctx) error {
	values, err := parameters(c)
	if err != nil {
		return err
	}
	q, err := param.ParseCounts(values, news.FacetSource, news.FacetDate, news.FacetPerson, news.FacetPlace, news.FacetOrganization)
	if err != nil {
		return err
	}
	e, err := s.findEntity(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	aliases, err := s.aliases(c.UserContext(), e.ID)
	if err != nil {
		return err
	}
	ids := idsOf(e, aliases)
	q.Expr = both(q.Expr, naming(ids))
	result, err := s.count(c.UserContext(), q, witnesses)
	if err != nil {
		return err
	}
	reply := entityReply{
		Status: statusOK, Facets: map[string]facet{},
		Entity: namedEntity{
			ID: e.ID, Type: e.Type, Name: e.Name, Country: e.Country,
			Articles: result.Total, Location: result.Location(e.ID), Aliases: aliases,
		},
	}
	for name, f := range result.Facets {
		f.Buckets = slices.DeleteFunc(f.Buckets, func(b news.Bucket) bool { return slices.Contains(ids, b.Value) })
		reply.Facets[name] = facetReply(name, f)
	}
	c.Set(fiber.HeaderContentLocation, "/v1/entities/"+e.ID)
	return c.JSON(reply)
}

// maxAliases bounds the aliases whose articles are counted as well, until they
// are written again under the entity's own id.
const maxAliases = 50

// idsOf lists the ids under which articles may name an entity.
func idsOf(e news.Entity, aliases []news.Alias) []string {
	ids := []string{e.ID}
	for _, a := range aliases[:min(len(aliases), maxAliases)] {
		ids = append(ids, a.ID)
	}
	return ids
}

// naming holds where an article names one of the entities. It is part of the
// expression and no filter, so that it narrows the counts of entities, too.
func naming(ids []string) query.Node {
	parts := make([]query.Node, len(ids))
	for i, id := range ids {
		parts[i] = query.Value{Field: query.FieldEntity, Text: id}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return query.Or{Parts: parts}
}
