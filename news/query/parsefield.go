package query

import (
	"fmt"
	"strings"
)

// field reads what follows a name and its colon. The name began at start.
func (p *parser) field(start int, name string) (Node, error) {
	switch lower := strings.ToLower(name); lower {
	case nameAfter, nameBefore, nameDate:
		return p.dates(start, lower)
	case nameIs:
		return p.is()
	default:
		f, ok := fieldNamed(lower)
		if !ok {
			return nil, p.unknownField(start, name)
		}
		if f.IsText() {
			return p.textField(f)
		}
		return p.valueField(f)
	}
}

// unknownField explains a name that is none, with what was likely meant.
func (p *parser) unknownField(start int, name string) error {
	if strings.HasPrefix(p.rest(), "//") {
		whole := name + ":" + p.word()
		return p.fail(start, fmt.Sprintf("%s: is not a field", name), fmt.Sprintf("quotes around an address, %q, or site: and its domain", whole))
	}
	expected := fmt.Sprintf(`quotes around text that has a colon, "%s:"`, name)
	if near := Nearest(name, Names()); near != "" {
		expected = near + ":, or " + expected
	}
	return p.fail(start, fmt.Sprintf("there is no field %s:", name), expected)
}

// textField reads a word, a prefix or a phrase after title: and its like.
func (p *parser) textField(f Field) (Node, error) {
	at := p.pos
	if r, width := p.peek(); isQuote(r) {
		p.pos += width
		return p.phrase(at, f)
	}
	if !p.atValue() {
		return nil, p.noValue(string(f), "a word, or a phrase in quotes")
	}
	return p.text(at, f)
}

// valueField reads the value after source: and its like.
func (p *parser) valueField(f Field) (Node, error) {
	at := p.pos
	text, star, err := p.value(string(f), "a value; one with blanks in quotes")
	if err != nil {
		return nil, err
	}
	if star {
		return nil, p.fail(at, fmt.Sprintf("%s: takes exact values only", f), "a value without *")
	}
	return p.made(Value{Field: f, Text: text})
}

// is reads the property after is:.
func (p *parser) is() (Node, error) {
	at, expected := p.pos, "one of "+strings.Join(IsValues(), ", ")
	text, star, err := p.value(nameIs, expected)
	if err != nil {
		return nil, err
	}
	v := isValue(text)
	if v == "" || star {
		return nil, p.fail(at, fmt.Sprintf("an article is never %q", text), expected)
	}
	return p.made(Is{Text: v})
}

// value reads a bare or quoted value.
func (p *parser) value(name, expected string) (text string, star bool, err error) {
	at := p.pos
	if r, width := p.peek(); isQuote(r) {
		p.pos += width
		text, err = p.closeQuote(at)
		return text, false, err
	}
	if !p.atValue() {
		return "", false, p.noValue(name, expected)
	}
	r := p.run()
	if !hasWord(r.text) && !r.escaped {
		return "", false, p.fail(at, fmt.Sprintf("there is only punctuation after %s:", name), expected)
	}
	return r.text, r.star, nil
}

// atValue reports whether a bare value stands next.
func (p *parser) atValue() bool { return p.word() != "" }

// noValue explains a name with nothing, or a parenthesis, after its colon.
func (p *parser) noValue(name, expected string) error {
	if r, _ := p.peek(); r == '(' {
		return p.fail(p.pos, fmt.Sprintf("a parenthesis cannot stand after %s:", name), fmt.Sprintf("the name before each value: %s:a OR %s:b", name, name))
	}
	return p.fail(p.pos, fmt.Sprintf("nothing stands right after %s:", name), expected)
}
