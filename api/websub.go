package api

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
)

// MaxDelivery is the most bytes that a hub may deliver.
const MaxDelivery = 8 << 20

// pathWebSub stands outside /v1, since hubs hold no keys: they are known by what
// they were asked for and by their signatures.
const pathWebSub = "/websub/:id"

// ErrUnsigned is what Crawling.Deliver fails with when a delivery is not signed as
// it was agreed.
var ErrUnsigned = errors.New("not signed as agreed")

// confirmSubscription answers GET /websub/{id}: a hub asks whether we have asked.
func (s *Server) confirmSubscription(c *fiber.Ctx) error {
	asked, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return &news.ParamError{Param: "query", Reason: err.Error()}
	}
	challenge, err := s.deps.Crawling.Confirm(c.UserContext(), c.Params("id"), asked)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(challenge)
}

// deliver answers POST /websub/{id}: a hub says that a feed has news. Whom we do
// not know is told that we are gone, so that he does not come again.
func (s *Server) deliver(c *fiber.Ctx) error {
	text, err := body(c, MaxDelivery)
	if err != nil {
		return err
	}
	err = s.deps.Crawling.Deliver(c.UserContext(), c.Params("id"), c.Get("X-Hub-Signature"), text)
	switch {
	case errors.Is(err, ErrUnsigned):
		return problem(fiber.StatusForbidden, CodeUnsigned, "the body is not signed with the secret of the subscription (X-Hub-Signature)")
	case errors.Is(err, news.ErrNotFound):
		return problem(fiber.StatusGone, CodeRemoved, "there is no such subscription")
	case err != nil:
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
