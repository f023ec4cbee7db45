package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"broadsheet.example/configs"
)

// shutdownGrace is how long requests under way may take after a stop.
const shutdownGrace = 3 * time.Second

func newServe(a *app) *cobra.Command {
	var listen, feeds string
	roleNames := []string{"crawl", "index", "api"}
	c := &cobra.Command{
		Use:   "serve",
		Short: "Crawl, index and answer, until stopped",
		Args:  args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := parseRoles(roleNames)
			if err != nil {
				return &usageError{c.CommandPath(), err}
			}
			return a.serve(c.Context(), listen, feeds, r)
		},
	}
	c.Flags().StringVar(&listen, "listen", "", "`HOST:PORT` of API and page (overrides listen)")
	c.Flags().StringVar(&feeds, "feeds", "", "OPML `FILE` whose feeds are added at start")
	c.Flags().StringSliceVar(&roleNames, "roles", roleNames, "what this process does")
	return c
}

func parseRoles(names []string) (roles, error) {
	var r roles
	for _, name := range names {
		switch strings.TrimSpace(name) {
		case "crawl":
			r.crawl = true
		case "index":
			r.index = true
		case "api":
			r.api = true
		default:
			return r, fmt.Errorf("--roles %q: there are crawl, index and api", name)
		}
	}
	if r == (roles{}) {
		return r, errors.New("--roles: name at least one of crawl, index and api")
	}
	return r, nil
}

func (a *app) serve(ctx context.Context, listen, feeds string, r roles) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if listen != "" {
		cfg.Listen = listen
	}
	if err := cfg.Validate(); err != nil {
		return err
	}
	log := a.logger(cfg)
	public, lobby, err := listenPublic(cfg, r, log)
	if err != nil {
		return err
	}
	n, err := lobby.openNode(ctx, a.parts, cfg)
	if err != nil {
		return errors.Join(err, closeListener(public))
	}
	err = n.firstFeeds(ctx)
	if err == nil && feeds != "" {
		err = n.addFeeds(ctx, feeds)
	}
	if err == nil {
		err = n.listenAndRun(ctx, r, public)
	} else {
		err = errors.Join(err, closeListener(public))
	}
	return errors.Join(err, n.close())
}

// listenPublic opens the address of API and pages, if the roles need one, and the
// lobby in which a node is to be opened.
func listenPublic(cfg *configs.Config, r roles, log *slog.Logger) (net.Listener, *lobby, error) {
	if !r.api {
		return nil, &lobby{log: log}, nil
	}
	l, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return nil, nil, fmt.Errorf("listen: %w (choose another address with --listen)", err)
	}
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return nil, nil, errors.Join(fmt.Errorf("listen: %s is no address of TCP", l.Addr()), l.Close())
	}
	under := &lendable{TCPListener: tcp}
	public, err := secure(under, cfg.API.TLS, log)
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	return public, &lobby{log: log, public: public, under: under}, nil
}

func closeListener(l net.Listener) error {
	if l == nil {
		return nil
	}
	return l.Close()
}

// listenAndRun opens the control socket and runs until ctx is done. It closes
// the public listener, which is nil for a process without the role api.
func (n *node) listenAndRun(ctx context.Context, r roles, public net.Listener) error {
	control, err := listenControl(socketPath(n.cfg.DataDir))
	if err != nil {
		return errors.Join(err, closeListener(public))
	}
	l := listeners{public: public, control: control}
	if public != nil {
		n.log.Info("ready", "page", n.pageAddress(public.Addr()), "data", n.cfg.DataDir, "version", version())
	}
	err = n.run(ctx, r, l)
	n.log.Info("stopped")
	return err
}

// pageAddress is where a browser on this machine finds the pages.
func (n *node) pageAddress(at net.Addr) string {
	scheme, address := "http://", at.String()
	if n.cfg.API.TLS != (configs.TLS{}) {
		scheme = "https://"
	}
	if host, port, err := net.SplitHostPort(address); err == nil && (host == "0.0.0.0" || host == "::") {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	return scheme + address + n.cfg.API.BasePath + "/"
}

// listeners are the doors of a process. Any of them may be nil.
type listeners struct{ public, control net.Listener }

// listenControl opens the control socket. One that a killed process left behind
// is replaced: whoever calls owns the data directory.
func listenControl(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("replace control socket: %w", err)
	}
	if filepath.Base(path) != controlSocket {
		if err := ownDir(filepath.Dir(path)); err != nil {
			return nil, fmt.Errorf("open control socket: %w", err)
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("open control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("protect control socket: %w", err), l.Close())
	}
	return l, nil
}

// ownDir makes a directory for nobody but us, and refuses one that belongs to
// somebody else.
func ownDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); !ok || !info.IsDir() || int(s.Uid) != os.Getuid() {
		return fmt.Errorf("%s belongs to somebody else; choose another --data-dir", dir)
	}
	return nil
}

// serve answers on the listeners as part of g.
func (n *node) serve(ctx context.Context, g *errgroup.Group, l listeners) {
	server, err := n.api()
	if err != nil {
		g.Go(func() error { return err })
		return
	}
	for _, door := range []struct {
		listener net.Listener
		local    bool
	}{{l.public, false}, {l.control, true}} {
		if door.listener != nil {
			g.Go(func() error { return server.Serve(door.listener, door.local) })
		}
	}
	g.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
		defer cancel()
		if err := server.Shutdown(end); err != nil {
			n.log.Warn("requests were cut off", "err", err)
		}
		return nil
	})
}
