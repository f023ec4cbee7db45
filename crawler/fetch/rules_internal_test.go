package fetch

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jimsmart/grobotstxt"
)

// TestGoogleCases runs the cases of Google's own robots.txt parser.
func TestGoogleCases(t *testing.T) {
	dir := os.Getenv("BROADSHEET_CORPORA")
	if dir == "" {
		t.Skip("set BROADSHEET_CORPORA to a folder with robots/cases.tsv to run this test")
	}
	table, err := os.ReadFile(filepath.Join(dir, "robots", "cases.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(table)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 5 {
			t.Fatalf("line %q has %d fields, want 5", line, len(f))
		}
		n++
		body, agent, url := unhexText(t, f[1]), unhexText(t, f[2]), unhexText(t, f[3])
		if got, _ := parseRules(body, agent).allows(url); got != (f[4] == "1") {
			t.Errorf("%s: agent %q, URL %q, allowed = %v, want %s\n%s", f[0], agent, url, got, f[4], body)
		}
	}
	if n != 145 {
		t.Errorf("%d cases, want 145", n)
	}
}

func unhexText(t *testing.T, s string) string {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRules(t *testing.T) {
	for _, tt := range []struct {
		name, robots, path string
		want               bool
	}{
		{"empty", "", "/a", true},
		{"everything", "User-agent: *\nDisallow: /", "/a", false},
		{"nothing", "User-agent: *\nDisallow:", "/a", true},
		{"own group beats star", "User-agent: *\nDisallow: /\n\nUser-agent: broadsheet\nDisallow: /x", "/a", true},
		{"own groups merge", "User-agent: Broadsheet\nDisallow: /a\nUser-agent: other\nDisallow: /\nUser-agent: BROADSHEET\nDisallow: /b", "/b", false},
		{"version is no part of the name", "User-agent: Broadsheet/2.0\nDisallow: /a", "/a", false},
		{"somebody else", "User-agent: Broadsheets\nDisallow: /", "/a", true},
		{"longest wins", "User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true},
		{"tie allows", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", true},
		{"star", "User-agent: *\nDisallow: /*.pdf", "/x/y.pdf?z", false},
		{"star at the end", "User-agent: *\nDisallow: /a*", "/abc", false},
		{"end", "User-agent: *\nDisallow: /*.pdf$", "/x.pdf?z", true},
		{"end reached", "User-agent: *\nDisallow: /*.pdf$", "/x.pdf.pdf", false},
		{"overlapping pieces", "User-agent: *\nDisallow: /ab*ba$", "/aba", true},
		{"query", "User-agent: *\nDisallow: /*?print=", "/a?print=1", false},
		{"letter case counts", "User-agent: *\nDisallow: /A", "/a", true},
		{"beyond ASCII", "User-agent: *\nDisallow: /é", "/%C3%A9", false},
		{"beyond ASCII, with escapes", "User-agent: *\nDisallow: /%2fé", "/%2F%C3%A9/a", false},
		{"byte order mark", "\ufeffUser-agent: *\nDisallow: /", "/a", false},
		{"comment", "# hello\nUser-agent: * # all\nDisallow: /a # here", "/a", false},
		{"carriage returns", "User-agent: *\rDisallow: /a\r", "/a", false},
		{"index page", "User-agent: *\nDisallow: /\nAllow: /x/index.html", "/x/", true},
		{"HTML is no robots.txt", "<html><body>not found</body></html>", "/a", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := parseRules(tt.robots, "Broadsheet").allows("https://example.com" + tt.path); got != tt.want {
				t.Errorf("allowed = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestCrawlDelay(t *testing.T) {
	for _, tt := range []struct {
		name, robots string
		want         time.Duration
	}{
		{"none", "User-agent: *\nDisallow:", 0},
		{"star", "User-agent: *\nCrawl-delay: 2", 2 * time.Second},
		{"fraction", "User-agent: *\ncrawl-delay: 0.5", time.Second / 2},
		{"own group without", "User-agent: *\nCrawl-delay: 2\nDisallow: /a\n\nUser-agent: broadsheet\nDisallow: /x", 0},
		{"own group", "User-agent: *\nCrawl-delay: 2\nDisallow: /a\n\nUser-agent: broadsheet\nCrawl-delay: 7", 7 * time.Second},
		{"negative", "User-agent: *\nCrawl-delay: -3", 0},
		{"not a number", "User-agent: *\nCrawl-delay: NaN", 0},
		{"words", "User-agent: *\nCrawl-delay: slow", 0},
		{"infinite", "User-agent: *\nCrawl-delay: Inf", 1e6 * time.Second},
		{"outside of groups", "Crawl-delay: 5\nUser-agent: *\nDisallow:", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := parseRules(tt.robots, "Broadsheet").delay; got != tt.want {
				t.Errorf("delay = %v, want %v", got, tt.want)
			}
		})
	}
}

// FuzzRules compares with the matcher of grobotstxt, which evaluates every
// line for one URL and keeps nothing.
func FuzzRules(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /*c\n", "/aXb")
	f.Add("user-agent: broadsheet/1 x\ndisallow /x\nAllow: /x/index.html\n", "/x/")
	f.Add("User-agent:* a\nUser agent: broadsheet\rDisalow: //**$\n", "//?;")
	f.Add("User-agent: *\nDisallow: $\nAllow: *\nCrawl-delay: 1e9", "/")
	f.Fuzz(func(t *testing.T, robots, path string) {
		if strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("%#\"<>\\^`{|}[]", r) }) {
			t.Skip("grobotstxt would re-encode it")
		}
		url := "https://example.com/" + path
		got, _ := parseRules(robots, "Broadsheet").allows(url)
		if want := grobotstxt.AgentAllowed(robots, "Broadsheet", url); got != want {
			t.Errorf("allowed = %v, want %v for %q under\n%q", got, want, url, robots)
		}
	})
}
