package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"

	"broadsheet.example/news"
	"broadsheet.example/store/internal/stored"
)

const listDecisions = `SELECT number, kind, entity, target, name, decider, at FROM decisions WHERE number > ? ORDER BY number`

// Decide adds decisions; see [store.Decisions].
func (s *Store) Decide(ctx context.Context, decisions ...news.Decision) ([]news.Decision, error) {
	var made []news.Decision
	err := s.update(ctx, "decide", func(ctx context.Context, t *tx) error {
		var old []news.Decision
		err := t.each(ctx, listDecisions, []any{int64(0)}, appendDecision(&old))
		if err != nil {
			return err
		}
		types, err := t.entityTypes(ctx, stored.Concerned(old, decisions))
		if err != nil {
			return err
		}
		if made, err = stored.Decided(old, types, decisions); err != nil {
			return err
		}
		now := millis(s.now())
		for i := range made {
			d := &made[i]
			d.At = instant(now)
			if _, err := t.exec(ctx, `INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?)`, d.Number, d.Kind, d.Entity, d.Into, d.Name, d.By, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// entityTypes returns the types of the entities that are known.
func (t *tx) entityTypes(ctx context.Context, ids []string) (map[string]news.EntityType, error) {
	types := make(map[string]news.EntityType, len(ids))
	for _, id := range ids {
		var kind news.EntityType
		ok, err := t.get(ctx, `SELECT type FROM entities WHERE id = ?`, []any{id}, &kind)
		if err != nil {
			return nil, err
		}
		if ok {
			types[id] = kind
		}
	}
	return types, nil
}

// ListDecisions lists decisions; see [store.Decisions].
func (s *Store) ListDecisions(ctx context.Context, after int64) ([]news.Decision, error) {
	var list []news.Decision
	rows, err := s.read.QueryContext(ctx, listDecisions, after)
	err = walk(rows, err, appendDecision(&list))
	return list, s.failed("list decisions", err)
}

func appendDecision(list *[]news.Decision) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var d news.Decision
		var at int64
		err := rows.Scan(&d.Number, &d.Kind, &d.Entity, &d.Into, &d.Name, &d.By, &at)
		d.At = instant(at)
		*list = append(*list, d)
		return err
	}
}

// Rulings sums decisions up; see [store.Decisions].
func (s *Store) Rulings(ctx context.Context) (*news.Rulings, error) {
	var newest int64
	if err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) FROM decisions`).Scan(&newest); err != nil {
		return nil, s.failed("list decisions", err)
	}
	return s.rulings.At(newest, func() ([]news.Decision, error) { return s.ListDecisions(ctx, 0) })
}

// Entities looks entities up; see [store.Archive].
func (s *Store) Entities(ctx context.Context, ids ...string) ([]news.Entity, error) {
	rulings, err := s.Rulings(ctx)
	if err != nil {
		return nil, err
	}
	list, err := json.Marshal(stored.Survivors(ids, rulings))
	if err != nil {
		return nil, err
	}
	var entities []news.Entity
	rows, err := s.read.QueryContext(ctx, `SELECT e.id, e.type, e.name, e.country FROM json_each(?) j JOIN entities e ON e.id = j.value ORDER BY j.key`, string(list))
	err = walk(rows, err, func(rows *sql.Rows) error {
		var e news.Entity
		err := rows.Scan(&e.ID, &e.Type, &e.Name, &e.Country)
		entities = append(entities, e)
		return err
	})
	return stored.Renamed(entities, rulings), s.failed("look up entities", err)
}
