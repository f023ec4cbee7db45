package query_test

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"broadsheet.example/news/query"
)

// Every table of the manual whose first column is "Query" is run: its queries
// parse, print as the normal form given, or fail as told.
func TestManual(t *testing.T) {
	manual, err := os.ReadFile("../../docs/query.md")
	if err != nil {
		t.Fatal(err)
	}
	var head []string
	ran := 0
	for line := range strings.Lines(string(manual)) {
		cells := tableCells(line)
		switch {
		case cells == nil:
			head = nil
		case head == nil:
			head = cells
		case head[0] == "Query" && !strings.HasPrefix(cells[0], "---"):
			ran++
			t.Run(cells[0], func(t *testing.T) { checkExample(t, head, cells) })
		}
	}
	if ran < 50 {
		t.Errorf("the manual has %d examples that run; its tables have changed shape", ran)
	}
}

// tableCells splits a row of a Markdown table, nil for any other line.
func tableCells(line string) []string {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "|") {
		return nil
	}
	cells := strings.Split(strings.Trim(line, "|"), "|")
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
	}
	return cells
}

func checkExample(t *testing.T, head, cells []string) {
	in := strings.Trim(cells[0], "`")
	n, err := query.Parse(in)
	var syntax *query.SyntaxError
	switch head[1] {
	case "Offset":
		if !errors.As(err, &syntax) {
			t.Fatalf("Parse(%q) = %v, %v; want a *SyntaxError", in, n, err)
		}
		if got := strconv.Itoa(syntax.Offset); got != cells[1] || syntax.Expected != cells[2] {
			t.Errorf("Parse(%q): offset %s, expected %q; the manual says %s, %q", in, got, syntax.Expected, cells[1], cells[2])
		}
	case "Normal form":
		if err != nil || n.String() != strings.Trim(cells[1], "`") {
			t.Errorf("Parse(%q) = %v, %v; the manual says %s", in, n, err, cells[1])
		}
	default:
		if err != nil {
			t.Errorf("Parse(%q): %v", in, err)
		}
	}
}
