package feed

import (
	"encoding/json"
	"fmt"
	"strings"
)

// parseJSON reads a JSON Feed. Its values are brought to the types the format
// prescribes before gofeed sees them: real feeds have numbers for identifiers
// and strings for authors, and one such value must not cost the rest.
func parseJSON(text string, b base, mended *repairs) (*Feed, error) {
	if err := guardJSON(text); err != nil {
		return nil, err
	}
	j, err := readJSON(escapeControls(cleanChars(text, mended), mended))
	if err != nil {
		return nil, err
	}
	version := j.feed.text("version")
	if !strings.Contains(version, "jsonfeed.org/version/") && len(j.items) == 0 {
		return nil, fmt.Errorf("JSON without a feed's version or items: %w", ErrNotFeed)
	}
	canonical, err := json.Marshal(j.canonical())
	if err != nil {
		return nil, fmt.Errorf("write canonical JSON Feed: %w", err)
	}
	parsed, err := runGofeed(string(canonical))
	if err != nil {
		return nil, err
	}
	f := fromGofeed(parsed)
	j.fill(f, b)
	if j.mistyped() {
		mended.note(repairJSONTypes)
	}
	if f.Truncated = j.cut; j.cut {
		mended.note(repairSalvage)
	}
	return f, nil
}

// guardJSON checks the limits in one pass, before anything recursive reads.
func guardJSON(text string) error {
	depth, values := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = skipString(text, i)
		case '{', '[':
			depth++
			values++
		case '}', ']':
			depth--
		case ',':
			values++
		}
		if depth > maxDepth {
			return &GuardError{Limit: limitDepth, Value: depth, Offset: i}
		}
		if values > maxNodes {
			return &GuardError{Limit: limitNodes, Value: values, Offset: i}
		}
	}
	return nil
}

// skipString returns the index of the quote that ends the string opening at i.
func skipString(text string, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}

// escapeControls escapes line breaks and tabs inside strings, which JSON does
// not allow to stand there raw.
func escapeControls(text string, mended *repairs) string {
	var out strings.Builder
	last, inString := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '"':
			inString = !inString
		case c == '\\' && inString:
			i++
		case c < 0x20 && inString:
			out.WriteString(text[last:i])
			out.WriteString(controlEscape(c))
			last = i + 1
		}
	}
	if last == 0 {
		return text
	}
	mended.note(repairControl)
	out.WriteString(text[last:])
	return out.String()
}

// controlEscape returns the escape of a control character; those that JSON has
// no short escape for are no text either.
func controlEscape(c byte) string {
	switch c {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	return ""
}

// jsonFeed is a JSON Feed of any types.
type jsonFeed struct {
	feed  *object
	items []*object
	cut   bool // the document ended, or stopped being JSON, before its end
}

// readJSON decodes as much of a feed as there is: the complete values before
// the first error count.
func readJSON(text string) (*jsonFeed, error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	j := &jsonFeed{feed: &object{fields: map[string]any{}}}
	if _, err := dec.Token(); err != nil { // the opening brace
		return nil, fmt.Errorf("%w: %w", ErrNotFeed, err)
	}
	for dec.More() && !j.cut {
		j.cut = !j.readField(dec)
	}
	if _, err := dec.Token(); err != nil { // the closing brace
		j.cut = true
	}
	if len(j.items) > maxItems {
		return nil, &GuardError{Limit: limitItems, Value: len(j.items), Offset: int(dec.InputOffset())}
	}
	return j, nil
}

// readField decodes one field of the feed and reports whether it was complete.
func (j *jsonFeed) readField(dec *json.Decoder) bool {
	key, err := dec.Token()
	if err != nil {
		return false
	}
	if key == "items" {
		return j.readItems(dec)
	}
	var value any
	if err := dec.Decode(&value); err != nil {
		return false
	}
	if name, ok := key.(string); ok {
		j.feed.fields[name] = value
	}
	return true
}

func (j *jsonFeed) readItems(dec *json.Decoder) bool {
	open, err := dec.Token()
	if err != nil || open != json.Delim('[') {
		return false
	}
	for dec.More() {
		var fields any
		if err := dec.Decode(&fields); err != nil {
			return false
		}
		if m, ok := fields.(map[string]any); ok {
			j.items = append(j.items, &object{fields: m})
		}
	}
	_, err = dec.Token()
	return err == nil
}

// mistyped reports whether any value had to be converted.
func (j *jsonFeed) mistyped() bool {
	for _, o := range append(j.items, j.feed) {
		if o.mistyped {
			return true
		}
	}
	return false
}
