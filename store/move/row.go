package move

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"strings"
)

// Row is the values of a table's columns, or of its key.
type Row []any

// Receive returns the places into which a database's driver scans a row, and
// what makes a row of them afterwards.
func (t Table) Receive() (dest []any, row func() Row) {
	dest = make([]any, len(t.Columns))
	for i, c := range t.Columns {
		switch c.Kind {
		case Text:
			dest[i] = new(*string)
		case Integer:
			dest[i] = new(*int64)
		case Bool:
			dest[i] = new(*bool)
		case Bytes:
			dest[i] = new([]byte)
		}
	}
	return dest, func() Row { return t.row(dest) }
}

func (t Table) row(dest []any) Row {
	r := make(Row, len(dest))
	for i, d := range dest {
		switch d := d.(type) {
		case **string:
			r[i] = value(*d, t.Columns[i].Null)
		case **int64:
			r[i] = value(*d, t.Columns[i].Null)
		case **bool:
			r[i] = value(*d, t.Columns[i].Null)
		case *[]byte:
			switch {
			case len(*d) > 0:
				r[i] = *d
			case !t.Columns[i].Null: // a driver may give nil for what is empty
				r[i] = []byte{}
			}
		}
	}
	return r
}

func value[T any](p *T, null bool) any {
	var v T
	switch {
	case p != nil:
		return *p
	case null:
		return nil
	}
	return v
}

// clean is the row with its texts as every store takes them: valid UTF-8 without
// the zero character.
func (r Row) clean() Row {
	for i, v := range r {
		if s, ok := v.(string); ok {
			r[i] = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
		}
	}
	return r
}

// sum counts rows and adds up what they hash to, in any order.
type sum struct {
	n, of int64
	sha   hash.Hash
}

// add takes a row in. Each value is preceded by its type and length, so that no
// two rows are written alike.
func (s *sum) add(r Row) {
	if s.sha == nil {
		s.sha = sha256.New()
	}
	s.sha.Reset()
	for _, v := range r {
		switch v := v.(type) {
		case []byte:
			fmt.Fprintf(s.sha, "b%d:", len(v))
			s.sha.Write(v)
		case string:
			fmt.Fprintf(s.sha, "s%d:", len(v))
			s.sha.Write([]byte(v))
		default: // nil, a number or a truth
			fmt.Fprintf(s.sha, "%T%v;", v, v)
		}
	}
	s.n++
	s.of += int64(binary.BigEndian.Uint64(s.sha.Sum(nil)))
}
