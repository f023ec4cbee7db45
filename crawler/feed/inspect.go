package feed

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxInspectLine bounds one line of the list that Inspect reads.
const maxInspectLine = 1 << 20

// inspection is one line of Inspect's output.
type inspection struct {
	File  string  `json:"file"`
	Error *string `json:"error"`
	Feed  *Feed   `json:"feed,omitempty"`
	Items []Item  `json:"items,omitempty"`
}

// Inspect reads lines of the form PATH TAB CONTENT-TYPE TAB URL (the last two
// may be missing) and writes one JSON object a line, in the same order, showing
// what [Parse] makes of each file. A file that cannot be read or parsed becomes
// an object with an error; only the reader, the writer and ctx end the run.
func Inspect(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 4096), maxInspectLine)
	buffered := bufio.NewWriter(out)
	enc := json.NewEncoder(buffered)
	enc.SetEscapeHTML(false)
	for lines.Scan() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if err := enc.Encode(inspect(lines.Text())); err != nil {
			return fmt.Errorf("write inspection: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read list of feeds: %w", err)
	}
	return buffered.Flush()
}

func inspect(line string) inspection {
	path, rest, _ := strings.Cut(line, "\t")
	contentType, url, _ := strings.Cut(rest, "\t")
	got := inspection{File: path}
	body, err := readBounded(path)
	if err == nil {
		got.Feed, err = Parse(body, contentType, url)
	}
	if err != nil {
		message := err.Error()
		got.Error = &message
		return got
	}
	got.Items = got.Feed.Items
	return got
}

// readBounded reads a file up to one byte past the size that Parse refuses.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(f, maxBytes+1))
}
