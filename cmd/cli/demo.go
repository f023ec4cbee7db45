package cli

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/demo"
)

// Manners for the press on this machine, which is ours and in a hurry.
const (
	demoGap      = 50 * time.Millisecond
	demoInterval = time.Minute
)

func newDemo(a *app) *cobra.Command {
	var listen string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Start a small press on this machine, crawl it and serve it",
		Long: "Start six fictional publishers on this machine, crawl them with the real crawler, and\n" +
			"serve the result at http://127.0.0.1:8080/. Nothing leaves the machine; the data is thrown\n" +
			"away at the end unless --data-dir names a place for it. One article is corrected while you watch.",
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return a.demo(c.Context(), listen) },
	}
	c.Flags().StringVar(&listen, "listen", "", "`HOST:PORT` of API and page (overrides listen)")
	return c
}

func (a *app) demo(ctx context.Context, listen string) (err error) {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if listen != "" {
		cfg.Listen = listen
	}
	if a.dataDir == "" {
		if cfg.DataDir, err = os.MkdirTemp("", "broadsheet-demo-"); err != nil {
			return fmt.Errorf("create a directory for the demo: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(cfg.DataDir)) }()
	}
	cfg.Crawler.AllowNetworks = append(cfg.Crawler.AllowNetworks, netip.MustParsePrefix("127.0.0.0/8"))
	cfg.Crawler.HostGap = min(cfg.Crawler.HostGap, demoGap)
	cfg.Crawler.Interval = min(cfg.Crawler.Interval, demoInterval)
	if err := cfg.Validate(); err != nil {
		return err
	}
	log := a.quiet(cfg)
	press, err := demo.Start(ctx, demo.Config{Ports: demo.DefaultPorts()}, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, press.Close()) }()
	everything := roles{crawl: true, index: true, api: true}
	public, lobby, err := listenPublic(cfg, everything, log)
	if err != nil {
		return err
	}
	n, err := lobby.openNode(ctx, a.parts, cfg)
	if err != nil {
		return errors.Join(err, closeListener(public))
	}
	feeds, _ := identified(press.Feeds())
	_, err = n.store.PutFeeds(ctx, feeds...)
	if err == nil {
		a.welcome(press, n.pageAddress(public.Addr()))
		err = n.listenAndRun(ctx, everything, public)
	} else {
		err = errors.Join(err, closeListener(public))
	}
	return errors.Join(err, n.close())
}

// welcome says what is where and what to try.
func (a *app) welcome(press *demo.Press, page string) {
	a.printf("Six publishers have opened on this machine:\n")
	for _, p := range press.Publishers() {
		a.printf("  %-24s %s\n", p.Name, p.URL)
	}
	a.printf("\nThey are being crawled; in a few seconds everything can be searched:\n  %s\n  curl '%sv1/search?q=port&facets=source,person'\n\nCtrl-C ends the demo.\n", page, page)
}
