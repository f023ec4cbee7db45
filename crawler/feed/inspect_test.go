package feed_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/crawler/feed"
)

func TestInspect(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.xml"), filepath.Join(dir, "bad.xml")
	write(t, good, rss(`<title>T</title><item><title>a &lt;b&gt;</title><link>/1</link><pubDate>Thu, 26 Nov 2026 10:00:00 +0100</pubDate></item>`))
	write(t, bad, "nothing")
	in := strings.Join([]string{good + "\tapplication/rss+xml\thttps://press.example/", "", good, bad, filepath.Join(dir, "missing.xml")}, "\n")
	var out bytes.Buffer
	if err := feed.Inspect(context.Background(), strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 {
		t.Fatalf("got %d lines, want 4:\n%s", len(lines), out.String())
	}
	want := `{"file":"` + good + `","error":null,"feed":{"type":"rss20","title":"T"},"items":[{"title":"a <b>",` +
		`"link":"https://press.example/1","published":"2026-11-26T09:00:00Z","dateRaw":"Thu, 26 Nov 2026 10:00:00 +0100",` +
		`"links":[{"url":"https://press.example/1","rel":"alternate","type":"text/html"}]}]}`
	if diff := cmp.Diff(want, lines[0]); diff != "" {
		t.Errorf("first line (-want +got):\n%s", diff)
	}
	for _, line := range lines[2:] {
		var got struct{ File, Error string }
		if err := json.Unmarshal([]byte(line), &got); err != nil || got.Error == "" || got.File == "" {
			t.Errorf("got %s (%v), want a file and an error", line, err)
		}
	}
}

func TestInspectCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := feed.Inspect(ctx, strings.NewReader("a\nb\n"), &bytes.Buffer{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
