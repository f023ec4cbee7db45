package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store/internal/stored"
)

// Decide adds decisions; see [store.Decisions].
func (s *Store) Decide(ctx context.Context, decisions ...news.Decision) ([]news.Decision, error) {
	var made []news.Decision
	err := s.take(ctx, "decide", func(ctx context.Context, t *tx) error {
		old, err := decisionsAfter(ctx, t, 0)
		if err != nil {
			return err
		}
		types, err := entityTypes(ctx, t, stored.Concerned(old, decisions))
		if err != nil {
			return err
		}
		if made, err = stored.Decided(old, types, decisions); err != nil {
			return err
		}
		var b batch
		for i := range made {
			d := &made[i]
			d.At = instant(millis(t.now))
			d.By, d.Name = clean(d.By), clean(d.Name)
			b.add(`INSERT INTO decisions VALUES ($1, $2, $3, $4, $5, $6, $7)`, d.Number, string(d.Kind), d.Entity, d.Into, d.Name, d.By, millis(t.now))
		}
		return t.send(ctx, &b)
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// entityTypes returns the types of the entities that are known.
func entityTypes(ctx context.Context, q querier, ids []string) (map[string]news.EntityType, error) {
	types := make(map[string]news.EntityType, len(ids))
	rows, err := q.Query(ctx, `SELECT id, type FROM entities WHERE id = ANY($1)`, cleanAll(ids))
	return types, walk(rows, err, func(rows pgx.Rows) error {
		var id string
		var kind news.EntityType
		err := rows.Scan(&id, &kind)
		types[id] = kind
		return err
	})
}

// ListDecisions lists decisions; see [store.Decisions].
func (s *Store) ListDecisions(ctx context.Context, after int64) ([]news.Decision, error) {
	return read(ctx, s, "list decisions", func(ctx context.Context, q querier) ([]news.Decision, error) {
		return decisionsAfter(ctx, q, after)
	})
}

func decisionsAfter(ctx context.Context, q querier, after int64) ([]news.Decision, error) {
	var list []news.Decision
	rows, err := q.Query(ctx, `SELECT number, kind, entity, target, name, decider, at FROM decisions WHERE number > $1 ORDER BY number`, after)
	err = walk(rows, err, func(rows pgx.Rows) error {
		var d news.Decision
		var at int64
		err := rows.Scan(&d.Number, &d.Kind, &d.Entity, &d.Into, &d.Name, &d.By, &at)
		d.At = instant(at)
		list = append(list, d)
		return err
	})
	return list, err
}

// Rulings sums decisions up; see [store.Decisions].
func (s *Store) Rulings(ctx context.Context) (*news.Rulings, error) {
	return read(ctx, s, "list decisions", s.ruled)
}

// ruled returns what the decisions come to now.
func (s *Store) ruled(ctx context.Context, q querier) (*news.Rulings, error) {
	var newest int64
	if err := q.QueryRow(ctx, `SELECT coalesce(max(number), 0) FROM decisions`).Scan(&newest); err != nil {
		return nil, err
	}
	return s.rulings.At(newest, func() ([]news.Decision, error) { return decisionsAfter(ctx, q, 0) })
}

// Entities looks entities up; see [store.Archive].
func (s *Store) Entities(ctx context.Context, ids ...string) ([]news.Entity, error) {
	return read(ctx, s, "look up entities", func(ctx context.Context, q querier) ([]news.Entity, error) {
		rulings, err := s.ruled(ctx, q)
		if err != nil {
			return nil, err
		}
		var entities []news.Entity
		rows, err := q.Query(ctx, `SELECT e.id, e.type, e.name, e.country FROM unnest($1::text[]) WITH ORDINALITY AS u(id, place) JOIN entities e ON e.id = u.id ORDER BY u.place`,
			cleanAll(stored.Survivors(ids, rulings)))
		err = walk(rows, err, func(rows pgx.Rows) error {
			var e news.Entity
			err := rows.Scan(&e.ID, &e.Type, &e.Name, &e.Country)
			entities = append(entities, e)
			return err
		})
		return stored.Renamed(entities, rulings), err
	})
}
