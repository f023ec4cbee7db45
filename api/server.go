package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"broadsheet.example/api/caller"
)

// Server answers requests. It is made by [New] and serves any number of
// listeners until [Server.Shutdown].
type Server struct {
	cfg     Config
	deps    Deps
	log     *slog.Logger
	app     *fiber.App
	metrics *metrics
	stats   *snapshot
	// done is closed when the server stops; streams end then.
	done       chan struct{}
	stop       sync.Once
	allowances allowances
	// searching holds one value for each search that runs.
	searching chan struct{}
	// streams counts those that are open; they share looks at the index's state.
	streams          atomic.Int64
	sharedGeneration sharedValue
	links            *strings.Replacer // of pages; see rebase
	rooms            sync.Pool         // of *[]byte; see send
}

// New builds a server. It starts nothing.
func New(cfg Config, deps Deps) *Server {
	cfg.SetDefaults()
	s := &Server{cfg: cfg, deps: deps, log: deps.Log, done: make(chan struct{})}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.searching = make(chan struct{}, cfg.MaxSearches)
	s.links = newLinks(cfg.BasePath)
	s.metrics = newMetrics(deps.Registry)
	s.stats = newSnapshot(deps)
	s.app = fiber.New(fiber.Config{
		Immutable:                    true, // Fiber otherwise reuses the memory of strings we keep
		StreamRequestBody:            true, // each route counts its own body; see body
		DisablePreParseMultipartForm: true,
		BodyLimit:                    2 * MaxImport, // above it, bodies are streamed less well; no route reads that far
		ReadBufferSize:               headerBuffer,
		ReadTimeout:                  headerTimeout, // bodies have longer; see bodyTime
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		DisableStartupMessage:        true,
		CaseSensitive:                true,
		StrictRouting:                true, // one address for each thing
		JSONEncoder:                  encodeJSON,
		ErrorHandler:                 s.fail,
	})
	s.middleware()
	s.routes()
	if deps.Pages != nil {
		deps.Pages(s.app)
	}
	s.app.Server().HeaderReceived = bodyTime
	s.app.Server().Handler = below(cfg.BasePath, s.knownMethods(s.app.Handler())) // Handler builds the routing tree, too
	return s
}

// bodyTime gives a body longer than headers have, which come in one piece from
// everybody who means well.
func bodyTime(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if h.ContentLength() == 0 || h.IsGet() || h.IsHead() {
		return fasthttp.RequestConfig{}
	}
	return fasthttp.RequestConfig{ReadTimeout: bodyTimeout}
}

// knownMethods takes methods that Fiber does not know, to which it answers itself
// in plain text, for one that it knows and no route takes: the answer is that of
// the address, with the methods that it does take.
func (s *Server) knownMethods(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		if !slices.Contains(fiber.DefaultMethods, string(ctx.Method())) {
			ctx.Request.Header.SetMethod(fiber.MethodTrace)
		}
		next(ctx)
	}
}

// Serve answers the connections of ln, which it closes, until Shutdown, and then
// returns nil. It may be called for several listeners at once. Requests that come over a local
// listener (the control socket) may do everything.
func (s *Server) Serve(ln net.Listener, local bool) error {
	select {
	case <-s.done:
		return ln.Close()
	default:
	}
	if local {
		ln = caller.Control(ln)
	}
	if err := s.app.Server().Serve(ln); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	}
	return nil
}

// Shutdown closes all listeners, ends streams, and waits for the other requests
// under way until ctx is done.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stop.Do(func() { close(s.done) })
	if err := s.app.ShutdownWithContext(ctx); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}
