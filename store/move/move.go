// Package move carries all that one store holds into another, of whatever kind.
//
// Both kinds keep the same things under other names. A [Table] is what they have
// in common; each store says by a [Shape] how it keeps one, and its rows cross
// over in one neutral form. Leases are left behind, and so are the readers that
// the caller does not name: what they follow is told anew of everything.
//
// It is neither a backup nor an export: the target is ready to be used at the
// end, and before that no store at all. Start reading at [Run].
package move

import (
	"context"
	"errors"
	"fmt"

	"broadsheet.example/news"
)

// Source is a store that is read. It does not change meanwhile.
type Source interface {
	// Rows returns at most n rows of a table in the order of its key, from after
	// the key on, or from the first row when the key is nil.
	Rows(ctx context.Context, t Table, after Row, n int) ([]Row, error)
	// Count counts the rows of a table.
	Count(ctx context.Context, t Table) (int64, error)
}

// Target is a store in the making.
type Target interface {
	Source
	// State returns what Put was given last, nil when that was nothing.
	State(ctx context.Context) ([]byte, error)
	// Put adds rows to a table and remembers the state with them, or neither.
	Put(ctx context.Context, t Table, rows []Row, state []byte) error
	// Finish makes a store of what was put. It fails when there is one by now.
	Finish(ctx context.Context) error
}

// ErrOccupied says that a target is a store already. See [Done].
var ErrOccupied = errors.New("holds an archive")

// ErrOther says that a target holds the beginning of another move.
var ErrOther = errors.New("the target holds the beginning of a move from elsewhere, or from what the source was before it changed; --restart drops that and begins anew")

// Options says what else is to be known.
type Options struct {
	// Keep tells of a reader of the outbox whether it moves as well.
	Keep func(reader string) bool
	// Progress is told how many rows of how many are done of a step. Both are
	// rough.
	Progress func(step string, done, total int64)
}

// Report sums up a move.
type Report struct {
	Rows     int64       // of all tables
	Articles news.Digest // of the source, and of the target
	Resumed  bool        // an earlier move was gone on with
}

// Run moves everything from one store to another and compares the two row by
// row before the target is made a store. When it is cut short at any moment, the
// next run with the same source goes on where it stood.
func Run(ctx context.Context, from Source, to Target, o Options) (Report, error) {
	m := mover{from: from, to: to, o: o}
	if err := m.begin(ctx); err != nil {
		return Report{}, err
	}
	resumed := m.state.Table != ""
	if err := m.copyAll(ctx); err != nil {
		return Report{}, err
	}
	report, err := m.compare(ctx, to)
	if err != nil {
		return Report{}, err
	}
	report.Resumed = resumed
	return report, to.Finish(ctx)
}

// Done reports whether a store holds all that another does, as after a move: one
// that was cut short at its last moment, say, when the target was a store but
// nobody had been told. Stores that hold as much are compared row by row.
func Done(ctx context.Context, from, to Source, o Options) (r Report, done bool, err error) {
	m := mover{from: from, o: o}
	var was, is string
	if was, m.total, err = fingerprint(ctx, from); err != nil {
		return r, false, fmt.Errorf("look the source over: %w", err)
	}
	if is, _, err = fingerprint(ctx, to); err != nil {
		return r, false, fmt.Errorf("look the target over: %w", err)
	}
	if was != is {
		return r, false, nil
	}
	r, err = m.compare(ctx, to)
	if errors.Is(err, errDiffer) {
		return r, false, nil
	}
	return r, err == nil, err
}

type mover struct {
	from  Source
	to    Target
	o     Options
	state state
	total int64
}

// begin finds out where the target stands.
func (m *mover) begin(ctx context.Context) error {
	mark, total, err := fingerprint(ctx, m.from)
	if err != nil {
		return fmt.Errorf("look the source over: %w", err)
	}
	m.total = total
	b, err := m.to.State(ctx)
	if err != nil {
		return fmt.Errorf("look the target over: %w", err)
	}
	if m.state, err = decodeState(b); err != nil {
		return err
	}
	if m.state.Source != "" && m.state.Source != mark {
		return ErrOther
	}
	m.state.Source = mark
	return nil
}

// copyAll copies the tables, from where the state stands.
func (m *mover) copyAll(ctx context.Context) error {
	begun := m.state.Table == ""
	done := int64(0)
	for _, t := range Tables() {
		if !begun && t.Name != m.state.Table {
			n, err := m.to.Count(ctx, t)
			if err != nil {
				return fmt.Errorf("count %s: %w", t.Name, err)
			}
			done += n
			continue
		}
		if !begun {
			begun = true
		} else {
			m.state.Table, m.state.After = t.Name, nil
		}
		n, err := m.copyTable(ctx, t, done)
		if err != nil {
			return fmt.Errorf("move %s: %w", t.Name, err)
		}
		done += n
	}
	return nil
}

func (m *mover) copyTable(ctx context.Context, t Table, before int64) (int64, error) {
	n := int64(0)
	for {
		rows, err := m.from.Rows(ctx, t, m.state.After, t.Batch)
		if err != nil || len(rows) == 0 {
			return n, err
		}
		m.state.After = rows[len(rows)-1][:t.Key]
		b, err := m.state.encode()
		if err != nil {
			return n, err
		}
		n += int64(len(rows))
		if err := m.to.Put(ctx, t, m.kept(t, rows), b); err != nil {
			return n, err
		}
		m.progress("moving", before+n)
		if err := ctx.Err(); err != nil {
			return n, err
		}
	}
}

func (m *mover) progress(step string, done int64) {
	if m.o.Progress != nil {
		m.o.Progress(step, done, max(m.total, done))
	}
}

// kept leaves out what belongs to readers that stay behind, and makes texts such
// that every store takes them.
func (m *mover) kept(t Table, rows []Row) []Row {
	reader := t.readerColumn()
	kept := rows[:0:0]
	for _, r := range rows {
		if reader >= 0 {
			if name, _ := r[reader].(string); !m.o.Keep(name) {
				continue
			}
		}
		kept = append(kept, r.clean())
	}
	return kept
}
