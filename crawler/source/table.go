package source

import (
	"bufio"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"broadsheet.example/crawler/link"
	"broadsheet.example/news"
)

//go:embed table.tsv
var shipped string

// columns is the number of columns of the table.
const columns = 6

// Entry is one publisher of the table.
type Entry struct {
	ID       string
	Name     string
	Country  string // ISO 3166-1 alpha-2, lower case
	Language string // ISO 639-1
	Domains  []string
	Aliases  []string // other names
}

// Source returns the publisher in the vocabulary's form.
func (e Entry) Source() news.Source {
	return news.Source{ID: e.ID, Name: e.Name, URL: "https://" + e.Domains[0] + "/", Country: e.Country, Language: e.Language}
}

func (e *Entry) ref() news.Ref { return news.Ref{ID: e.ID, Name: e.Name} }

// Table is the list of known publishers. It never changes and is safe for
// concurrent use.
type Table struct {
	entries  []Entry
	byID     map[string]*Entry
	byDomain map[string]*Entry
	byName   map[string][]*Entry // by nameKey; several publishers may share a name
}

// Load reads the table that is part of the program.
func Load() (*Table, error) {
	t := &Table{byID: map[string]*Entry{}, byDomain: map[string]*Entry{}, byName: map[string][]*Entry{}}
	lines := bufio.NewScanner(strings.NewReader(shipped))
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		e, err := parseEntry(line)
		if err != nil {
			return nil, fmt.Errorf("load source table: line %d: %w", n, err)
		}
		t.entries = append(t.entries, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("load source table: %w", err)
	}
	if err := t.index(); err != nil {
		return nil, fmt.Errorf("load source table: %w", err)
	}
	return t, nil
}

func parseEntry(line string) (Entry, error) {
	f := strings.Split(line, "\t")
	if len(f) != columns {
		return Entry{}, fmt.Errorf("%d columns, want %d", len(f), columns)
	}
	e := Entry{ID: f[0], Name: f[1], Country: f[2], Language: f[3], Domains: strings.Fields(f[4])}
	for alias := range strings.SplitSeq(f[5], ";") {
		if alias = strings.TrimSpace(alias); alias != "" {
			e.Aliases = append(e.Aliases, alias)
		}
	}
	if e.ID == "" || e.Name == "" || len(e.Domains) == 0 {
		return Entry{}, fmt.Errorf("id, name and domains are required")
	}
	return e, nil
}

func (t *Table) index() error {
	for i := range t.entries {
		e := &t.entries[i]
		if t.byID[e.ID] != nil {
			return fmt.Errorf("id %q stands twice", e.ID)
		}
		t.byID[e.ID] = e
		for _, d := range e.Domains {
			if t.byDomain[d] != nil {
				return fmt.Errorf("domain %q stands twice", d)
			}
			t.byDomain[d] = e
		}
		for _, name := range append([]string{e.Name}, e.Aliases...) {
			t.addName(nameKey(name), e)
		}
	}
	return nil
}

func (t *Table) addName(key string, e *Entry) {
	if slices.Contains(t.byName[key], e) {
		return
	}
	t.byName[key] = append(t.byName[key], e)
}

// Lookup returns the publisher with the id.
func (t *Table) Lookup(id string) (Entry, bool) {
	e, ok := t.byID[id]
	if !ok {
		return Entry{}, false
	}
	return *e, true
}

// Entries returns all publishers in the order of the table.
func (t *Table) Entries() []Entry { return append([]Entry(nil), t.entries...) }

// host finds the publisher of a host: that of the longest domain it ends in,
// no shorter than its registrable domain.
func (t *Table) host(host string) *Entry {
	shortest := link.Registrable(host)
	for d := host; d != ""; {
		if e := t.byDomain[d]; e != nil {
			return e
		}
		if d == shortest {
			return nil
		}
		_, d, _ = strings.Cut(d, ".")
	}
	return nil
}

// name finds the publisher of a name, nil when none or several have it.
func (t *Table) name(name string) *Entry {
	if found := t.byName[nameKey(name)]; len(found) == 1 {
		return found[0]
	}
	return nil
}
