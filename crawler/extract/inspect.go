package extract

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// maxInspectFile is how much of a file Inspect reads.
const maxInspectFile = 16 << 20

// inspected is one line of Inspect's output.
type inspected struct {
	File      string   `json:"file"`
	Error     *string  `json:"error"`
	Text      string   `json:"text"`
	Title     string   `json:"title"`
	Authors   []string `json:"authors"`
	Published *string  `json:"published"`

	*details
}

// details are what a person wants to know beyond that.
type details struct {
	PublishedFrom      string    `json:"publishedFrom,omitempty"`
	PublishedPrecision string    `json:"publishedPrecision,omitempty"`
	PublishedRaw       string    `json:"publishedRaw,omitempty"`
	Updated            time.Time `json:"updated,omitzero"`
	Canonical          string    `json:"canonical,omitempty"`
	Publisher          string    `json:"publisher,omitempty"`
	SiteName           string    `json:"siteName,omitempty"`
	Section            string    `json:"section,omitempty"`
	Tags               []string  `json:"tags,omitempty"`
	Language           string    `json:"language,omitempty"`
	Image              string    `json:"image,omitempty"`
	ImageWidth         int       `json:"imageWidth,omitempty"`
	ImageHeight        int       `json:"imageHeight,omitempty"`
	Description        string    `json:"description,omitempty"`
	EditorNote         string    `json:"editorNote,omitempty"`
	Words              int       `json:"words"`
	Offsets            []int     `json:"offsets,omitempty"`
	Completeness       string    `json:"completeness,omitempty"`
	Access             Access    `json:"access,omitempty"`
	WallMarkers        int       `json:"wallMarkers,omitempty"`
	WallPrompts        []string  `json:"wallPrompts,omitempty"`
	NoIndex            bool      `json:"noIndex,omitempty"`
	// LeftOut are the blocks that the page's site repeats.
	LeftOut  []string  `json:"leftOut,omitempty"`
	Verdicts []Verdict `json:"verdicts,omitempty"`
}

// Inspector writes what is made of pages. The zero value is ready to use.
type Inspector struct {
	// Explain adds, in "verdicts", what [Options.Explain] tells of each block.
	Explain bool
	// Filter splits the blocks of a page into those that stay and those that its
	// site repeats; nil keeps all.
	Filter func(address string, blocks []string) (kept, dropped []string)
}

// Run reads lines "PATH TAB URL" and writes for each, in order, one JSON object
// of what [Page] makes of the file. A file that cannot be read or extracted is
// reported in its object's "error".
func (i Inspector) Run(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for lines.Scan() {
		if err := ctx.Err(); err != nil {
			return err
		}
		path, address, _ := strings.Cut(lines.Text(), "\t")
		if path == "" {
			continue
		}
		if err := enc.Encode(i.file(path, strings.TrimSpace(address))); err != nil {
			return fmt.Errorf("inspect page: %w", err)
		}
		if err := w.Flush(); err != nil {
			return fmt.Errorf("inspect page: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("inspect page: %w", err)
	}
	return nil
}

func (i Inspector) file(path, address string) inspected {
	line := inspected{File: path, Authors: []string{}}
	body, err := readFile(path)
	if err == nil {
		err = i.extract(&line, body, address)
	}
	if err != nil {
		text := err.Error()
		line.Error = &text
	}
	return line
}

func (i Inspector) extract(l *inspected, body []byte, address string) error {
	p, c, err := Options{}.read(body, "", address)
	if err != nil {
		return err
	}
	var verdicts []Verdict
	if i.Explain {
		verdicts = p.verdicts(c)
	}
	var dropped []string
	if i.Filter != nil {
		var kept []string
		kept, dropped = i.Filter(address, c.Blocks)
		c.SetBlocks(kept)
	}
	l.fill(c)
	l.LeftOut, l.Verdicts = dropped, bySite(verdicts, dropped)
	return nil
}

// bySite says of the blocks that their site repeats who dropped them.
func bySite(verdicts []Verdict, dropped []string) []Verdict {
	for i, v := range verdicts {
		if v.Kept && slices.Contains(dropped, v.Text) {
			verdicts[i].Kept, verdicts[i].By = false, BySite
		}
	}
	return verdicts
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxInspectFile))
}

func (l *inspected) fill(c *Content) {
	l.Text, l.Title = c.Text, c.Title
	if len(c.Authors) > 0 {
		l.Authors = c.Authors
	}
	if !c.Published.Time.IsZero() {
		t := c.Published.Time.Format(time.RFC3339)
		l.Published = &t
	}
	l.details = &details{
		PublishedFrom: string(c.Published.Source), PublishedPrecision: string(c.Published.Precision), PublishedRaw: c.Published.Raw,
		Updated:      c.Updated,
		Canonical:    c.Canonical,
		Publisher:    c.Publisher.Name,
		SiteName:     c.SiteName,
		Section:      c.Section,
		Tags:         c.Tags,
		Language:     c.Language,
		Image:        c.Image.URL,
		ImageWidth:   c.Image.Width,
		ImageHeight:  c.Image.Height,
		Offsets:      c.Offsets,
		Access:       c.Wall.Access,
		WallMarkers:  c.Wall.Markers,
		WallPrompts:  c.Wall.Prompts,
		NoIndex:      c.Robots.NoIndex,
		Description:  c.Description,
		EditorNote:   c.EditorNote,
		Words:        c.Words,
		Completeness: string(Completeness(c, 0)),
	}
}
