// Package broadsheet_test holds what is checked of the house as a whole.
package broadsheet_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "broadsheet.example/"

// mayImport says which of our packages each part of the house may know, besides
// its own subfolders. A part is the longest key that is a prefix of the package.
var mayImport = map[string][]string{
	"news/query": {},
	"news":       {"news/query"},
	"configs":    {"news"},
	"demo":       {"news"},
	"entity":     {"news"},
	// what the archive as a whole knows of entities
	"entity/authority": {"news", "store", "entity"},
	// the program with a transformer in it, a module of its own
	"entity/onnx/broadsheet-onnx": {"cmd/cli", "entity"},
	"store":                       {"news"},
	"index":                       {"news", "store"},
	"api":                         {"news", "store", "configs/opml", "docs"},
	"crawler":                     {"news", "store"},
	"telemetry":                   {"news"},
	"cmd":                         {"news", "store", "configs", "crawler", "index", "api", "entity", "demo", "telemetry"},
	"bench":                       {"news", "store", "configs", "crawler", "index", "api", "entity", "demo"},
}

// onlyIn names the one part where each large dependency may be imported. Benchmarks
// compare with them, and may import all.
var onlyIn = map[string]string{
	"github.com/gofiber/fiber":            "api",
	"github.com/blevesearch":              "index",
	"github.com/opensearch-project":       "index/opensearch",
	"github.com/mmcdole/gofeed":           "crawler/feed",
	"modernc.org/sqlite":                  "store/sqlite",
	"github.com/jackc/pgx":                "store/postgres",
	"github.com/spf13/cobra":              "cmd",
	"github.com/markusmobius":             "crawler/extract",
	"codeberg.org/readeck/go-readability": "crawler/extract",
	"github.com/jimsmart/grobotstxt":      "crawler/fetch",
	"code.dny.dev/ssrf":                   "crawler/fetch",
	"go.yaml.in/yaml":                     "configs",
	"go.opentelemetry.io":                 "telemetry",
	"github.com/knights-analytics":        "entity/onnx",
	"github.com/gomlx":                    "entity/onnx",
}

// implementations are known to cmd (and to tests) alone.
var implementations = []string{"store/sqlite", "store/postgres", "index/opensearch"}

func TestImports(t *testing.T) {
	for file, imports := range sources(t) {
		dir := filepath.ToSlash(filepath.Dir(file))
		for _, path := range imports {
			if problem := check(file, dir, path); problem != "" {
				t.Errorf("%s imports %s: %s", file, path, problem)
			}
		}
	}
}

func check(file, dir, path string) string {
	isTest := strings.HasSuffix(file, "_test.go")
	if ours, ok := strings.CutPrefix(path, module); ok {
		return checkOurs(dir, ours, isTest)
	}
	for prefix, home := range onlyIn {
		if strings.HasPrefix(path, prefix) && !within(dir, home) && !within(dir, "bench") && !isTest {
			return "belongs in " + home
		}
	}
	if (dir == "news" || dir == "news/query") && strings.Contains(path, ".") && !isTest {
		return "news and news/query import the standard library only"
	}
	return ""
}

func checkOurs(dir, ours string, isTest bool) string {
	part, allowed := partOf(dir)
	switch {
	case isTest: // tests may put real parts together
		return ""
	case slices.Contains(implementations, ours) && part != "cmd" && part != "bench":
		return "an implementation is known to cmd alone"
	case within(ours, part) || within(dir, part) && within(ours, part):
		return ""
	}
	for _, a := range allowed {
		if within(ours, a) {
			return ""
		}
	}
	return part + " may only import " + strings.Join(allowed, ", ")
}

func partOf(dir string) (string, []string) {
	best := ""
	for part := range mayImport {
		if within(dir, part) && len(part) > len(best) {
			best = part
		}
	}
	return best, mayImport[best]
}

// within reports whether path is folder or lies below it.
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// sources returns the imports of every Go file of the module.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || filepath.Dir(path) == ".":
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			out[filepath.ToSlash(path)] = append(out[filepath.ToSlash(path)], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 10 {
		t.Fatalf("only %d files with imports found: is this the module's root?", len(out))
	}
	return out
}
