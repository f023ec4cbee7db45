package cli

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// evalDir makes a directory of one page, which is asked for a text, a passage
// that is not on it, and both a right and a wrong day.
func evalDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "html"), 0o755); err != nil {
		t.Fatal(err)
	}
	line := "The harbor council voted on Tuesday to reopen the northern pier, eleven months after a winter storm tore away its wall. "
	page := `<html><head><title>Pier to reopen in spring</title><meta name="author" content="Mirela Oduya">
<meta property="article:published_time" content="2026-11-24T08:00:00Z"></head><body><nav><a href="/">Home</a></nav>
<article><h1>Pier to reopen in spring</h1><p>` + line + `</p><p>` + strings.Repeat("Fishing crews had landed their catch at a port far away. ", 4) + `</p></article></body></html>`
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write([]byte(page)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"html/a.html.gz": z.String(),
		"text.json": `[{"file":"a.html.gz","url":"https://example.test/a","with":["the northern  pier","not there"],"without":["Home"],` +
			`"title":"Pier to reopen, in spring!","author":"Mirela Oduya and Tomas Iwu"}]`,
		"dates.json": `[{"file":"a.html.gz","url":"https://example.test/a","date":"2026-11-24"},{"file":"a.html.gz","url":"","date":"2026-11-25"}]`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestEvalPages(t *testing.T) {
	out := must(t, t.TempDir(), "eval", "pages", evalDir(t))
	for _, part := range []string{
		"F1 0.6667  precision 1.0000  recall 0.5000  on 1 pages, 0 errors",
		"title: 1 of 1 = 100.0 %   authors: 0 of 1 = 0.0 %",
		"date: 1 of 2 = 50.0 %, 0 missing, 1 wrong",
	} {
		if !strings.Contains(out, part) {
			t.Errorf("%q lacks %q", out, part)
		}
	}
}

func TestEvalPagesFails(t *testing.T) {
	dir := evalDir(t)
	if err := os.WriteFile(filepath.Join(dir, "text.json"), []byte(`[{"file":"../a.html.gz"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, t.TempDir(), []string{"not a file of the directory"}, "eval", "pages", dir)
}
