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
// the mentions that r finds. It stops at the first line that is no such object.
func Inspect(ctx context.Context, in io.Reader, out io.Writer, r *Recognizer) error {
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for n := 1; lines.Scan(); n++ {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, w.Flush())
		}
		if len(lines.Bytes()) == 0 {
			continue
		}
		var doc struct {
			ID   json.RawMessage `json:"id"`
			Text string          `json:"text"`
		}
		if err := json.Unmarshal(lines.Bytes(), &doc); err != nil {
			return errors.Join(fmt.Errorf("inspect entities: line %d: %w", n, err), w.Flush())
		}
		if err := enc.Encode(inspected{doc.ID, withoutText(r.Mentions(doc.Text))}); err != nil {
			return fmt.Errorf("inspect entities: write: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return errors.Join(fmt.Errorf("inspect entities: %w", err), w.Flush())
	}
	return w.Flush()
}

// inspected is one line of Inspect's output.
type inspected struct {
	ID       json.RawMessage `json:"id"`
	Mentions []news.Mention  `json:"mentions"`
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
