package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode"
)

// maxCollectionLine bounds a line of a judged collection.
const maxCollectionLine = 16 << 20

// record is a document or a query of a judged collection.
type record struct{ id, title, text string }

// looseRecord is a line of NDJSON, under the names that collections use.
type looseRecord struct {
	ID       any    `json:"id"`
	Docno    string `json:"docno"`
	UnderID  any    `json:"_id"`
	Title    string `json:"title"`
	Headline string `json:"headline"`
	Body     string `json:"body"`
	Text     string `json:"text"`
	Content  string `json:"content"`
}

func (l looseRecord) record() (record, error) {
	id := l.Docno
	for _, v := range []any{l.ID, l.UnderID} {
		if id == "" && v != nil {
			id = fmt.Sprint(v)
		}
	}
	if id == "" {
		return record{}, errors.New("a record has no id")
	}
	first := func(list ...string) string {
		for _, s := range list {
			if s != "" {
				return s
			}
		}
		return ""
	}
	return record{id: id, title: first(l.Title, l.Headline), text: first(l.Body, l.Text, l.Content)}, nil
}

// eachRecord calls visit with the documents or topics of a file: NDJSON, or the
// SGML of TREC with elements of the given name.
func eachRecord(path, element string, visit func(record) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewReaderSize(f, 1<<20)
	for {
		b, err := lines.Peek(1)
		if err != nil {
			return ignoreEOF(err)
		}
		if !unicode.IsSpace(rune(b[0])) {
			break
		}
		if _, err := lines.Discard(1); err != nil {
			return err
		}
	}
	if b, _ := lines.Peek(1); b[0] == '{' {
		err = eachObject(lines, visit)
	} else {
		err = eachElement(lines, element, visit)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func eachObject(in io.Reader, visit func(record) error) error {
	d := json.NewDecoder(in)
	for n := 1; ; n++ {
		var l looseRecord
		err := d.Decode(&l)
		if errors.Is(err, io.EOF) {
			return nil
		}
		var r record
		if err == nil {
			r, err = l.record()
		}
		if err == nil {
			err = visit(r)
		}
		if err != nil {
			return fmt.Errorf("record %d: %w", n, err)
		}
	}
}

// eachElement reads TREC's SGML, in which a record begins and ends on lines of
// their own.
func eachElement(in io.Reader, element string, visit func(record) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxCollectionLine)
	var b strings.Builder
	begin, end := "<"+element+">", "</"+element+">"
	for lines.Scan() {
		line := lines.Text()
		switch strings.ToLower(strings.TrimSpace(line)) {
		case begin:
			b.Reset()
		case end:
			if r := parseElement(b.String()); r.id != "" {
				if err := visit(r); err != nil {
					return err
				}
			}
		default:
			b.WriteString(line)
			b.WriteByte('\n')
		}
	}
	return lines.Err()
}

var (
	sgmlID    = regexp.MustCompile(`(?is)<(?:docno|num)>\s*(?:number:)?\s*([^<\s]+)`)
	sgmlTitle = regexp.MustCompile(`(?is)<(?:title|headline|head|hl)>\s*(?:topic:)?\s*([^<]*)`)
	sgmlText  = regexp.MustCompile(`(?is)<(?:text|leadpara|lp)>(.*?)</(?:text|leadpara|lp)>`)
	sgmlTag   = regexp.MustCompile(`<[^>]*>`)
	sgmlChars = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'")
)

func parseElement(s string) record {
	var r record
	if m := sgmlID.FindStringSubmatch(s); m != nil {
		r.id = m[1]
	}
	if m := sgmlTitle.FindStringSubmatch(s); m != nil {
		r.title = strings.Join(strings.Fields(sgmlChars.Replace(m[1])), " ")
	}
	for _, m := range sgmlText.FindAllStringSubmatch(s, -1) {
		r.text += sgmlChars.Replace(sgmlTag.ReplaceAllString(m[1], " ")) + "\n\n"
	}
	return r
}

// readQrels reads judgments: query, a number that is ignored, document, grade.
func readQrels(path string) (map[string]map[string]int, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	judged := make(map[string]map[string]int)
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var q, ignored, doc string
		var grade int
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if _, err := fmt.Sscan(lines.Text(), &q, &ignored, &doc, &grade); err != nil {
			return nil, fmt.Errorf("%s: line %d: want query, 0, document, grade: %w", path, n, err)
		}
		if judged[q] == nil {
			judged[q] = make(map[string]int)
		}
		judged[q][doc] = max(grade, 0)
	}
	return judged, lines.Err()
}
