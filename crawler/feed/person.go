package feed

import (
	"regexp"
	"strings"
)

var email = regexp.MustCompile(`[A-Za-z0-9_.+%'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){0,8}[A-Za-z0-9-]{1,63}`)

// personFromText reads the forms that RSS puts people in: "Name (address)",
// "address (Name)", "Name <address>", either alone.
func personFromText(s string) Person {
	s = cut(oneLine(s), maxName)
	address := email.FindString(s)
	if address == "" {
		return Person{Name: s}
	}
	name := strings.Replace(s, address, "", 1)
	for _, empty := range []string{"mailto:", "()", "<>", "[]", "&lt;&gt;"} {
		name = strings.ReplaceAll(name, empty, "")
	}
	name = strings.TrimSpace(name)
	if strings.HasPrefix(name, "(") && strings.HasSuffix(name, ")") {
		name = strings.TrimSpace(name[1 : len(name)-1])
	}
	return Person{Name: strings.Trim(name, ` "`), Email: address}
}

// person reads an author or contributor: Atom's child elements, or text.
func person(n *node, b base) Person {
	b = b.within(n)
	p := Person{}
	for _, k := range n.kids {
		if !k.native() {
			continue
		}
		switch k.name {
		case "name":
			p.Name = k.plain()
		case "email":
			p.Email = strings.TrimPrefix(k.raw(), "mailto:")
		case "uri", "url", "homepage":
			p.URL = b.within(k).resolve(k.raw())
		}
	}
	switch {
	case p == Person{}:
		return personFromText(n.plain())
	case p.Email == "" && email.MatchString(p.Name):
		named := personFromText(p.Name)
		p.Name, p.Email = named.Name, named.Email
	}
	return p
}

// addPerson appends the person n names, as long as there is room.
func (p *props) addPerson(to []Person, n *node) []Person {
	if len(to) >= maxList {
		return to
	}
	return appendPerson(to, person(n, p.base))
}

// appendPerson appends p unless it says nothing or is there already.
func appendPerson(to []Person, p Person) []Person {
	p = Person{Name: cut(p.Name, maxName), Email: cut(p.Email, maxName), URL: p.URL}
	if p == (Person{}) || len(to) >= maxList {
		return to
	}
	for _, have := range to {
		if have == p || have.Name != "" && have.Name == p.Name && p.Email == "" && p.URL == "" {
			return to
		}
	}
	return append(to, p)
}
