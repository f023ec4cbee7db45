package demo

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// fence divides the head of an article's file from its body.
const fence = "---"

// Block is one piece of an article's body.
type Block struct {
	Kind BlockKind
	// Line is the text of everything but a list.
	Line Line
	// Items are the entries of a list.
	Items []Line
}

// BlockKind is the kind of a Block.
type BlockKind string

// The kinds of block that an article's file can hold.
const (
	BlockText    BlockKind = "text"
	BlockHeading BlockKind = "heading" // "## "
	BlockQuote   BlockKind = "quote"   // "> "
	BlockList    BlockKind = "list"    // "- ", one line an item
)

// Line is a text that may begin with a label, as in "Why it matters: ...".
type Line struct{ Label, Text string }

// parseArticle reads one article: a head of "key: value" lines, a fence, then the
// body, its blocks separated by blank lines. An error begins with the line it was
// found on.
func parseArticle(s string) (*article, error) {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	a := &article{lang: "en", access: AccessOpen}
	seen := make(map[string]bool)
	for i, line := range lines {
		if line == fence {
			if err := a.parseBody(lines[i+1:], i+2); err != nil {
				return nil, err
			}
			return a, a.check()
		}
		key, value, ok := strings.Cut(line, ": ")
		value = strings.TrimSpace(value)
		if !ok || value == "" || seen[key] {
			return nil, fmt.Errorf("%d: want a new key, a colon and a value, got %q", i+1, line)
		}
		seen[key] = true
		if err := a.set(key, value); err != nil {
			return nil, fmt.Errorf("%d: %w", i+1, err)
		}
	}
	return nil, fmt.Errorf("%d: no %s between head and body", len(lines), fence)
}

// set takes one entry of the head.
func (a *article) set(key, value string) error {
	texts := map[string]*string{
		"section": &a.section, "title": &a.title,
		"description": &a.description, "caption": &a.caption, "phrase": &a.phrase, "note": &a.note,
		"wire": &a.wire, "report": &a.report, "lang": &a.lang, "charset": &a.charset, "charset-in": &a.charsetIn,
		"republishes": &a.republishes, "original-name": &a.originalName, "original-url": &a.originalURL,
	}
	lists := map[string]*[]string{"authors": &a.authors, "persons": &a.persons, "tags": &a.tags}
	ages := map[string]*time.Duration{"ago": &a.ago, "updated": &a.updated}
	switch {
	case texts[key] != nil:
		*texts[key] = value
	case lists[key] != nil:
		*lists[key] = strings.Split(value, "; ")
	case ages[key] != nil:
		age, err := parseAge(value)
		*ages[key] = age
		return err
	case key == "access":
		a.access = Access(value)
	default:
		return fmt.Errorf("unknown key %q", key)
	}
	return nil
}

// check reports what a complete head lacks.
func (a *article) check() error {
	required := map[string]string{"section": a.section}
	if a.republishes == "" {
		required["title"], required["description"], required["phrase"] = a.title, a.description, a.phrase
		if len(a.blocks) == 0 {
			return errors.New("1: the body is empty")
		}
	}
	for key, value := range required {
		if value == "" {
			return fmt.Errorf("1: the head lacks %q", key)
		}
	}
	switch a.access {
	case AccessOpen, AccessTeaser, AccessForbidden, AccessGone:
	default:
		return fmt.Errorf("1: unknown access %q", a.access)
	}
	if a.ago <= 0 || a.updated > a.ago {
		return errors.New("1: ago must be positive and not later than updated")
	}
	return nil
}

// parseAge reads a duration that may begin with days, as in 2d4h30m.
func parseAge(s string) (time.Duration, error) {
	var days int
	if d, rest, ok := strings.Cut(s, "d"); ok {
		n, err := strconv.Atoi(d)
		if err != nil || n < 0 || n > 365 {
			return 0, fmt.Errorf("want an age like 2d4h30m, got %q", s)
		}
		days, s = n, rest
	}
	age := time.Duration(days) * 24 * time.Hour
	if s == "" {
		return age, nil
	}
	part, err := time.ParseDuration(s)
	if err != nil || part < 0 || part >= 24*time.Hour {
		return 0, fmt.Errorf("want an age like 2d4h30m, got %q", s)
	}
	return age + part, nil
}

// parseBody reads blocks; first is the number of the first line.
func (a *article) parseBody(lines []string, first int) error {
	var open *Block
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			open = nil
			continue
		}
		kind, text := blockKind(line)
		if open != nil {
			if kind != BlockList || open.Kind != BlockList {
				return fmt.Errorf("%d: one block a line, with a blank line between", first+i)
			}
			open.Items = append(open.Items, parseLine(text))
			continue
		}
		b := Block{Kind: kind, Line: parseLine(text)}
		if kind == BlockList {
			b = Block{Kind: kind, Items: []Line{b.Line}}
		}
		a.blocks = append(a.blocks, b)
		open = &a.blocks[len(a.blocks)-1]
	}
	return nil
}

func blockKind(line string) (BlockKind, string) {
	for prefix, kind := range map[string]BlockKind{"## ": BlockHeading, "> ": BlockQuote, "- ": BlockList} {
		if text, ok := strings.CutPrefix(line, prefix); ok {
			return kind, text
		}
	}
	return BlockText, line
}

// parseLine splits off a label, which stands in double asterisks.
func parseLine(s string) Line {
	rest, ok := strings.CutPrefix(s, "**")
	if !ok {
		return Line{Text: s}
	}
	label, text, ok := strings.Cut(rest, "**")
	if !ok {
		return Line{Text: s}
	}
	return Line{Label: label, Text: strings.TrimSpace(text)}
}
