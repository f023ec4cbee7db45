package web_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	esbuild "github.com/evanw/esbuild/pkg/api"
)

var update = flag.Bool("update", false, "write dist anew from src")

// bundle makes what belongs in dist of the sources.
func bundle(t *testing.T) map[string][]byte {
	t.Helper()
	built := esbuild.Build(esbuild.BuildOptions{
		EntryPoints: []string{"src/app.ts", "src/app.css", "src/icon.svg"}, Bundle: true, Outdir: "dist",
		Loader: map[string]esbuild.Loader{".svg": esbuild.LoaderCopy},
		Format: esbuild.FormatIIFE, Target: esbuild.ES2022, Charset: esbuild.CharsetUTF8,
		MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
	})
	for _, m := range slices.Concat(built.Errors, built.Warnings) {
		t.Fatalf("bundle: %s at %v", m.Text, m.Location)
	}
	out := map[string][]byte{}
	for _, f := range built.OutputFiles {
		out[filepath.Base(f.Path)] = f.Contents
	}
	return out
}

// stale says what of the folder is not as it was built.
func stale(t *testing.T, dir string, built map[string][]byte) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var problems []string
	there := map[string]bool{}
	for _, e := range entries {
		there[e.Name()] = true
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if want, ok := built[e.Name()]; !ok {
			problems = append(problems, e.Name()+" is built from nothing")
		} else if !bytes.Equal(text, want) {
			problems = append(problems, e.Name()+" is stale")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(built)) {
		if !there[name] {
			problems = append(problems, name+" is missing")
		}
	}
	return problems
}

// TestBundleIsFresh compares dist with what its sources make; with -update it
// writes dist first.
func TestBundleIsFresh(t *testing.T) {
	built := bundle(t)
	if *update {
		write(t, "dist", built)
	}
	for _, p := range stale(t, "dist", built) {
		t.Errorf("dist: %s: run go generate ./api/web", p)
	}
}

func TestBundleThatIsStaleIsNoticed(t *testing.T) {
	built := bundle(t)
	tests := []struct {
		name   string
		change func(map[string][]byte)
		want   string
	}{
		{"fresh", func(map[string][]byte) {}, "[]"},
		{"a letter more", func(m map[string][]byte) { m["app.js"] = append(slices.Clone(m["app.js"]), ' ') }, "[app.js is stale]"},
		{"old style", func(m map[string][]byte) {
			m["app.css"] = bytes.Replace(m["app.css"], []byte("body"), []byte("main"), 1)
		}, "[app.css is stale]"},
		{"missing", func(m map[string][]byte) { delete(m, "icon.svg") }, "[icon.svg is missing]"},
		{"left over", func(m map[string][]byte) { m["old.js"] = nil }, "[old.js is built from nothing]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := maps.Clone(built)
			tt.change(files)
			dir := t.TempDir()
			write(t, dir, files)
			if got := fmt.Sprint(stale(t, dir, built)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func write(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
