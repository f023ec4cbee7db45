package stored

import (
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Change is what a draft makes of the articles that it belongs to.
type Change struct {
	Old, New  news.Article
	Gone      []news.Article // which become part of Old
	Draft     *Draft         // what New is stored from
	Committed store.Committed
}

// Change tells what a draft makes of the articles that it belongs to, of which
// there is at least one; several become one. blocks returns those of the newest
// revision of one of them, as they are stored. olds is put in another order.
func (c *Codec) Change(olds []news.Article, d *Draft, at time.Time, blocks func(id string) ([]byte, error)) (Change, error) {
	if fuller := store.Merge(olds, d.Draft); fuller >= 0 {
		b, err := blocks(olds[fuller].ID)
		if err != nil {
			return Change{}, err
		}
		d = c.adopt(d, olds[fuller], b)
	}
	x := Change{Old: olds[0], Gone: olds[1:], Draft: d, Committed: store.Committed{ID: olds[0].ID}}
	for _, g := range x.Gone {
		x.Committed.Merged = append(x.Committed.Merged, g.ID)
	}
	var kind store.Kind
	x.New, kind = c.resolve(x.Old, d, x.Committed.Merged, at)
	if kind == store.KindRevised && len(d.Blocks) > 0 {
		was, err := blocks(x.Old.ID)
		if err != nil {
			return Change{}, err
		}
		if x.New, kind, err = c.relearnt(x.Old, x.New, d, was); err != nil {
			return Change{}, err
		}
	}
	x.Committed.Kind, x.Committed.Version = kind, x.New.Version
	return x, nil
}
