package cli

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet.example/entity"
	"broadsheet.example/news"
)

// firstWord takes the first five bytes of every text for a place.
type firstWord struct{}

func (firstWord) Label(text string) ([]news.Mention, bool) {
	return []news.Mention{{End: min(5, len(text)), Type: news.Place}}, true
}

// TestModel shows what entity.model comes to in programs with and without what
// runs models.
func TestModel(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "broadsheet.yaml")
	if err := os.WriteFile(file, []byte("entity:\n  model: mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	loaded := ""
	able := Parts{LoadModel: func(dir string, _ *slog.Logger) (entity.Labeler, error) {
		loaded = dir
		return firstWord{}, nil
	}}
	broken := Parts{LoadModel: func(string, *slog.Logger) (entity.Labeler, error) { return nil, errors.New("no model.onnx there") }}
	inspect := []string{"inspect", "entities"}
	tests := []struct {
		name   string
		parts  Parts
		line   []string
		status int
		want   []string // in what is printed
	}{
		{"able", able, inspect, exitOK, []string{`"start":0,"end":5,"type":"place"`}},
		{"cannot load", broken, inspect, exitFailed, []string{"entity.model", "no model.onnx there"}},
		{"without", Parts{}, inspect, exitFailed, []string{"entity.model", filepath.Join(dir, "mine"), "broadsheet-onnx", "docs/entities.md"}},
		{"without, serving", Parts{}, []string{"serve", "--listen", "127.0.0.1:0", "--data-dir", filepath.Join(dir, "data")}, exitFailed, []string{"broadsheet-onnx"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			in := strings.NewReader(`{"id":1,"text":"alpha said so"}`)
			status := Run(t.Context(), tt.parts, append(tt.line, "--config", file), in, &out, &errs)
			if status != tt.status {
				t.Errorf("status %d, want %d", status, tt.status)
			}
			for _, w := range tt.want {
				if got := out.String() + errs.String(); !strings.Contains(got, w) {
					t.Errorf("%q lacks %q", got, w)
				}
			}
		})
	}
	if want := filepath.Join(dir, "mine"); loaded != want {
		t.Errorf("loaded %q, want %q, which is beside the configuration", loaded, want)
	}
}
