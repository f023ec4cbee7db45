package stored

import (
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Amend is [store.Amendment.Apply] with the result packed, but that no article
// repeats itself. There is nothing to write when the kind is none.
func (c *Codec) Amend(old news.Article, m store.Amendment) (news.Article, *Draft, store.Kind, error) {
	if m.Article.DuplicateOf == old.ID {
		m.Article.DuplicateOf = ""
	}
	next, kind, err := m.Apply(old)
	if err != nil || kind == store.KindNone {
		return old, nil, store.KindNone, err
	}
	return next, &Draft{Draft: store.Draft{Article: next}, Packed: c.Pack(next.Content)}, kind, nil
}
