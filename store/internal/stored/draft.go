package stored

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// MaxRevisions is how many revisions of an article are kept. The oldest go: a
// live ticker would otherwise grow without end.
const MaxRevisions = 100

// Draft is a draft checked and packed by its caller, so that those who wait for
// a turn to write do not have to wait for that.
type Draft struct {
	store.Draft
	Packed       []byte // the content
	PackedBlocks []byte // nil when the draft has none
	Err          error  // why it cannot be stored
}

// Prepare checks and packs a draft.
func (c *Codec) Prepare(d store.Draft) *Draft {
	if err := d.Validate(); err != nil {
		return &Draft{Err: err}
	}
	d.Article.PublishedAt = toMilli(d.Article.PublishedAt)
	d.Article.UpdatedAt = toMilli(d.Article.UpdatedAt)
	p := &Draft{Draft: d, Packed: c.Pack(d.Article.Content)}
	if len(d.Blocks) > 0 {
		p.PackedBlocks, p.Err = c.PackJSON(d.Blocks)
	}
	return p
}

func toMilli(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// adopt puts a fuller article's text, and its blocks as they are stored, in the
// place of a draft's.
func (c *Codec) adopt(d *Draft, a news.Article, blocks []byte) *Draft {
	return &Draft{Draft: store.Draft{Article: a, Keys: d.Keys}, Packed: c.Pack(a.Content), PackedBlocks: blocks}
}

// Create is [store.Resolve] for an article that is new. It does not repeat
// itself.
func Create(d *Draft, at time.Time) (news.Article, store.Kind) {
	a, kind := store.Resolve(nil, d.Draft, at)
	if a.DuplicateOf == a.ID {
		a.DuplicateOf = ""
	}
	return a, kind
}

// resolve is [store.Resolve], but that no article repeats itself or what became
// part of it: forgetting such a claim is a change of its own.
func (c *Codec) resolve(old news.Article, d *Draft, merged []string, at time.Time) (news.Article, store.Kind) {
	self := append([]string{old.ID}, merged...)
	claimed := slices.Contains(self, old.DuplicateOf)
	if claimed {
		old.DuplicateOf = ""
	}
	if slices.Contains(self, d.Article.DuplicateOf) {
		d.Article.DuplicateOf = ""
	}
	next, kind := store.Resolve(&old, d.Draft, at)
	if kind == store.KindNone && claimed {
		next.Version++
		kind = store.KindUpdated
		d.Packed, d.PackedBlocks = c.Pack(next.Content), nil
	}
	return next, kind
}

// relearnt is what becomes of a revision whose page says what it said, block by
// block, so that only what was left out as boilerplate differs: nothing that the
// publisher did. blocks are those of old as they are stored.
func (c *Codec) relearnt(old, next news.Article, d *Draft, blocks []byte) (news.Article, store.Kind, error) {
	var was []string
	if err := c.UnpackJSON(blocks, &was); err != nil {
		return next, store.KindRevised, fmt.Errorf("blocks of %s: %w", old.ID, err)
	}
	if next.Title != old.Title || next.EditorNote != old.EditorNote || len(was) == 0 || !slices.Equal(was, d.Blocks) {
		return next, store.KindRevised, nil
	}
	next.Revision, next.UpdatedAt = old.Revision, old.UpdatedAt
	return next, store.KindUpdated, nil
}

// Encode is an article's stored form without its content.
func Encode(a news.Article) (string, error) {
	a.Content = ""
	b, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("article %s: %w", a.ID, err)
	}
	return string(b), nil
}

// Decode reads an article's stored form and its packed content.
func (c *Codec) Decode(meta, content []byte) (news.Article, error) {
	a, err := DecodeMeta(meta)
	if err != nil {
		return a, err
	}
	if a.Content, err = c.Unpack(content); err != nil {
		return a, fmt.Errorf("article %s: %w", a.ID, err)
	}
	return a, nil
}

// DecodeMeta reads an article's stored form without its content.
func DecodeMeta(meta []byte) (news.Article, error) {
	var a news.Article
	if err := json.Unmarshal(meta, &a); err != nil {
		return a, fmt.Errorf("read article: %w", err)
	}
	return a, nil
}

// EncodeRevision is the stored form of an article's newest revision, without its
// content and when it was seen.
func EncodeRevision(a news.Article) (string, error) {
	b, err := json.Marshal(news.Revision{
		Number: a.Revision, UpdatedAt: a.UpdatedAt, Title: a.Title, Description: a.Description, EditorNote: a.EditorNote,
	})
	if err != nil {
		return "", fmt.Errorf("revision of %s: %w", a.ID, err)
	}
	return string(b), nil
}

// DecodeRevision reads a revision's stored form and its packed content.
func (c *Codec) DecodeRevision(meta, content []byte) (news.Revision, error) {
	var r news.Revision
	if err := json.Unmarshal(meta, &r); err != nil {
		return r, fmt.Errorf("read revision: %w", err)
	}
	var err error
	r.Content, err = c.Unpack(content)
	return r, err
}
