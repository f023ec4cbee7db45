package extract_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet.example/crawler/extract"
)

func TestInspect(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.html"), filepath.Join(dir, "bad.html")
	for path, data := range map[string][]byte{good: wrap(piece), bad: []byte("%PDF-1.7")} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in := good + "\thttps://example.test/2026/11/24/a\n" + bad + "\thttps://example.test/b\n" + filepath.Join(dir, "missing") + "\n"
	var out bytes.Buffer
	var inspector extract.Inspector
	if err := inspector.Run(context.Background(), strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	var lines []map[string]any
	for line := range strings.Lines(out.String()) {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, v)
	}
	if len(lines) != 3 {
		t.Fatalf("%d lines, want 3", len(lines))
	}
	first := lines[0]
	if first["file"] != good || first["error"] != nil || first["title"] != "Ferry runs aground off the cape" || first["published"] != "2026-11-24T00:00:00Z" {
		t.Errorf("first line: %v", first)
	}
	if text, _ := first["text"].(string); !strings.Contains(text, "brought ashore") {
		t.Errorf("text %q", text)
	}
	for _, v := range lines[1:] {
		if v["error"] == nil || v["authors"] == nil || v["published"] != nil {
			t.Errorf("line of a file that cannot be read: %v", v)
		}
	}
}

func TestInspectStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := extract.Inspector{}.Run(ctx, strings.NewReader("a\tb\n"), &bytes.Buffer{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestExplain(t *testing.T) {
	page := wrap(piece)
	c, verdicts, err := extract.Options{Now: now}.Explain(page, "", "https://example.test/2026/11/24/a")
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, v := range verdicts {
		if v.By == "" || v.Score < 0 || v.Score > 1 {
			t.Errorf("verdict %+v", v)
		}
		if v.Kept {
			kept++
			if !strings.Contains(c.Text, v.Text) {
				t.Errorf("kept, but not in the text: %q", v.Text)
			}
		}
	}
	if kept < len(c.Blocks) || kept == len(verdicts) {
		t.Errorf("%d of %d kept for %d blocks", kept, len(verdicts), len(c.Blocks))
	}
	for i, at := range c.Offsets {
		if !strings.HasPrefix(c.Text[at:], c.Blocks[i]) {
			t.Errorf("block %d does not begin at %d", i, at)
		}
	}
}
