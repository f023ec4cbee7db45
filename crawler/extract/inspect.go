package extract

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
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
	PublishedFrom string    `json:"publishedFrom,omitempty"`
	Updated       time.Time `json:"updated,omitzero"`
	Canonical     string    `json:"canonical,omitempty"`
	Publisher     string    `json:"publisher,omitempty"`
	SiteName      string    `json:"siteName,omitempty"`
	Section       string    `json:"section,omitempty"`
	Tags          []string  `json:"tags,omitempty"`
	Language      string    `json:"language,omitempty"`
	Image         string    `json:"image,omitempty"`
	Description   string    `json:"description,omitempty"`
	EditorNote    string    `json:"editorNote,omitempty"`
	Words         int       `json:"words"`
	Completeness  string    `json:"completeness,omitempty"`
	Verdicts      []Verdict `json:"verdicts,omitempty"`
}

// Inspect reads lines "PATH TAB URL" and writes for each, in order, one JSON
// object of what [Page] makes of the file. A file that cannot be read or
// extracted is reported in its object's "error".
func Inspect(ctx context.Context, in io.Reader, out io.Writer) error {
	return inspect(ctx, in, out, false)
}

// InspectExplained is [Inspect] with, in "verdicts", what [Options.Explain] tells
// of each block.
func InspectExplained(ctx context.Context, in io.Reader, out io.Writer) error {
	return inspect(ctx, in, out, true)
}

func inspect(ctx context.Context, in io.Reader, out io.Writer, explain bool) error {
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
		if err := enc.Encode(inspectFile(path, strings.TrimSpace(address), explain)); err != nil {
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

func inspectFile(path, address string, explain bool) inspected {
	line := inspected{File: path, Authors: []string{}}
	body, err := readFile(path)
	if err == nil {
		err = line.extract(body, address, explain)
	}
	if err != nil {
		text := err.Error()
		line.Error = &text
	}
	return line
}

func (l *inspected) extract(body []byte, address string, explain bool) error {
	p, c, err := Options{}.read(body, "", address)
	if err != nil {
		return err
	}
	l.fill(c)
	if explain {
		l.Verdicts = p.verdicts(c)
	}
	return nil
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
		PublishedFrom: string(c.Published.Source),
		Updated:       c.Updated,
		Canonical:     c.Canonical,
		Publisher:     c.Publisher.Name,
		SiteName:      c.SiteName,
		Section:       c.Section,
		Tags:          c.Tags,
		Language:      c.Language,
		Image:         c.ImageURL,
		Description:   c.Description,
		EditorNote:    c.EditorNote,
		Words:         c.Words,
		Completeness:  string(Completeness(c, 0)),
	}
}
