package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"golang.org/x/sync/errgroup"
)

// profile shows the profiles of the Go runtime at /debug/pprof/ on a listener of
// its own, until ctx is done. The configuration allows loopback addresses alone.
func (n *node) profile(ctx context.Context, g *errgroup.Group) error {
	if n.cfg.API.Pprof == "" {
		return nil
	}
	l, err := net.Listen("tcp", n.cfg.API.Pprof)
	if err != nil {
		return fmt.Errorf("api.pprof: %w", err)
	}
	n.log.Info("profiles", "address", "http://"+l.Addr().String()+"/debug/pprof/")
	server := &http.Server{Handler: profiles(), ReadHeaderTimeout: 5 * time.Second}
	g.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve profiles: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		return server.Close()
	})
	return nil
}

// profiles answers only under a loopback name, so that no web page whose own name
// was made to lead here can read them.
func profiles() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopback(r.Host) {
			http.Error(w, "profiles are only shown under localhost or a loopback address, with the port", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
