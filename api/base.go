package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"broadsheet.example/api/caller"
)

// Below a base path, /news say, the server answers as it does at the root: the
// path is taken off what comes in and put before every link that goes out. It
// still answers at the root, for commands on the control socket and for proxies
// that take the path off themselves.

// below takes the base path off requests.
func below(base string, next fasthttp.RequestHandler) fasthttp.RequestHandler {
	if base == "" {
		return next
	}
	return func(ctx *fasthttp.RequestCtx) {
		rest, isBelow := bytes.CutPrefix(ctx.Request.Header.RequestURI(), []byte(base))
		switch {
		case !isBelow:
		case len(rest) == 0 || rest[0] == '?':
			ctx.Response.Header.Set(fiber.HeaderLocation, base+"/"+string(rest))
			ctx.SetStatusCode(fiber.StatusPermanentRedirect)
			ctx.SetConnectionClose() // the body, if any, is not read
			return
		case rest[0] == '/':
			ctx.Request.SetRequestURI(string(rest))
		}
		next(ctx)
	}
}

// rebase puts the base path before the links of replies: those in headers, and
// those of pages, whose attributes hold no quotes of anybody else's.
func (s *Server) rebase(c *fiber.Ctx) error {
	err := c.Next()
	for _, name := range []string{fiber.HeaderLocation, fiber.HeaderContentLocation} {
		if at := c.GetRespHeader(name); strings.HasPrefix(at, "/") {
			c.Set(name, s.cfg.BasePath+at)
		}
	}
	if strings.HasPrefix(c.GetRespHeader(fiber.HeaderContentType), fiber.MIMETextHTML) && !c.Response().IsBodyStream() {
		c.Response().SetBodyString(s.links.Replace(string(c.Response().Body())))
	}
	return err
}

// newLinks finds the links of pages that lead to us.
func newLinks(base string) *strings.Replacer {
	var pairs []string
	for _, name := range []string{"href", "src", "action", "formaction", "data-href"} {
		pairs = append(pairs, " "+name+`="/`, " "+name+`="`+base+"/")
	}
	return strings.NewReplacer(pairs...)
}

// home is the address of the server as callers know it, without a slash at its
// end: the public one if it is configured, or else the one that this caller used.
func (s *Server) home(c *fiber.Ctx) string {
	if s.cfg.PublicURL != "" {
		return s.cfg.PublicURL
	}
	return caller.Of(c).Base() + s.cfg.BasePath
}

// documentBelow is the OpenAPI document of a server below a base path.
func documentBelow(base string) ([]byte, error) {
	if base == "" {
		return document, nil
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(document, &parts); err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	servers, err := encodeJSON([]map[string]string{{"url": base}})
	if err != nil {
		return nil, fmt.Errorf("name servers: %w", err)
	}
	parts["servers"] = servers
	return encodeJSON(parts)
}
