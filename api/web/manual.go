package web

import (
	"html"
	"html/template"
	"net/url"
	"regexp"
	"strings"

	"broadsheet.example/api/param"
)

// renderManual makes HTML of the part of Markdown that our manual is written in:
// headings, paragraphs, tables, code and emphasis. A query in the first column of a
// table becomes a link that tries it. The sections are the headings of second rank.
func renderManual(text string) (template.HTML, []choice) {
	m := &manual{}
	for line := range strings.Lines(text) {
		m.line(strings.TrimSpace(line))
	}
	m.end()
	return template.HTML(m.out.String()), m.sections // everything passed through inline
}

// manual is what has been rendered so far.
type manual struct {
	out      strings.Builder
	sections []choice
	words    []string // lines of the paragraph under way
	row      int      // of the table under way; 0: none
	isTry    bool     // the table's first column holds queries that work
}

func (m *manual) line(s string) {
	switch {
	case strings.HasPrefix(s, "|"):
		m.paragraph()
		m.tableRow(s)
	case s == "":
		m.end()
	case strings.HasPrefix(s, "#"):
		m.end()
		m.heading(s)
	default:
		m.words = append(m.words, s)
	}
}

// end closes what is under way.
func (m *manual) end() {
	m.paragraph()
	if m.row > 0 {
		m.out.WriteString("</tbody></table></div>\n")
		m.row = 0
	}
}

func (m *manual) paragraph() {
	if len(m.words) > 0 {
		m.out.WriteString("<p>" + inline(strings.Join(m.words, " ")) + "</p>\n")
		m.words = nil
	}
}

func (m *manual) heading(s string) {
	title := strings.TrimSpace(strings.TrimLeft(s, "#"))
	if strings.HasPrefix(s, "# ") {
		m.out.WriteString("<h1>" + inline(title) + "</h1>\n")
		return
	}
	id := strings.Join(strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !isWordRune(r) }), "-")
	m.sections = append(m.sections, choice{Label: title, Href: "#" + id})
	m.out.WriteString(`<h2 id="` + html.EscapeString(id) + `">` + inline(title) + "</h2>\n")
}

func (m *manual) tableRow(s string) {
	cells := strings.Split(strings.Trim(s, "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	m.row++
	switch m.row {
	case 1:
		m.isTry = cells[0] == "Query" && (len(cells) < 2 || cells[1] != "Offset")
		m.out.WriteString(`<div class="wide"><table><thead><tr>`)
		for _, c := range cells {
			m.out.WriteString(`<th scope="col">` + inline(c) + "</th>")
		}
		m.out.WriteString("</tr></thead><tbody>\n")
	case 2: // the line between head and body
	default:
		m.out.WriteString("<tr>")
		for i, c := range cells {
			m.out.WriteString("<td>" + m.cell(i, c) + "</td>")
		}
		m.out.WriteString("</tr>\n")
	}
}

func (m *manual) cell(column int, s string) string {
	if q := strings.Trim(s, "`"); column == 0 && m.isTry && "`"+q+"`" == s {
		return `<a href="` + html.EscapeString("/?"+url.Values{param.Q: {q}}.Encode()) + `">` + inline(s) + "</a>"
	}
	return inline(s)
}

var (
	codeSpan = regexp.MustCompile("`[^`]+`")
	emphasis = regexp.MustCompile(`\*([^*\s][^*]*)\*`)
)

// inline escapes a text and renders code and emphasis within it.
func inline(s string) string {
	var b strings.Builder
	at := 0
	for _, span := range codeSpan.FindAllStringIndex(s, -1) {
		b.WriteString(emphasized(s[at:span[0]]))
		b.WriteString("<code>" + html.EscapeString(s[span[0]+1:span[1]-1]) + "</code>")
		at = span[1]
	}
	b.WriteString(emphasized(s[at:]))
	return b.String()
}

func emphasized(s string) string {
	return emphasis.ReplaceAllString(html.EscapeString(s), "<em>$1</em>")
}
