package param

import (
	"strings"
	"unicode"
)

// item is one value of a comma list.
type item struct {
	text     string
	excluded bool // a minus sign stood before it
}

// splitList reads a comma list. A value that holds a comma, or begins with a
// minus sign, stands in double quotes; a quote within is doubled. Empty values
// are left out. It reports whether all quotes are closed.
func splitList(s string) ([]item, bool) {
	var items []item
	for s != "" {
		var it item
		s = strings.TrimSpace(s)
		if rest, ok := strings.CutPrefix(s, "-"); ok {
			it.excluded, s = true, rest
		}
		if rest, ok := strings.CutPrefix(s, `"`); ok {
			text, after, closed := cutQuoted(rest)
			if !closed {
				return nil, false
			}
			it.text = text
			_, s, _ = strings.Cut(after, ",")
		} else {
			it.text, s, _ = strings.Cut(s, ",")
		}
		if it.text = fold(it.text); it.text != "" {
			items = append(items, it)
		}
	}
	return items, true
}

// fold makes a blank of every stretch of blanks and control characters.
func fold(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// cutQuoted reads up to the closing quote, and returns what lies behind it.
func cutQuoted(s string) (text, after string, closed bool) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, `"`)
		if !ok {
			return "", "", false
		}
		b.WriteString(before)
		if !strings.HasPrefix(rest, `"`) {
			return b.String(), rest, true
		}
		b.WriteByte('"')
		s = rest[1:]
	}
}

// joinList writes values so that splitList reads them back.
func joinList(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quoteItem(v)
	}
	return strings.Join(quoted, ",")
}

func quoteItem(v string) string {
	if strings.ContainsAny(v, `,"`) || strings.HasPrefix(v, "-") {
		return `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
	}
	return v
}
