package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/configs/opml"
	"broadsheet.example/news"
)

// policy lets a page load nothing but its own stylesheet, script and icon, talk
// to nobody but us, and be framed by nobody.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// frame is what every page has around its own matter.
type frame struct {
	Title   string
	Version string
	// Query and Hidden are what the search box holds and carries along.
	Query  string
	Hidden []pair
	// Feed is where feed readers follow what the page shows; empty if nowhere.
	Feed string
	// Here is the path of the page, so that links can tell where one is.
	Here string
	// Admin is whether the visitor may look after the machine, SignedIn whether
	// that is by a key, CanSignIn whether a key would help.
	Admin, SignedIn, CanSignIn bool
}

// framed is the data of a page.
type framed interface{ around() *frame }

func (f *frame) around() *frame { return f }

// page makes a handler of one that may fail. What fails is shown as a page.
func (p *pages) page(h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := h(c); err != nil {
			return p.fail(c, err)
		}
		return nil
	}
}

func (p *pages) render(c *fiber.Ctx, status int, name string, data framed) error {
	f := data.around()
	f.Version, f.Here = p.deps.Version, c.Path()
	f.SignedIn = p.isSignedIn(c)
	f.Admin = f.SignedIn || isLocal(c)
	if f.CanSignIn = !f.Admin && p.deps.SignIn != nil; f.CanSignIn {
		f.Feed = "" // which would ask for a key
	}
	var b bytes.Buffer
	if err := p.tmpl.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentSecurityPolicy, policy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")     // with no-referrer, browsers would not say where our own forms come from
	c.Set(fiber.HeaderCacheControl, "private, no-cache") // pages differ by who is signed in
	return c.Status(status).Send(b.Bytes())
}

// retryAfter is in how many seconds what is unavailable may be there again.
const retryAfter = "5"

// sorry is a page that could not be shown.
type sorry struct {
	frame
	Heading, Words, Request string
}

// fail tells a visitor what went wrong, and the log what he can do nothing about.
func (p *pages) fail(c *fiber.Ctx, err error) error {
	status, heading, words := explain(err)
	s := &sorry{frame: frame{Title: heading}, Heading: heading, Words: words}
	if status >= fiber.StatusInternalServerError {
		s.Request = c.GetRespHeader("X-Request-Id")
		p.deps.Log.Error("page failed", "request", s.Request, "path", c.Path(), "err", err)
	}
	if status == fiber.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, retryAfter)
	}
	return p.render(c, status, "sorry.html", s)
}

// explain puts an error in words for a visitor.
func explain(err error) (status int, heading, words string) {
	bad, isBad := errors.AsType[*news.ParamError](err)
	badOPML, isOPML := errors.AsType[*opml.Error](err)
	costly, isCostly := errors.AsType[*news.CostError](err)
	switch {
	case isCostly:
		return fiber.StatusUnprocessableEntity, "That search costs too much", costly.Error()
	case errors.Is(err, news.ErrNotFound):
		return fiber.StatusNotFound, "There is nothing here", "The address may be mistyped, or what it led to was never in this archive."
	case errors.Is(err, news.ErrRemoved):
		return fiber.StatusGone, "This article was taken down", "Its text has been erased, and it will not be collected again."
	case isBad:
		return fiber.StatusBadRequest, "That did not work", bad.Error()
	case isOPML:
		return fiber.StatusBadRequest, "That did not work", badOPML.Error()
	case errors.Is(err, errForeign):
		return fiber.StatusForbidden, "Not from here", errForeign.Error()
	case errors.Is(err, news.ErrUnavailable), errors.Is(err, context.Canceled):
		return fiber.StatusServiceUnavailable, "Not ready yet", "The archive cannot answer at the moment. Try again in a few seconds."
	case errors.Is(err, context.DeadlineExceeded):
		return fiber.StatusServiceUnavailable, "That took too long", "The search was stopped. Ask for less, or try again."
	case errors.Is(err, news.ErrDiskFull):
		return fiber.StatusInsufficientStorage, "The disk is full", "Nothing new can be stored until there is space again."
	default:
		return fiber.StatusInternalServerError, "Something went wrong here", "It has been noted. Trying again may help."
	}
}

// nowhere answers what no route does: browsers with a page, programs not at all.
func (p *pages) nowhere(c *fiber.Ctx) error {
	if !isRead(c) || !strings.Contains(c.Get(fiber.HeaderAccept), fiber.MIMETextHTML) || strings.HasPrefix(c.Path(), "/v1/") {
		return c.Next()
	}
	return p.fail(c, news.ErrNotFound)
}
