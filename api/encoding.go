package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/encode"
	"broadsheet.example/news"
)

// appender is what spells itself, because it is large or frequent. The result is
// what encoding/json would make of it, but for the order of members.
type appender interface {
	appendJSON(b []byte) ([]byte, error)
}

// encodeJSON writes <mark> as it is, since nothing embeds replies in HTML. It ends
// with a line break, and holds no other.
func encodeJSON(v any) ([]byte, error) {
	b, err := appendAny(nil, v)
	return append(b, '\n'), err
}

func appendAny(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case appender:
		return v.appendJSON(b)
	case news.Article:
		return encode.Article(b, &v), nil
	}
	out := bytes.NewBuffer(b)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// send answers with a reply that spells itself, by way of memory that is used
// again.
func (s *Server) send(c *fiber.Ctx, reply appender) error {
	room, ok := s.rooms.Get().(*[]byte)
	if !ok {
		room = new([]byte)
	}
	defer s.rooms.Put(room)
	text, err := reply.appendJSON((*room)[:0])
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if *room = text; cap(text) > largestRoom {
		*room = nil
	}
	c.Response().SetBody(text) // which copies
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return nil
}

// largestRoom is kept for the next reply; more than that was an exception.
const largestRoom = 256 << 10

// sizeOfHit is room enough for most hits.
const sizeOfHit = 1_200

// appendJSON writes the reply's head as encoding/json does, and what there is much
// of behind it.
func (r *searchReply) appendJSON(b []byte) ([]byte, error) {
	b = slices.Grow(b, sizeOfHit*(1+len(r.Articles)))
	type head searchReply // without this method
	b, err := appendAny(b, (*head)(r))
	if err != nil {
		return nil, err
	}
	b = append(b[:len(b)-1], `,"articles":[`...)
	for i, a := range r.Articles {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendAny(b, a); err != nil {
			return nil, err
		}
	}
	b = append(b, ']')
	if len(r.Facets) > 0 {
		b = appendFacets(append(b, `,"facets":`...), r.Facets)
	}
	return append(b, '}'), nil
}

// appendJSON writes an article, and what the search has to say of it, as one
// object.
func (h *hit) appendJSON(b []byte) ([]byte, error) {
	b = encode.Article(b, &h.Article)
	b = b[:len(b)-1]
	if len(h.Highlights) > 0 {
		b = appendHighlights(append(b, `,"highlights":`...), h.Highlights)
	}
	if h.Score != 0 {
		if math.IsNaN(h.Score) || math.IsInf(h.Score, 0) {
			return nil, fmt.Errorf("encode score of %s: %v", h.ID, h.Score)
		}
		b = strconv.AppendFloat(append(b, `,"score":`...), h.Score, 'g', -1, 64)
	}
	if len(h.Copies) > 0 {
		b = encode.Strings(append(b, `,"copies":`...), h.Copies)
	}
	if h.Explanation != nil {
		var err error
		if b, err = appendAny(append(b, `,"explanation":`...), h.Explanation); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendHighlights(b []byte, highlights map[string][]string) []byte {
	b = append(b, '{')
	for i, name := range sortedKeys(highlights) {
		b = append(encode.String(comma(b, i), name), ':')
		b = encode.Strings(b, highlights[name])
	}
	return append(b, '}')
}

func appendFacets(b []byte, facets map[string]news.Facet) []byte {
	b = append(b, '{')
	for i, name := range sortedKeys(facets) {
		b = append(encode.String(comma(b, i), name), ':')
		b = appendFacet(b, facets[name], name == news.FacetDate)
	}
	return append(b, '}')
}

// appendFacet writes what facetReply shapes.
func appendFacet(b []byte, f news.Facet, isDate bool) []byte {
	b = append(b, `{"buckets":[`...)
	for i := range f.Buckets {
		if b = comma(b, i); isDate {
			b = appendDateBucket(b, &f.Buckets[i])
		} else {
			b = appendBucket(b, &f.Buckets[i])
		}
	}
	b = strconv.AppendInt(append(b, `],"otherCount":`...), int64(f.Other), 10)
	b = strconv.AppendBool(append(b, `,"exact":`...), !f.Approximate)
	if f.Interval != "" {
		b = encode.String(append(b, `,"interval":`...), string(f.Interval))
	}
	return append(b, '}')
}

func appendBucket(b []byte, u *news.Bucket) []byte {
	b = encode.String(append(b, `{"value":`...), u.Value)
	b = encode.String(append(b, `,"label":`...), u.Label)
	b = strconv.AppendInt(append(b, `,"count":`...), int64(u.Count), 10)
	b = strconv.AppendBool(append(b, `,"selected":`...), u.Selected)
	return append(b, '}')
}

func appendDateBucket(b []byte, u *news.Bucket) []byte {
	b = encode.Time(append(b, `{"from":`...), u.From)
	b = encode.Time(append(b, `,"to":`...), u.To)
	b = strconv.AppendInt(append(b, `,"count":`...), int64(u.Count), 10)
	return append(b, '}')
}

// comma stands before every element but the first.
func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
