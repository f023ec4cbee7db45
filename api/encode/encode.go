// Package encode writes articles as JSON, byte for byte as encoding/json would
// without escaping HTML, in a quarter of its time: an answer with twenty articles
// costs more to spell than to find.
//
// It knows the fields of [news.Article] by name; a test of package news compares
// the two. Everything that is rare goes through encoding/json.
package encode

import (
	"strconv"
	"time"
	"unicode/utf8"

	"broadsheet.example/news"
)

// Article appends an article as a JSON object.
func Article(b []byte, a *news.Article) []byte {
	o := object{append(b, '{')}
	o.text("id", a.ID)
	o.number("version", a.Version)
	o.number("revision", int64(a.Revision))
	o.textIf("partition", a.Partition)
	o.name("source")
	o.b = ref(o.b, a.Source)
	if a.Via != nil {
		o.name("via")
		o.b = ref(o.b, *a.Via)
	}
	o.text("title", a.Title)
	o.textIf("description", a.Description)
	o.texts("authors", a.Authors)
	o.text("url", a.URL)
	o.textIf("canonicalUrl", a.CanonicalURL)
	o.textIf("urlToImage", a.ImageURL)
	o.time("publishedAt", a.PublishedAt)
	o.textIf("publishedAtSource", string(a.PublishedAtSource))
	o.textIf("publishedAtPrecision", string(a.PublishedAtPrecision))
	o.textIf("publishedAtRaw", a.PublishedAtRaw)
	o.timeIf("updatedAt", a.UpdatedAt)
	o.timeIf("firstSeen", a.FirstSeen)
	o.textIf("content", a.Content)
	o.textIf("editorNote", a.EditorNote)
	o.number("wordCount", int64(a.WordCount))
	o.textIf("completeness", string(a.Completeness))
	o.textIf("language", a.Language)
	o.textIf("country", a.Country)
	o.textIf("section", a.Section)
	o.texts("tags", a.Tags)
	o.entities("entities", a.Entities)
	o.textIf("duplicateOf", a.DuplicateOf)
	return append(o.b, '}')
}

func ref(b []byte, r news.Ref) []byte {
	o := object{append(b, '{')}
	o.text("id", r.ID)
	o.text("name", r.Name)
	return append(o.b, '}')
}

func entity(b []byte, e *news.Entity) []byte {
	o := object{append(b, '{')}
	o.text("id", e.ID)
	o.text("type", string(e.Type))
	o.text("name", e.Name)
	o.number("count", int64(e.Count))
	o.number("first", int64(e.First))
	if e.InTitle {
		o.name("inTitle")
		o.b = append(o.b, "true"...)
	}
	o.textIf("country", e.Country)
	o.location(e.Location)
	for i, f := range e.Found {
		if i == 0 {
			o.name("found")
			o.b = append(o.b, '[')
		} else {
			o.b = append(o.b, ',')
		}
		o.b = find(o.b, &f)
	}
	if len(e.Found) > 0 {
		o.b = append(o.b, ']')
	}
	return append(o.b, '}')
}

func find(b []byte, f *news.Find) []byte {
	o := object{append(b, '{')}
	o.text("id", f.ID)
	o.text("name", f.Name)
	o.number("count", int64(f.Count))
	o.number("first", int64(f.First))
	if f.InTitle {
		o.name("inTitle")
		o.b = append(o.b, "true"...)
	}
	o.textIf("country", f.Country)
	o.location(f.Location)
	return append(o.b, '}')
}

func (o *object) location(l *news.Location) {
	if l == nil {
		return
	}
	o.name("location")
	in := object{append(o.b, '{')}
	in.degrees("latitude", l.Latitude)
	in.degrees("longitude", l.Longitude)
	in.number("geonames", l.GeoNames)
	o.b = append(in.b, '}')
}

func (o *object) degrees(name string, value float64) {
	o.name(name)
	o.b = strconv.AppendFloat(o.b, value, 'f', -1, 64)
}

// object is a JSON object that is being written; its brace stands already.
type object struct{ b []byte }

func (o *object) name(name string) {
	if o.b[len(o.b)-1] != '{' {
		o.b = append(o.b, ',')
	}
	o.b = append(append(append(o.b, '"'), name...), `":`...)
}

func (o *object) text(name, value string) {
	o.name(name)
	o.b = String(o.b, value)
}

func (o *object) textIf(name, value string) {
	if value != "" {
		o.text(name, value)
	}
}

func (o *object) number(name string, value int64) {
	if value != 0 {
		o.name(name)
		o.b = strconv.AppendInt(o.b, value, 10)
	}
}

func (o *object) time(name string, value time.Time) {
	o.name(name)
	o.b = Time(o.b, value)
}

func (o *object) timeIf(name string, value time.Time) {
	if !value.IsZero() {
		o.time(name, value)
	}
}

func (o *object) texts(name string, list []string) {
	if len(list) > 0 {
		o.name(name)
		o.b = Strings(o.b, list)
	}
}

func (o *object) entities(name string, list []news.Entity) {
	if len(list) == 0 {
		return
	}
	o.name(name)
	o.b = append(o.b, '[')
	for i := range list {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = entity(o.b, &list[i])
	}
	o.b = append(o.b, ']')
}

// Time appends a time as RFC 3339.
func Time(b []byte, t time.Time) []byte {
	return append(t.AppendFormat(append(b, '"'), time.RFC3339Nano), '"')
}

// Strings appends a list.
func Strings(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = String(b, s)
	}
	return append(b, ']')
}

// String appends a text. What is no UTF-8 becomes U+FFFD.
func String(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		if len(s)-i >= 8 && isPlain(s[i:i+8]) {
			i += 8
			continue
		}
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			isSound := r != utf8.RuneError || size > 1
			if isSound && r != '\u2028' && r != '\u2029' {
				i += size
				continue
			}
			b = append(b, s[start:i]...)
			if isSound {
				b = append(b, `\u202`...)
				b = append(b, hex[r&0xF])
			} else {
				b = append(b, `\ufffd`...)
			}
		} else {
			b = append(b, s[start:i]...)
			b = escaped(b, c, hex)
		}
		i += size
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

// isPlain reports, of 8 bytes at once, whether they stand as they are. It may say
// no though they do, never yes though they do not.
func isPlain(s string) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	_ = s[7]
	x := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	isControl := x - ' '*each        // borrows below a blank
	isQuote := (x ^ '"'*each) - each // borrows at zero
	isSlash := (x ^ '\\'*each) - each
	return (x|isControl|isQuote|isSlash)&high == 0
}

func escaped(b []byte, c byte, hex string) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
}
