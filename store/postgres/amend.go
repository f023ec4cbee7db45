package postgres

import (
	"context"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

var _ store.Amender = (*Store)(nil)

// Amend corrects articles; see [store.Amender].
func (s *Store) Amend(ctx context.Context, amendments ...store.Amendment) ([]store.Committed, error) {
	var committed []store.Committed
	err := s.take(ctx, "amend articles", func(ctx context.Context, t *tx) (err error) {
		committed, err = t.each(ctx, len(amendments), func(t *tx, i int) (store.Committed, error) {
			if err := amendments[i].Validate(); err != nil {
				return store.Committed{}, err
			}
			return s.amend(ctx, t, amendments[i])
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return committed, nil
}

func (s *Store) amend(ctx context.Context, t *tx, m store.Amendment) (store.Committed, error) {
	i, ok, err := t.identify(ctx, clean(m.Article.ID))
	switch {
	case err != nil:
		return store.Committed{}, err
	case !ok:
		return store.Committed{}, news.ErrNotFound
	case i.removed():
		return store.Committed{}, news.ErrRemoved
	case i.id != m.Article.ID || i.version != m.Article.Version:
		return store.Committed{}, store.ErrStale
	}
	olds, seqs, err := s.load(ctx, t, []identity{i})
	if err != nil {
		return store.Committed{}, err
	}
	if m.Article.DuplicateOf, err = t.survivor(ctx, clean(m.Article.DuplicateOf)); err != nil {
		return store.Committed{}, err
	}
	old := olds[0]
	next, packed, kind, err := s.codec.Amend(old, m)
	c := store.Committed{Kind: kind, ID: next.ID, Version: next.Version}
	if err != nil || kind == store.KindNone {
		return c, err
	}
	var b batch
	if next.DuplicateOf != old.DuplicateOf {
		b.noteRepeat(next.ID, next.DuplicateOf)
	}
	if err := b.rewrite(seqs[old.ID], old, next, packed, t.now); err != nil {
		return store.Committed{}, err
	}
	return c, t.send(ctx, &b)
}
