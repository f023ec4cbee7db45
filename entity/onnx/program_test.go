package onnx

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet.example/cmd/cli"
	"broadsheet.example/entity"
)

// TestProgram runs the command line with a model that knows a name in small
// letters, which Broadsheet's own would never take for one.
func TestProgram(t *testing.T) {
	parts := cli.Parts{LoadModel: func(dir string, log *slog.Logger) (entity.Labeler, error) { return Load(dir, log) }}
	dir := t.TempDir()
	file := filepath.Join(dir, "broadsheet.yaml")
	if err := os.WriteFile(file, []byte("data_dir: "+filepath.Join(dir, "data")+"\nentity:\n  model: "+tiny().write(t)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(in string, line ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if status := cli.Run(t.Context(), parts, append(line, "--config", file), strings.NewReader(in), &out, &errs); status != 0 {
			t.Fatalf("%v: status %d: %s", line, status, errs.String())
		}
		return out.String()
	}
	if got, want := run(`{"id":1,"text":"they spoke of ada reyes"}`, "inspect", "entities"), `"start":14,"end":23,"type":"person"`; !strings.Contains(got, want) {
		t.Errorf("%s lacks %s", got, want)
	}
	article := `{"url":"https://news.example/a","title":"The vote","publishedAt":"2024-04-18","content":"The HARBOR of LISBON, spoke Zoë Reyes. The Council in Paris spoke."}`
	run(article, "import", "-")
	got := run("", "entities", "list")
	for _, want := range []string{"Lisbon", "Zoë Reyes", "HARBOR"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
	if strings.Contains(got, "Paris") {
		t.Errorf("%s has what the model does not know", got)
	}
}
