package move

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Kind is what a column holds.
type Kind int

// The kinds of column, and the Go type in which a value crosses over.
const (
	Text    Kind = iota // string
	Integer             // int64
	Bool                // bool
	Bytes               // []byte
)

// Column is one column of a table. A value of one that may be Null can be nil.
type Column struct {
	Name string
	Kind Kind
	Null bool
}

// Table is one table as both kinds of store have it. The first Key columns tell
// its rows apart and give them an order; none of them is Null.
type Table struct {
	Name    string
	Columns []Column
	Key     int
	Batch   int // how many rows cross over together
}

// Shape is how one store keeps a table, where that differs from the table: under
// other names, or in several places. In its expressions :name stands for the
// value of a column.
type Shape struct {
	From   string            // what is read in the table's place
	Read   map[string]string // expressions that give columns
	Names  map[string]string // of columns when they are written; "" for none
	Values map[string]string // expressions of what is written
	Also   []string          // further statements that write a row
}

// Direct reports whether rows can be written as they are.
func (s Shape) Direct() bool { return len(s.Values) == 0 && len(s.Also) == 0 }

// Select reads rows as [Source.Rows] wants them: from after a key, when more is
// set, whose values come first, up to a number of rows that comes last. mark is
// what begins the place of a value, as ? or $.
func (s Shape) Select(t Table, more bool, mark string) string {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = c.Name
		if e, ok := s.Read[c.Name]; ok {
			columns[i] = e + " AS " + c.Name
		}
	}
	from := t.Name
	if s.From != "" {
		from = s.From
	}
	keys, places := make([]string, t.Key), make([]string, t.Key)
	for i := range t.Key {
		keys[i], places[i] = t.Columns[i].Name, mark+strconv.Itoa(i+1)
	}
	key, where, last := strings.Join(keys, ", "), "", 1
	if more {
		where = fmt.Sprintf(" WHERE (%s) > (%s)", key, strings.Join(places, ", "))
		last += t.Key
	}
	return fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s LIMIT %s%d", strings.Join(columns, ", "), from, where, key, mark, last)
}

// CountAll counts the rows of a table.
func (s Shape) CountAll(t Table) string {
	if s.From != "" {
		return "SELECT count(*) FROM " + s.From
	}
	return "SELECT count(*) FROM " + t.Name
}

// Targets are the names under which the columns of a table are written, in
// order, and the place of each in a row.
func (s Shape) Targets(t Table) (names []string, places []int) {
	for i, c := range t.Columns {
		name, other := s.Names[c.Name]
		if !other {
			name = c.Name
		}
		if name != "" {
			names, places = append(names, name), append(places, i)
		}
	}
	return names, places
}

// Inserts are the statements that write a row, whose values take the places of
// their columns.
func (s Shape) Inserts(t Table, mark string) []string {
	names, places := s.Targets(t)
	values := make([]string, len(names))
	for i, p := range places {
		c := t.Columns[p].Name
		values[i] = ":" + c
		if e, ok := s.Values[c]; ok {
			values[i] = e
		}
	}
	list := []string{fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", t.Name, strings.Join(names, ", "), strings.Join(values, ", "))}
	list = append(list, s.Also...)
	for i, q := range list {
		list[i] = t.bind(q, mark)
	}
	return list
}

var placeholder = regexp.MustCompile(`:[a-z_]+`)

// bind puts places of values where a statement names columns.
func (t Table) bind(query, mark string) string {
	return placeholder.ReplaceAllStringFunc(query, func(name string) string {
		i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name[1:] })
		return mark + strconv.Itoa(i+1)
	})
}

// readerColumn is the place of the column that names a reader of the outbox, -1
// when there is none.
func (t Table) readerColumn() int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == "reader" })
}
