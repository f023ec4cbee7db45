package entity

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"broadsheet.example/news"
)

// maxLine bounds one line of input to Inspect in bytes.
const maxLine = 64 << 20

// Inspect reads one JSON object per line, {"id": ..., "text": ...}, and writes
// for each, in order, {"id": ..., "mentions": [{"start", "end", "type"}]} with
// the mentions that r finds, and "truncated": true where the text is over MaxText
// and only its beginning was labeled. For a line that is no such object it writes
// {"line": ..., "error": ...} and goes on; then it fails at the end, and says how
// many there were.
func Inspect(ctx context.Context, in io.Reader, out io.Writer, r *Recognizer) error {
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	bad, first := 0, 0
	for n := 1; lines.Scan(); n++ {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, w.Flush())
		}
		if len(lines.Bytes()) == 0 {
			continue
		}
		row, ok := inspectLine(n, lines.Bytes(), r)
		if !ok {
			if bad++; bad == 1 {
				first = n
			}
		}
		if err := enc.Encode(row); err != nil {
			return fmt.Errorf("inspect entities: write: %w", err)
		}
	}
	err := lines.Err()
	if err == nil && bad > 0 {
		err = fmt.Errorf("line %d is no JSON object with a text; there are %d such lines", first, bad)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("inspect entities: %w", err), w.Flush())
	}
	return w.Flush()
}

// inspectLine returns what is written for line n of the input.
func inspectLine(n int, text []byte, r *Recognizer) (row any, ok bool) {
	var doc struct {
		ID   json.RawMessage `json:"id"`
		Text string          `json:"text"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return map[string]any{"line": n, "error": err.Error()}, false
	}
	return inspected{doc.ID, withoutText(r.Mentions(doc.Text)), len(doc.Text) > MaxText}, true
}

// inspected is one line of Inspect's output.
type inspected struct {
	ID       json.RawMessage `json:"id"`
	Mentions []news.Mention  `json:"mentions"`
	// Truncated says that the text is over MaxText, and its end was not labeled.
	Truncated bool `json:"truncated,omitempty"`
}

// withoutText drops the texts of mentions; it does not return nil.
func withoutText(mentions []news.Mention) []news.Mention {
	out := make([]news.Mention, len(mentions))
	for i, m := range mentions {
		m.Text = ""
		out[i] = m
	}
	return out
}
