package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"syscall"
)

// listenAll opens the six ports, or none.
func listenAll(ctx context.Context, cfg Config, log *slog.Logger) ([]net.Listener, error) {
	host := cfg.Host
	if host == "" {
		host = defaultHost
	}
	var open []net.Listener
	for _, port := range cfg.Ports {
		l, err := listen(ctx, host, port, log)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("listen for the demo press: %w", err), closeAll(open))
		}
		open = append(open, l)
	}
	return open, nil
}

// listen opens host:port; a default port in use gives way to a free one.
func listen(ctx context.Context, host string, port int, log *slog.Logger) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	isDefault := port >= firstDefaultPort && port < firstDefaultPort+PublisherCount
	if err == nil || !isDefault || !errors.Is(err, syscall.EADDRINUSE) {
		return l, err
	}
	log.Info("demo port is taken, using a free one", "port", port)
	return lc.Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
}

func closeAll(listeners []net.Listener) error {
	var errs []error
	for _, l := range listeners {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}
