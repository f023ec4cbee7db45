package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"broadsheet.example/bench/press"
)

// writeBatch is how many articles are written at once when writing is measured.
const writeBatch = 500

// writing measures what it costs to write articles, until all that follows from
// it in the background is done.
func writing(ctx context.Context, o options, out io.Writer) error {
	list := articles(press.New(o.write, meanWords, seed+1), 0, o.write)
	dir := filepath.Join(o.dir, "writing")
	var rates []float64
	for _, open := range []func() (peer, error){
		func() (peer, error) { return openStock(filepath.Join(dir, "stock")) },
		func() (peer, error) { return openOurs(ctx, filepath.Join(dir, "ours")) },
	} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		p, err := open()
		if err != nil {
			return err
		}
		settle()
		before := cpu()
		for first := 0; first < len(list); first += writeBatch {
			if err := p.add(ctx, list[first:min(first+writeBatch, len(list))]); err != nil {
				return errors.Join(err, p.close())
			}
		}
		written := cpu() - before
		settle()
		rates = append(rates, float64(len(list))/written.Seconds())
		fmt.Fprintf(out, "%s wrote %d articles in batches of %d: %.0f a CPU-second, %.0f with all merges done\n",
			p.name(), len(list), writeBatch, rates[len(rates)-1], float64(len(list))/(cpu()-before).Seconds())
		if err := errors.Join(p.close(), os.RemoveAll(dir)); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "Writing: %.2f times (asked: 1.7)\n\n", rates[1]/rates[0])
	return nil
}
