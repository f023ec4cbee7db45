package move

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"

	"broadsheet.example/news"
)

// state is where a move stands.
type state struct {
	Source string // the fingerprint of the source
	Table  string // that is being copied
	After  Row    // the key up to which it is
}

func (s state) encode() ([]byte, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(s); err != nil {
		return nil, fmt.Errorf("write down where the move stands: %w", err)
	}
	return b.Bytes(), nil
}

func decodeState(b []byte) (s state, err error) {
	if len(b) == 0 {
		return s, nil
	}
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&s); err != nil {
		return s, fmt.Errorf("read where the move stands: %w", err)
	}
	return s, nil
}

// fingerprint tells sources, and states of one, apart by how much they hold and
// by the versions of all articles. It counts the rows on the way.
func fingerprint(ctx context.Context, from Source) (mark string, total int64, err error) {
	var counts []int64
	for _, t := range Tables() {
		n, err := from.Count(ctx, t)
		if err != nil {
			return "", 0, fmt.Errorf("count %s: %w", t.Name, err)
		}
		total += n
		if t.readerColumn() < 0 { // the indexes of the source come and go
			counts = append(counts, n)
		}
	}
	var s sum
	if err := each(ctx, from, identities(), func(r Row) { s.add(r) }); err != nil {
		return "", 0, err
	}
	return fmt.Sprint(counts, s.of), total, nil
}

// each calls do for every row of a table.
func each(ctx context.Context, from Source, t Table, do func(Row)) error {
	var after Row
	for {
		rows, err := from.Rows(ctx, t, after, t.Batch)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = append(Row(nil), rows[len(rows)-1][:t.Key]...)
		for _, r := range rows {
			do(r)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// errDiffer is what compare finds.
var errDiffer = errors.New("not alike")

// compare reads both stores over and fails at the first table that differs.
func (m *mover) compare(ctx context.Context, to Source) (Report, error) {
	var r Report
	for _, t := range Tables() {
		var was, is sum
		before := r.Rows
		err := each(ctx, m.from, t, func(row Row) {
			for _, row := range m.kept(t, []Row{row}) {
				was.add(row)
				m.progress("comparing", before+was.n)
			}
		})
		if err != nil {
			return r, fmt.Errorf("compare %s: read the source: %w", t.Name, err)
		}
		var articles news.Digest
		err = each(ctx, to, t, func(row Row) {
			is.add(row)
			if t.Name == identities().Name && row[2] != nil {
				articles.Add(row[0].(string), row[1].(int64))
			}
		})
		if err != nil {
			return r, fmt.Errorf("compare %s: read the target: %w", t.Name, err)
		}
		if was.n != is.n || was.of != is.of {
			return r, fmt.Errorf("%s: %d rows in the source, %d in the target, %w; --restart begins anew", t.Name, was.n, is.n, errDiffer)
		}
		r.Rows += is.n
		if t.Name == identities().Name {
			r.Articles = articles
		}
	}
	return r, nil
}
