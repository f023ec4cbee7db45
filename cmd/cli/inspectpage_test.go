package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// repeated are phrases that the demo's pages repeat: walls, cookie notices,
// newsletters, headings of lists.
var repeated = []string{
	"Sign up to read this article", "Subscribe to continue reading", "use cookies to improve your experience",
	"use cookies to keep you signed in", "in your inbox every evening", "before the Singapore open",
	"What the people in the next room will be talking about", "Related stories", "Read next",
}

// checkBoilerplate searches for what pages repeat, which must not bring up their
// articles. What is learnt late reaches the first ones a moment later.
func checkBoilerplate(t *testing.T, dir string) {
	all := reply(t, dir, "after:1990-01-01", "--size", "0").Total
	most, lines := 2, 0
	for deadline := time.Now().Add(time.Minute); most > 1 && time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		most, lines = 0, 0
		for _, phrase := range repeated {
			n := reply(t, dir, `content:"`+phrase+`"`, "--size", "0").Total
			most, lines = max(most, n), lines+n
		}
	}
	perPage := float64(lines) / float64(max(all, 1))
	t.Logf("%d articles, %.3f boilerplate lines a page", all, perPage)
	if all < 80 || most > 1 || perPage >= 0.1 {
		t.Errorf("%d articles with %.3f boilerplate lines a page, a phrase in %d of them; want 80 at least, less than 0.1, at most one", all, perPage, most)
	}
}

func TestInspectPageLearnsFromItsSite(t *testing.T) {
	const wall = "Read on with a trial of fourteen days, which costs nothing and ends by itself when they are over."
	dir := t.TempDir()
	var list []string
	for i, subject := range []string{"ferry", "bridge", "harbor", "market", "council"} {
		path := filepath.Join(dir, subject+".html")
		story := fmt.Sprintf("<p>The %s was closed on Monday after the storm, and the %[1]s office said that it would take %d days to repair.</p>", subject, i+3)
		page := "<html><head><title>The " + subject + " is closed</title></head><body><article>" + story +
			fmt.Sprintf("<p>Nobody was hurt at the %s, where %d people had waited since the morning.</p><p>%s</p></article></body></html>", subject, 40+i, wall)
		if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		list = append(list, path+"\thttps://paper.example/"+subject)
	}
	for _, line := range [][]string{list, append([]string{"--site", "--explain"}, list...)} {
		site := line[0] == "--site"
		for out := range strings.Lines(must(t, dir, append([]string{"inspect", "page"}, line...)...)) {
			var page struct {
				File, Text string
				LeftOut    []string
				Verdicts   []struct{ Text, By string }
			}
			if err := json.Unmarshal([]byte(out), &page); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(page.Text, wall) == site || slices.Contains(page.LeftOut, wall) != site {
				t.Errorf("%s, site %t: the wall is not where it should be in %s", page.File, site, out)
			}
			if by := (struct{ Text, By string }{wall, "site"}); site && !slices.Contains(page.Verdicts, by) {
				t.Errorf("%s: no verdict says that the site repeats the wall: %s", page.File, out)
			}
		}
	}
}
