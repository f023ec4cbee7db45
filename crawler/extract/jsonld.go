package extract

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
)

// Limits of JSON-LD.
const (
	maxLinkedObjects = 2000 // objects looked at on one page
	maxLinkedDepth   = 12   // nesting of objects and lists followed
	maxNames         = 40   // names taken from one list
)

var (
	articleType   = regexp.MustCompile(`(?i)(article|blogposting|liveblogposting|reportage|newsarticle|report|review)$`)
	trailingComma = regexp.MustCompile(`,\s*([}\]])`)
	anyTag        = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)
	blockTag      = regexp.MustCompile(`(?i)</?(?:p|div|br|h[1-6]|li|ul|ol|blockquote)\b[^<>]*>`)
)

// object is one JSON-LD object.
type object = map[string]any

// linkedData is the JSON-LD of a page.
type linkedData struct {
	objects []object
	byID    map[string]object
	article object // the object that describes the page's article, or nil
}

// add reads one script element. Broken JSON is repaired where the repair is
// certain, else passed over.
func (l *linkedData) add(script string) {
	if v, ok := lenientJSON(script); ok {
		l.collect(v, 0)
	}
}

func (l *linkedData) collect(v any, depth int) {
	if depth > maxLinkedDepth || len(l.objects) >= maxLinkedObjects {
		return
	}
	switch t := v.(type) {
	case []any:
		for _, x := range t {
			l.collect(x, depth+1)
		}
	case object:
		l.objects = append(l.objects, t)
		for _, key := range sortedKeys(t) {
			l.collect(t[key], depth+1)
		}
	}
}

// settle finds the article among the objects, and the objects that others
// refer to by id.
func (l *linkedData) settle() {
	l.byID = map[string]object{}
	best := -1
	for _, o := range l.objects {
		if id, _ := o["@id"].(string); id != "" && o["name"] != nil {
			l.byID[id] = o
		}
		if rank := articleRank(o); rank > best {
			best, l.article = rank, o
		}
	}
}

// articleRank says how well an object describes an article, -1 when it does not.
func articleRank(o object) int {
	if !isArticle(o) {
		return -1
	}
	rank := 0
	for _, key := range []string{"headline", "datePublished", "author"} {
		if o[key] != nil {
			rank++
		}
	}
	return rank
}

func isArticle(o object) bool {
	return slices.ContainsFunc(texts(o["@type"]), articleType.MatchString)
}

// text is the article's value of the key as plain text.
func (l *linkedData) text(key string) string {
	return firstText(l.article[key])
}

// firstText is the first text that a value holds, directly or as a name.
func firstText(v any) string {
	switch t := v.(type) {
	case string:
		return plain(t)
	case bool:
		if t {
			return "true"
		}
		return "false"
	case float64:
		return json.Number(jsonNumber(t)).String()
	case object:
		for _, key := range []string{"name", "url", "@id", "@value"} {
			if s, ok := t[key].(string); ok && s != "" {
				return plain(s)
			}
		}
	case []any:
		for _, x := range t {
			if s := firstText(x); s != "" {
				return s
			}
		}
	}
	return ""
}

func jsonNumber(f float64) string {
	b, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	return string(b)
}

// texts is a string, or the strings of a list.
func texts(v any) []string {
	switch t := v.(type) {
	case string:
		return []string{t}
	case []any:
		var out []string
		for _, x := range t {
			if s, ok := x.(string); ok && len(out) < maxNames {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// names are the names of people or organizations, which may be written as
// strings, objects, lists of both, or references to other objects.
func (l *linkedData) names(v any) []string {
	switch t := v.(type) {
	case string:
		return []string{plain(t)}
	case object:
		if id, _ := t["@id"].(string); t["name"] == nil && l.byID[id] != nil {
			t = l.byID[id]
		}
		var out []string
		for _, s := range texts(t["name"]) {
			out = append(out, plain(s))
		}
		return out
	case []any:
		var out []string
		for _, x := range t[:min(len(t), maxNames)] {
			if _, nested := x.([]any); !nested {
				out = append(out, l.names(x)...)
			}
		}
		return out
	}
	return nil
}

// address is the URL of an organization or picture.
func (l *linkedData) address(v any) string {
	switch t := v.(type) {
	case string:
		return strings.TrimSpace(t)
	case object:
		if id, _ := t["@id"].(string); t["url"] == nil && l.byID[id] != nil {
			t = l.byID[id]
		}
		for _, key := range []string{"url", "contentUrl", "sameAs"} {
			if s := firstText(t[key]); s != "" {
				return s
			}
		}
	case []any:
		for _, x := range t[:min(len(t), 1)] {
			return l.address(x)
		}
	}
	return ""
}

// number is a length that an object, or the first of a list, states: as a number,
// as text, or as an object with a value.
func (l *linkedData) number(v any, key string) int {
	switch t := v.(type) {
	case []any:
		if len(t) > 0 {
			return l.number(t[0], key)
		}
	case object:
		if id, _ := t["@id"].(string); t[key] == nil && l.byID[id] != nil {
			t = l.byID[id]
		}
		stated := t[key]
		if o, ok := stated.(object); ok {
			stated = o["value"]
		}
		return pixels(fmt.Sprint(stated))
	}
	return 0
}

// body is the longest article text that the JSON-LD carries, cut at
// maxStatedText.
func (l *linkedData) body() []string {
	longest := ""
	for _, o := range l.objects {
		s, _ := o["articleBody"].(string)
		if s == "" && isArticle(o) {
			s, _ = o["text"].(string)
		}
		if len(s) > len(longest) {
			longest = s
		}
	}
	return lines(clip(longest, maxStatedText))
}

// plain makes one line of text of a JSON-LD string, which may be escaped twice
// and hold markup. What is longer than maxStated is cut.
func plain(s string) string {
	s = clip(s, maxStated)
	if strings.ContainsAny(s, "<&") {
		s = strings.Join(lines(s), " ")
	}
	return fold(s)
}

// lines splits a JSON-LD text into paragraphs, dropping markup.
func lines(s string) []string {
	s = html.UnescapeString(html.UnescapeString(s))
	if anyTag.MatchString(s) {
		s = blockTag.ReplaceAllString(s, "\n")
		s = anyTag.ReplaceAllString(s, "")
		s = html.UnescapeString(s)
	}
	var out []string
	for line := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if line = fold(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// lenientJSON parses JSON as pages write it: in comments or CDATA, with raw
// line breaks in strings, trailing commas, or something after the value.
func lenientJSON(s string) (any, bool) {
	s = unwrapScript(s)
	var v any
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	s = trailingComma.ReplaceAllString(escapeControls(s), "$1")
	if json.NewDecoder(strings.NewReader(s)).Decode(&v) == nil {
		return v, true
	}
	return nil, false
}

func unwrapScript(s string) string {
	s = strings.TrimSpace(s)
	for _, prefix := range []string{"<!--", "//", "/*", "<![CDATA[", "*/"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, prefix))
	}
	for _, suffix := range []string{"-->", "*/", "]]>", "//", "/*", ";"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, suffix))
	}
	return s
}

// escapeControls escapes raw control characters inside strings, the most common
// defect of JSON-LD.
func escapeControls(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	inside, escaped := false, false
	for _, r := range s {
		switch {
		case inside && escaped:
			escaped = false
		case inside && r == '\\':
			escaped = true
		case r == '"':
			inside = !inside
		case inside && r == '\n':
			b.WriteString(`\n`)
			continue
		case inside && r < 0x20:
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isLinkedData reports whether a node is a JSON-LD script.
func isLinkedData(n *xhtml.Node) bool {
	return n.FirstChild != nil && strings.Contains(strings.ToLower(attr(n, "type")), "ld+json")
}
