package cli

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/spf13/cobra"

	"broadsheet.example/crawler"
)

const (
	// importBatch is how many lines, and about how many bytes, are sent and
	// acknowledged together.
	importBatch      = 500
	importBatchBytes = 16 << 20
	// maxShownErrors bounds the bad lines that are printed one by one.
	maxShownErrors = 20
)

func newImport(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE.ndjson[.zst|.gz]",
		Short: "Take in articles, one JSON object a line (- for standard input)",
		Long: "Take in articles, one JSON object a line, in the form of the API's articles. url, title,\n" +
			"content and publishedAt suffice. A bad line is reported and does not stop the rest.\n" +
			"An interrupted import continues where it stood when it is started again.",
		Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, list []string) error { return a.importFile(c.Context(), list[0]) },
	}
}

func (a *app) importFile(ctx context.Context, path string) (err error) {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	in, err := a.openImport(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	c, err := a.connect(ctx, cfg)
	if err != nil {
		return err
	}
	run := &importRun{app: a, client: c, in: in, mark: bookmark(cfg.DataDir, path)}
	start := time.Now()
	err = run.all(ctx)
	if err == nil {
		err = a.caughtUp(ctx, c, "indexing")
	}
	if err == nil {
		a.printf("%s new, %d changed, %d unchanged, %s refused; all searchable after %s\n", plural(run.created, "article"), run.changed,
			run.same, plural(run.failed, "line"), time.Since(start).Round(time.Millisecond))
		if run.failed > 0 {
			err = fmt.Errorf("%s of %s refused, all others taken in", plural(run.failed, "line"), path)
		}
	}
	return errors.Join(err, c.close())
}

// importSource is an opened file, decompressed, with a count of what was read
// of it.
type importSource struct {
	io.Reader
	raw   *countingReader
	size  int64
	close []func() error
}

func (s *importSource) Close() error {
	var errs []error
	for i := len(s.close) - 1; i >= 0; i-- {
		errs = append(errs, s.close[i]())
	}
	return errors.Join(errs...)
}

type countingReader struct {
	io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

func (a *app) openImport(path string) (*importSource, error) {
	if path == "-" {
		raw := &countingReader{Reader: a.in}
		return &importSource{Reader: raw, raw: raw}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	s := &importSource{raw: &countingReader{Reader: f}, close: []func() error{f.Close}}
	if info, err := f.Stat(); err == nil {
		s.size = info.Size()
	}
	s.Reader = s.raw
	switch filepath.Ext(path) {
	case ".gz":
		z, err := gzip.NewReader(s.raw)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("read %s: %w", path, err), f.Close())
		}
		s.Reader, s.close = z, append(s.close, z.Close)
	case ".zst":
		z, err := zstd.NewReader(s.raw, zstd.WithDecoderMaxMemory(256<<20))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("read %s: %w", path, err), f.Close())
		}
		s.Reader, s.close = z, append(s.close, func() error { z.Close(); return nil })
	}
	return s, nil
}

// bookmark is the file that remembers how far the import of path has come; it
// is "" for standard input. The same path with other contents starts anew.
func bookmark(dataDir, path string) string {
	abs, err := filepath.Abs(path)
	info, statErr := os.Stat(path)
	if err != nil || statErr != nil || path == "-" {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%d", abs, info.Size(), info.ModTime().UnixNano()))
	return filepath.Join(dataDir, "imports", hex.EncodeToString(sum[:8]))
}

// importRun is one run of the import command.
type importRun struct {
	app    *app
	client *client
	in     *importSource
	mark   string

	line                           int // lines read
	created, changed, same, failed int
}

// all sends every line that has not been acknowledged by an earlier run.
func (r *importRun) all(ctx context.Context) error {
	skip := r.resume()
	bar := r.app.progress(r.in.size, "importing", true)
	defer bar.Close()
	lines := bufio.NewReaderSize(r.in, 1<<20)
	for ctx.Err() == nil {
		first, batch, err := r.batch(lines, skip)
		if len(batch) > 0 {
			if err := r.send(ctx, first, batch); err != nil {
				return fmt.Errorf("import stopped before line %d (start it again to continue): %w", first, err)
			}
			r.remember()
		}
		bar.Set(r.in.raw.n)
		if errors.Is(err, io.EOF) {
			r.forget()
			return nil
		}
		if err != nil {
			return fmt.Errorf("read line %d: %w", r.line+1, err)
		}
	}
	return fmt.Errorf("import stopped after line %d; the same command continues there: %w", r.line, ctx.Err())
}

// batch reads the next lines; the first has the number it returns. Lines up to
// skip were acknowledged before and are passed over.
func (r *importRun) batch(lines *bufio.Reader, skip int) (int, []byte, error) {
	var out []byte
	first := r.line + 1
	for n := 0; n < importBatch && len(out) < importBatchBytes; {
		text, err := readLine(lines)
		if err != nil && len(text) == 0 {
			return first, out, err
		}
		r.line++
		if r.line <= skip {
			first = r.line + 1
			continue
		}
		out = append(append(out, text...), '\n')
		n++
		if err != nil {
			return first, out, err
		}
	}
	return first, out, nil
}

// readLine returns the next line without its end. A line that is too long is
// cut, which makes it a bad line with a number.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(line) <= crawler.MaxImportLine {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimRight(line, "\r\n"), err
		}
	}
}

// importReply is the API's answer to a batch.
type importReply struct {
	Results []struct {
		Line  int    `json:"line"`
		ID    string `json:"id"`
		Kind  string `json:"kind"`
		Error string `json:"error"`
	} `json:"results"`
}

func (r *importRun) send(ctx context.Context, first int, batch []byte) error {
	var reply importReply
	if err := r.client.call(ctx, http.MethodPost, "/v1/import/articles", nil, ndjson(batch), &reply); err != nil {
		return err
	}
	for _, res := range reply.Results {
		switch {
		case res.Error != "":
			r.failed++
			if r.failed <= maxShownErrors {
				fmt.Fprintf(r.app.errs, "line %d: %s\n", first+res.Line-1, res.Error)
			} else if r.failed == maxShownErrors+1 {
				fmt.Fprintln(r.app.errs, "further bad lines are counted only")
			}
		case res.Kind == "new":
			r.created++
		case res.Kind == "unchanged":
			r.same++
		default:
			r.changed++
		}
	}
	return nil
}

// resume returns how many lines an earlier run has brought in.
func (r *importRun) resume() int {
	text, err := os.ReadFile(r.mark)
	if r.mark == "" || err != nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || n <= 0 {
		return 0
	}
	fmt.Fprintf(r.app.errs, "continuing after line %d\n", n)
	return n
}

// remember notes how far the import has come. Failing to is no harm: lines that
// are sent twice change nothing.
func (r *importRun) remember() {
	if r.mark == "" {
		return
	}
	if err := os.MkdirAll(filepath.Dir(r.mark), 0o700); err == nil {
		_ = os.WriteFile(r.mark, []byte(strconv.Itoa(r.line)), 0o600)
	}
}

func (r *importRun) forget() {
	if r.mark != "" {
		_ = os.Remove(r.mark)
	}
}

// statusReply is the part of /v1/status that commands wait on.
type statusReply struct {
	Outbox struct {
		Pending int `json:"pending"`
	} `json:"outbox"`
	// Roles are what the server does; one without index leaves the outbox be.
	Roles []string `json:"roles"`
}

// errNoIndexer is returned where waiting for the index would be in vain.
var errNoIndexer = errors.New("all is stored, but the server that owns the data directory does not index (--roles); start one that does")

// caughtUp waits until the outbox is empty, with progress.
func (a *app) caughtUp(ctx context.Context, c *client, what string) error {
	var bar *progress
	most := 0
	for {
		var status statusReply
		if err := c.call(ctx, http.MethodGet, "/v1/status", nil, nil, &status); err != nil {
			return err
		}
		pending := status.Outbox.Pending
		if pending > 0 && !slices.Contains(status.Roles, "index") {
			return errNoIndexer
		}
		if bar == nil || pending > most {
			most = max(most, pending)
			bar = a.progress(int64(most), what, false)
		}
		bar.Set(int64(most - pending))
		if pending == 0 {
			bar.Close()
			return nil
		}
		select {
		case <-ctx.Done():
			bar.Close()
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}
