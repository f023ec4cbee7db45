package cli

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"broadsheet.example/crawler/extract"
)

// maxEvalPage is how much of a page is read.
const maxEvalPage = 16 << 20

func newEval(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "eval",
		Short: "Measure against what people have marked",
	}
	c.AddCommand(&cobra.Command{
		Use: "pages DIR", Short: "Text, titles, authors and dates of pages", Args: args(cobra.ExactArgs(1)),
		Long: "Measure what is extracted from the pages of DIR: html/*.html.gz, with text.json\n" +
			"(a list of file, url, with, without, title, author) and dates.json (a list of file,\nurl, date).",
		RunE: func(_ *cobra.Command, list []string) error { return a.evalPages(list[0]) },
	})
	c.AddCommand(newEvalRelevance(a))
	return c
}

// annotated is what people marked on a page: passages of its text and others,
// its title and authors, or its day.
type annotated struct {
	File    string          `json:"file"`
	URL     string          `json:"url"`
	With    []string        `json:"with"`
	Without []string        `json:"without"`
	Title   string          `json:"title"`
	Author  json.RawMessage `json:"author"`
	Date    string          `json:"date"`
}

// share counts right answers among those asked for.
type share struct{ right, all int }

func (s *share) add(right bool) {
	s.all++
	if right {
		s.right++
	}
}

func (s share) String() string {
	return fmt.Sprintf("%d of %d = %.1f %%", s.right, s.all, 100*float64(s.right)/float64(max(s.all, 1)))
}

// pageScore sums up the measures.
type pageScore struct {
	found, missed, extra   int // passages
	title, authors, date   share
	pages, errors, missing int // missing dates
}

func (a *app) evalPages(dir string) error {
	var texts, dates []annotated
	if err := errors.Join(readAnnotated(dir, "text.json", &texts), readAnnotated(dir, "dates.json", &dates)); err != nil {
		return fmt.Errorf("eval pages: %w", err)
	}
	var s pageScore
	var cpu time.Duration
	for _, p := range texts {
		c, took, err := extractPage(dir, p)
		if err != nil {
			return fmt.Errorf("eval pages: %w", err)
		}
		cpu += took
		s.addText(p, c)
	}
	for _, p := range dates {
		c, _, err := extractPage(dir, p)
		if err != nil {
			return fmt.Errorf("eval pages: %w", err)
		}
		s.addDate(p, c)
	}
	a.printScore(&s, cpu)
	return nil
}

func (a *app) printScore(s *pageScore, cpu time.Duration) {
	ratio := func(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
	a.printf("text: F1 %.4f  precision %.4f  recall %.4f  on %d pages, %d errors, %.0f pages/CPU-s\n",
		ratio(2*s.found, 2*s.found+s.extra+s.missed), ratio(s.found, s.found+s.extra), ratio(s.found, s.found+s.missed),
		s.pages, s.errors, float64(s.pages)/max(cpu.Seconds(), 1e-9))
	a.printf("title: %v   authors: %v\n", s.title, s.authors)
	a.printf("date: %v, %d missing, %d wrong\n", s.date, s.missing, s.date.all-s.date.right-s.missing)
}

// readAnnotated reads a list of annotations; a file that is not there is empty.
func readAnnotated(dir, name string, into *[]annotated) error {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// extractPage extracts a page and tells the CPU time that took. A page that is
// refused gives no content.
func extractPage(dir string, p annotated) (*extract.Content, time.Duration, error) {
	if !filepath.IsLocal(p.File) {
		return nil, 0, fmt.Errorf("%q is not a file of the directory", p.File)
	}
	f, err := os.Open(filepath.Join(dir, "html", p.File))
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", p.File, err)
	}
	body, err := io.ReadAll(io.LimitReader(z, maxEvalPage))
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", p.File, err)
	}
	before := cpuTime()
	c, err := extract.Page(body, "", p.URL)
	if err != nil {
		c = nil
	}
	return c, cpuTime() - before, nil
}

// cpuTime is the processor time that this process has taken so far.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (s *pageScore) addText(p annotated, c *extract.Content) {
	s.pages++
	if c == nil {
		s.errors++
		c = &extract.Content{}
	}
	text := foldSpace(c.Text)
	for _, passage := range p.With {
		if strings.Contains(text, foldSpace(passage)) {
			s.found++
		} else {
			s.missed++
		}
	}
	for _, passage := range p.Without {
		if strings.Contains(text, foldSpace(passage)) {
			s.extra++
		}
	}
	if p.Title != "" {
		s.title.add(plainKey(p.Title) == plainKey(c.Title))
	}
	if names := p.authors(); len(names) > 0 {
		s.authors.add(sameNames(names, c.Authors))
	}
}

func (s *pageScore) addDate(p annotated, c *extract.Content) {
	if c == nil || c.Published.Time.IsZero() {
		s.missing++
		s.date.add(false)
		return
	}
	s.date.add(c.Published.Time.Format(time.DateOnly) == p.Date)
}

// authorJoin is what stands between the names in one text.
var authorJoin = regexp.MustCompile(`[;,]| and | & `)

// authors are the names marked, which are a list or one text.
func (p annotated) authors() []string {
	var list []string
	var line string
	switch {
	case json.Unmarshal(p.Author, &list) == nil:
		return list
	case json.Unmarshal(p.Author, &line) == nil && line != "":
		return authorJoin.Split(line, -1)
	}
	return nil
}

func sameNames(a, b []string) bool {
	set := func(names []string) map[string]bool {
		out := map[string]bool{}
		for _, n := range names {
			if k := plainKey(n); k != "" {
				out[k] = true
			}
		}
		return out
	}
	x, y := set(a), set(b)
	for n := range x {
		if !y[n] {
			return false
		}
	}
	return len(x) == len(y)
}

func foldSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

// plainKey is the words of a text in lower case.
func plainKey(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
	}), " ")
}
