package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"broadsheet.example/crawler/boiler"
	"broadsheet.example/crawler/extract"
	"broadsheet.example/crawler/link"
)

func newInspectPage(a *app) *cobra.Command {
	var explain, site bool
	c := inspectLines(a, "page [PATH...]", "Pages: lines PATH [TAB URL]", func(ctx context.Context, in io.Reader, out io.Writer) error {
		i := extract.Inspector{Explain: explain}
		if site {
			list, err := io.ReadAll(in)
			if err != nil {
				return fmt.Errorf("read list of pages: %w", err)
			}
			s := siteBlocks{}
			if err := s.learn(ctx, string(list)); err != nil {
				return err
			}
			i.Filter, in = s.filter, strings.NewReader(string(list))
		}
		return i.Run(ctx, in, out)
	})
	c.Flags().BoolVar(&explain, "explain", false, "tell of each block whether it was kept, by whom, and its score")
	c.Flags().BoolVar(&site, "site", false, "learn from all the pages of a host first what it repeats, and leave that out, as a crawl does")
	return c
}

// siteBlocks is what the given pages teach, by host.
type siteBlocks map[string]*boiler.Host

// learn reads every page of a list once. What cannot be read teaches nothing; it
// is reported when it is inspected.
func (s siteBlocks) learn(ctx context.Context, list string) error {
	lines := bufio.NewScanner(strings.NewReader(list))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if err := ctx.Err(); err != nil {
			return err
		}
		path, address, _ := strings.Cut(lines.Text(), "\t")
		_ = s.learnFile(path, strings.TrimSpace(address))
	}
	return lines.Err()
}

func (s siteBlocks) learnFile(path, address string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxEvalPage))
	if err != nil {
		return err
	}
	page, err := extract.Page(body, "", address)
	if err != nil {
		return err
	}
	host := link.Host(address)
	if s[host] == nil {
		s[host] = &boiler.Host{}
	}
	s[host].Learn(address, page.Blocks)
	return nil
}

func (s siteBlocks) filter(address string, blocks []string) (kept, dropped []string) {
	host := s[link.Host(address)]
	if host == nil {
		return blocks, nil
	}
	return host.Filter(blocks)
}
