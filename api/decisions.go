package api

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/caller"
	"broadsheet.example/news"
)

// decidedReply is what a decision about an entity comes to. Articles follow as
// they are written again.
type decidedReply struct {
	Status   string        `json:"status"`
	Entity   knownEntity   `json:"entity"`
	Decision news.Decision `json:"decision"`
}

// knownEntity is an entity by all its names.
type knownEntity struct {
	ID      string          `json:"id"`
	Type    news.EntityType `json:"type"`
	Name    string          `json:"name"`
	Country string          `json:"country,omitempty"`
	Aliases []news.Alias    `json:"aliases"`
}

// mergeEntity answers POST /v1/entities/{id}/merge: the entity is another one.
func (s *Server) mergeEntity(c *fiber.Ctx) error {
	var in struct {
		Into string `json:"into"`
	}
	if err := jsonBody(c, &in, "into"); err != nil {
		return err
	}
	if in.Into == "" {
		return missing("into", "give the id of the entity that this one is")
	}
	if _, err := s.findEntity(c.UserContext(), c.Params("id")); err != nil {
		return err
	}
	return s.decide(c, news.Decision{Kind: news.DecisionMerge, Entity: c.Params("id"), Into: in.Into}, in.Into)
}

// splitEntity answers POST /v1/entities/{id}/split: the entity is nobody but
// itself.
func (s *Server) splitEntity(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	former, err := s.findEntity(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	return s.decide(c, news.Decision{Kind: news.DecisionSplit, Entity: c.Params("id")}, c.Params("id"), former.ID)
}

// aliasEntity answers POST /v1/entities/{id}/aliases: whoever is called by the
// name is this entity.
func (s *Server) aliasEntity(c *fiber.Ctx) error {
	name, e, err := s.nameFor(c)
	if err != nil {
		return err
	}
	if name == "" {
		return missing("name", "give another name of the entity")
	}
	alias := news.EntityID(e.Type, s.deps.EntityKey(name))
	return s.decide(c, news.Decision{Kind: news.DecisionMerge, Entity: alias, Into: e.ID, Name: name}, e.ID)
}

// renameEntity answers PATCH /v1/entities/{id}: what the entity is called. An
// empty name gives it back the one that it had.
func (s *Server) renameEntity(c *fiber.Ctx) error {
	name, e, err := s.nameFor(c)
	if err != nil {
		return err
	}
	return s.decide(c, news.Decision{Kind: news.DecisionRename, Entity: e.ID, Name: name}, e.ID)
}

// nameFor reads a name from the body, and the entity that it is for.
func (s *Server) nameFor(c *fiber.Ctx) (string, news.Entity, error) {
	var in struct {
		Name *string `json:"name"`
	}
	if err := jsonBody(c, &in, "name"); err != nil {
		return "", news.Entity{}, err
	}
	if in.Name == nil {
		return "", news.Entity{}, missing("name", "give a name")
	}
	e, err := s.findEntity(c.UserContext(), c.Params("id"))
	return strings.TrimSpace(*in.Name), e, err
}

// decide stores a decision and tells what it comes to for the first of the ids
// that is an entity: what was only ever a name of another one is none.
func (s *Server) decide(c *fiber.Ctx, d news.Decision, ids ...string) error {
	var err error
	if d.By, err = s.decider(c); err != nil {
		return err
	}
	done, err := s.deps.Store.Decide(c.UserContext(), d)
	if err != nil {
		return err
	}
	var e news.Entity
	for _, id := range ids {
		if e, err = s.findEntity(c.UserContext(), id); !errors.Is(err, news.ErrNotFound) {
			break
		}
	}
	if err != nil {
		return err
	}
	aliases, err := s.aliases(c.UserContext(), e.ID)
	if err != nil {
		return err
	}
	s.log.Info("entity decided", "kind", d.Kind, "entity", d.Entity, "into", d.Into, "name", d.Name, "by", d.By)
	return c.JSON(decidedReply{statusOK, knownEntity{e.ID, e.Type, e.Name, e.Country, notNil(aliases)}, done[0]})
}

// decider names who asks, for the record: his key, or this machine.
func (s *Server) decider(c *fiber.Ctx) (string, error) {
	if caller.Of(c).Local() == nil {
		return "local", nil
	}
	key, err := s.keyOf(c)
	if err != nil || key == nil {
		return "", err
	}
	return "key " + key.Name, nil
}

// findEntity returns the entity with the id, or the one that it was merged into.
func (s *Server) findEntity(ctx context.Context, id string) (news.Entity, error) {
	if !news.IsEntityID(id) {
		return news.Entity{}, news.ErrNotFound
	}
	known, err := s.deps.Store.Entities(ctx, id)
	if err != nil {
		return news.Entity{}, err
	}
	if len(known) == 0 {
		return news.Entity{}, news.ErrNotFound
	}
	return known[0], nil
}

// aliases lists what was merged into an entity.
func (s *Server) aliases(ctx context.Context, id string) ([]news.Alias, error) {
	rulings, err := s.deps.Store.Rulings(ctx)
	if err != nil {
		return nil, err
	}
	return rulings.Aliases(id), nil
}
