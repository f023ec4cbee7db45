package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/configs"
)

// manual is docs/operations.md and the blocks of a kind in it.
func manual(t *testing.T, kind string) (text string, blocks []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```"+kind+"\n(.*?)```").FindAllStringSubmatch(string(b), -1) {
		blocks = append(blocks, m[1])
	}
	if len(blocks) == 0 {
		t.Fatalf("the manual has no block of kind %q", kind)
	}
	return string(b), blocks
}

func TestOperationsConfigurations(t *testing.T) {
	_, blocks := manual(t, "yaml")
	for _, block := range blocks {
		if strings.Contains(block, "scrape_configs:") { // Prometheus's
			continue
		}
		file := filepath.Join(t.TempDir(), "broadsheet.yaml")
		if err := os.WriteFile(file, []byte(block), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := configs.Load(file, nil)
		if err == nil {
			err = c.Validate()
		}
		if err != nil {
			t.Errorf("%v in\n%s", err, block)
		}
	}
}

func TestOperationsCommands(t *testing.T) {
	text, blocks := manual(t, "sh")
	var lines []string
	for line := range strings.Lines(strings.Join(blocks, "")) {
		if _, line, ok := strings.Cut(line, "broadsheet broadsheet "); ok { // sudo -u broadsheet
			lines = append(lines, line)
		} else if line, ok := strings.CutPrefix(line, "broadsheet "); ok {
			lines = append(lines, line)
		}
	}
	for _, m := range regexp.MustCompile("`broadsheet ([^`]+)`").FindAllStringSubmatch(text, -1) {
		lines = append(lines, m[1])
	}
	if len(lines) < 12 {
		t.Fatalf("only %d commands found", len(lines))
	}
	for _, line := range lines {
		c, rest, err := newRoot(&app{}).Find(strings.Fields(line))
		if err == nil && !c.HasParent() {
			t.Errorf("broadsheet %s: there is no such command", line)
			continue
		}
		if err == nil {
			err = c.ParseFlags(rest)
		}
		if err == nil && c.Args != nil && len(c.Flags().Args()) > 0 { // else only the command is named
			err = c.ValidateArgs(c.Flags().Args())
		}
		if err != nil {
			t.Errorf("broadsheet %s: %v", line, err)
		}
	}
}

// checkMeasurements compares those of a process at work with the manual.
func checkMeasurements(t *testing.T, dir string) {
	text, _ := manual(t, "sh")
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`(broadsheet_[a-z_]+)`").FindAllStringSubmatch(text, -1) {
		named[m[1]] = true
	}
	shown, err := (&client{http: overSocket(socketPath(dir))}).text(t.Context(), toolCall{path: "/metrics"})
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^# TYPE (broadsheet_[a-z_]+) ").FindAllStringSubmatch(shown, -1) {
		there[m[1]] = true
	}
	if diff := cmp.Diff(named, there); diff != "" {
		t.Errorf("what the manual names (-) and what there is (+):\n%s", diff)
	}
}
