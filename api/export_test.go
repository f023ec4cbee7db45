package api

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// Routes lists the methods and paths that s answers, HEAD left out, with
// parameters as OpenAPI writes them.
func Routes(s *Server) []string {
	var routes []string
	for _, r := range s.app.GetRoutes(true) {
		if r.Method != "HEAD" {
			routes = append(routes, r.Method+" "+strings.NewReplacer(":id", "{id}", ":n/", "{n}/").Replace(r.Path))
		}
	}
	return routes
}

// SetHeaderTimeout gives the headers of requests another time than they have by
// default. It must be called before s serves.
func SetHeaderTimeout(s *Server, d time.Duration) { s.app.Server().ReadTimeout = d }

// Ask measures how s answers GET path, without a socket.
func Ask(b *testing.B, s *Server, path string) {
	b.Helper()
	handler := s.app.Server().Handler
	from := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
	for b.Loop() {
		var ctx fasthttp.RequestCtx
		var req fasthttp.Request
		req.SetRequestURI(path)
		req.SetHost("localhost")
		ctx.Init(&req, from, nil)
		handler(&ctx)
		if ctx.Response.StatusCode() != fasthttp.StatusOK {
			b.Fatal(ctx.Response.StatusCode(), string(ctx.Response.Body()))
		}
	}
}
