package extract

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	readability "codeberg.org/readeck/go-readability/v2"
	distiller "github.com/markusmobius/go-domdistiller"
	trafilatura "github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

// lesson is one page as train.py learns from it.
type lesson struct {
	File    string   `json:"file"`
	URL     string   `json:"url"`
	With    []string `json:"with"`
	Without []string `json:"without"`
	Blocks  []sample `json:"blocks"`
}

// sample is one block: its vector, and how much of it each teacher keeps.
type sample struct {
	Text   string     `json:"text"`
	Votes  [3]float32 `json:"votes"`
	Vector vector     `json:"vector"`
}

// lessonPage is a page of the corpus; those of dates.json have no passages.
type lessonPage struct {
	File, URL     string
	With, Without []string
}

// TestWriteLessons writes what train.py learns from: for each block of the
// corpus its vector, the verdicts of three other extractors, and the passages
// that people marked on its page.
func TestWriteLessons(t *testing.T) {
	dir, out := os.Getenv("BROADSHEET_CORPORA"), os.Getenv("BROADSHEET_LESSONS")
	if dir == "" || out == "" {
		t.Skip("BROADSHEET_CORPORA (pages) and BROADSHEET_LESSONS (file to write) are not both set")
	}
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)
	for _, list := range []string{"text.json", "dates.json"} {
		data, err := os.ReadFile(filepath.Join(dir, "pages", list))
		if err != nil {
			t.Fatal(err)
		}
		var pages []lessonPage
		if err := json.Unmarshal(data, &pages); err != nil {
			t.Fatal(err)
		}
		for _, p := range pages {
			if err := enc.Encode(learn(t, p, filepath.Join(dir, "pages", "html", p.File))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func learn(t *testing.T, p lessonPage, path string) lesson {
	t.Helper()
	l := lesson{File: p.File, URL: p.URL, With: p.With, Without: p.Without, Blocks: []sample{}}
	doc, err := parse(decode(readGzip(t, path), ""))
	if err != nil {
		return l
	}
	votes := teach(doc, p.URL)
	seg := segment(doc)
	for i, v := range newDescriber(seg, scanPage(doc)).describe() {
		s := sample{Text: seg.blocks[i].text, Vector: v}
		words := tokens(s.Text)
		for j := range votes {
			s.Votes[j] = votes[j].cover(words)
		}
		l.Blocks = append(l.Blocks, s)
	}
	return l
}

// teach asks the teachers for the text of a page.
func teach(doc *html.Node, address string) [3]grams {
	u, err := url.Parse(address)
	if err != nil {
		u = &url.URL{}
	}
	votes := [3]grams{{}, {}, {}}
	options := trafilatura.Options{OriginalURL: u, ExcludeComments: true, HtmlDateMode: trafilatura.Disabled, EnableFallback: true}
	if r, err := trafilatura.ExtractDocument(copyTree(doc), options); err == nil {
		votes[0].addAll(segment(r.ContentNode).blocks)
	}
	reader := readability.NewParser()
	if a, err := reader.ParseAndMutate(copyTree(doc), u); err == nil && a.Node != nil {
		votes[1].addAll(segment(a.Node).blocks)
	}
	if r, err := distiller.Apply(copyTree(doc), &distiller.Options{OriginalURL: u, SkipPagination: true}); err == nil && r != nil {
		for line := range strings.Lines(r.Text) {
			votes[2].add(tokens(line))
		}
	}
	return votes
}

func (g grams) addAll(blocks []block) {
	for i := range blocks {
		g.add(tokens(blocks[i].text))
	}
}

func copyTree(n *html.Node) *html.Node {
	c := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: append([]html.Attribute(nil), n.Attr...)}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.AppendChild(copyTree(child))
	}
	return c
}

func readGzip(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
