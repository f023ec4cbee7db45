package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

// Lengths in letters between which a word of capitals is read as an acronym.
const (
	minAcronym = 2
	maxAcronym = 8
)

// resolveOrganizations gives every organization's mention its long form. What
// the document itself says of an acronym goes before the lists.
func (d *document) resolveOrganizations() {
	long := d.longNames()
	acronyms := d.acronyms(long)
	begun, ended := edges(long)
	d.each(news.Organization, func(m *mention) {
		name := m.surface
		if l, ok := acronyms[plainAcronym(m.surface)]; ok {
			name = l
		} else if l := d.completed(m, begun, ended); l != "" {
			name = l
		}
		name = d.wellKnown(name)
		if len(m.words) > 1 || d.gaz.Is(m.surface, gazetteer.Organization) || !isCommon(d.gaz, name) {
			m.key, m.name = gazetteer.Fold(name), name
		}
	})
}

// wellKnown returns the canonical name of an organization that the lists know,
// with or without its legal form or its country; else the name without the form.
func (d *document) wellKnown(name string) string {
	bare := withoutForm(name)
	for _, try := range [...]string{name, bare, withoutCountry(bare)} {
		if canonical, ok := d.gaz.Organization(try); ok {
			return canonical
		}
	}
	return bare
}

// withoutCountry drops what American agencies are often prefixed with.
func withoutCountry(name string) string {
	for _, p := range [...]string{"U.S. ", "US ", "American "} {
		if rest, ok := strings.CutPrefix(name, p); ok {
			return rest
		}
	}
	return name
}

// longNames lists the distinct organizations of several words, in order.
func (d *document) longNames() []string {
	var long []string
	seen := map[string]bool{}
	d.each(news.Organization, func(m *mention) {
		if len(m.words) > 1 && !seen[m.surface] {
			seen[m.surface] = true
			long = append(long, m.surface)
		}
	})
	return long
}

// acronyms maps acronyms to the names that the document gives for them: by
// "Long Form (LF)", or by the initials of a name.
func (d *document) acronyms(long []string) map[string]string {
	out := map[string]string{}
	for _, name := range long {
		for _, a := range initialsOf(name) {
			if _, ok := out[a]; !ok && utf8.RuneCountInString(a) > minAcronym {
				out[a] = name
			}
		}
	}
	for i := 1; i < len(d.mentions); i++ {
		m, before := &d.mentions[i], &d.mentions[i-1]
		if m.Type != news.Organization || before.Type != m.Type || len(before.words) < 2 {
			continue
		}
		if a := plainAcronym(m.surface); a != "" && d.text[before.End:m.Start] == " (" {
			out[a] = before.surface
		}
	}
	return out
}

// plainAcronym returns s without periods if it is an acronym, else "".
func plainAcronym(s string) string {
	a := strings.ReplaceAll(s, ".", "")
	if n := utf8.RuneCountInString(a); n < minAcronym || n > maxAcronym {
		return ""
	}
	upper := 0
	for _, r := range a {
		switch {
		case unicode.IsUpper(r):
			upper++
		case !unicode.IsLower(r) && r != '-':
			return ""
		}
	}
	if upper < 2 || upper*2 < utf8.RuneCountInString(a) {
		return ""
	}
	return strings.ToUpper(a)
}

// initialsOf returns the initials of a name's words, with and without the small
// ones.
func initialsOf(name string) []string {
	var all, capitals strings.Builder
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' }) {
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsLetter(r) {
			continue
		}
		all.WriteRune(unicode.ToUpper(r))
		if unicode.IsUpper(r) {
			capitals.WriteRune(r)
		}
	}
	return []string{capitals.String(), all.String()}
}

// edges maps the first words of long names to the only name that begins with
// them, and the last words to the only one that ends with them.
func edges(long []string) (begun, ended map[string]string) {
	begun, ended = map[string]string{}, map[string]string{}
	for _, name := range long {
		folded := gazetteer.Fold(name)
		first, _, _ := strings.Cut(folded, " ")
		only(begun, first, name)
		only(ended, folded[strings.LastIndexByte(folded, ' ')+1:], name)
	}
	return begun, ended
}

// only notes the name under key, or that there are several.
func only(names map[string]string, key, name string) {
	if _, ok := names[key]; ok {
		name = ""
	}
	names[key] = name
}

// completed returns the long name that one word stands for, or "": Goldman for
// Goldman Sachs, the Commission for the European Commission.
func (d *document) completed(m *mention, begun, ended map[string]string) string {
	switch {
	case len(m.words) != 1 || d.gaz.Is(m.surface, gazetteer.Organization|gazetteer.AnyPlace):
		return ""
	case d.gaz.Is(m.surface, gazetteer.OrgWord):
		return ended[m.words[0]]
	case isCommon(d.gaz, m.surface):
		return ""
	}
	return begun[m.words[0]]
}

// withoutForm drops the legal form from a company's name.
func withoutForm(name string) string {
	words := strings.Fields(name)
	for len(words) > 1 && isLegalForm(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.TrimRight(strings.Join(words, " "), ",")
}

func isLegalForm(w string) bool {
	switch strings.ToLower(strings.Trim(w, ".,")) {
	case "inc", "corp", "corporation", "co", "ltd", "limited", "llc", "llp", "plc", "gmbh", "ag", "sa", "nv", "spa", "ab", "incorporated", "&":
		return true
	}
	return false
}
