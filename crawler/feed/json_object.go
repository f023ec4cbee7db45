package feed

import (
	"encoding/json"
	"strconv"
	"strings"
)

// object is a JSON object whose values may be of any type.
type object struct {
	fields   map[string]any
	mistyped bool // a value was converted
}

// text returns a field as a string, "" where it has no such reading.
func (o *object) text(key string) string {
	s, exact := asText(o.fields[key])
	o.mistyped = o.mistyped || !exact
	return normal(strings.TrimSpace(s))
}

// asText returns a value as a string, and whether it was one, or absent.
func asText(v any) (s string, exact bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		var ignored repairs
		return cleanChars(v, &ignored), true
	case json.Number:
		return v.String(), false
	case bool:
		return strconv.FormatBool(v), false
	}
	return "", false
}

// list returns a field as a list; a single value is a list of one.
func (o *object) list(key string) []any {
	switch v := o.fields[key].(type) {
	case nil:
		return nil
	case []any:
		return v[:min(len(v), maxList)]
	default:
		o.mistyped = true
		return []any{v}
	}
}

// texts returns the strings of a list.
func (o *object) texts(key string) []string {
	var out []string
	for _, v := range o.list(key) {
		s, exact := asText(v)
		o.mistyped = o.mistyped || !exact
		if s != "" {
			out = append(out, normal(s))
		}
	}
	return out
}

// objects returns the objects of a list; a string among them becomes an object
// with that string under the key as.
func (o *object) objects(key, as string) []*object {
	var out []*object
	for _, v := range o.list(key) {
		if fields, ok := v.(map[string]any); ok {
			out = append(out, &object{fields: fields})
			continue
		}
		if s, _ := asText(v); s != "" {
			o.mistyped = true
			out = append(out, &object{fields: map[string]any{as: s}})
		}
	}
	return out
}

// canonical returns the feed with every value of its prescribed type.
func (j *jsonFeed) canonical() map[string]any {
	items := make([]map[string]any, 0, len(j.items))
	for _, it := range j.items {
		items = append(items, it.canonicalItem())
	}
	out := j.feed.strings("version", "title", "home_page_url", "feed_url", "description", "icon", "favicon", "language")
	out["items"] = items
	return out
}

func (o *object) canonicalItem() map[string]any {
	out := o.strings("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image",
		"banner_image", "date_published", "date_modified", "language")
	out["tags"] = o.texts("tags")
	return out
}

// strings returns the fields named, as strings, without the empty ones.
func (o *object) strings(keys ...string) map[string]any {
	out := map[string]any{}
	for _, key := range keys {
		if s := o.text(key); s != "" {
			out[key] = s
		}
	}
	return out
}
