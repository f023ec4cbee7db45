package query

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How tightly the operators bind, from the loosest. A part that binds less
// tightly than its place demands is printed in parentheses.
const (
	bindOr = iota
	bindAnd
	bindList
	bindItem
)

func binding(n Node) int {
	switch n := n.(type) {
	case Or:
		return looser(n.Parts, bindOr)
	case And:
		return looser(n.Parts, bindAnd)
	case All:
		return looser(n.Parts, bindList)
	case Not, Must, Word, Phrase, Prefix, Value, Dates, Is:
		return bindItem
	}
	return bindItem
}

// looser is the binding of an operator with the parts; with a single one the
// operator is not printed, and the part's own counts.
func looser(parts []Node, operator int) int {
	if len(parts) == 1 {
		return binding(parts[0])
	}
	return operator
}

// group prints n for a place that demands at least the binding.
func group(n Node, demanded int) string {
	if binding(n) < demanded {
		return "(" + n.String() + ")"
	}
	return n.String()
}

func join(parts []Node, operator string, demanded int) string {
	if len(parts) == 1 {
		return parts[0].String()
	}
	printed := make([]string, len(parts))
	for i, n := range parts {
		printed[i] = group(n, demanded)
	}
	return strings.Join(printed, operator)
}

// String prints the parts side by side.
func (n All) String() string { return join(n.Parts, " ", bindItem) }

// String prints the parts with AND between them.
func (n And) String() string { return join(n.Parts, " AND ", bindList) }

// String prints the parts with OR between them.
func (n Or) String() string { return join(n.Parts, " OR ", bindAnd) }

// String prints a minus sign and the part.
func (n Not) String() string { return "-" + group(n.Part, bindItem) }

// String prints a plus sign and the part.
func (n Must) String() string { return "+" + group(n.Part, bindItem) }

// String prints the word, with its field if it has one.
func (n Word) String() string { return label(n.Field) + escape(n.Text, n.Field) }

// String prints the phrase in straight quotes.
func (n Phrase) String() string {
	s := label(n.Field) + quote(n.Text)
	if n.Slop > 0 {
		s += fmt.Sprintf("~%d", n.Slop)
	}
	return s
}

// String prints the letters and a star.
func (n Prefix) String() string { return label(n.Field) + escape(n.Text, n.Field) + "*" }

// String prints the field and the value, in quotes if it needs them.
func (n Value) String() string { return label(n.Field) + quoteIfNeeded(n.Text) }

// String prints the bounds as they were written.
func (n Dates) String() string {
	switch {
	case n.Through == "" && n.Before == "":
		return nameAfter + ":" + n.From
	case n.From == "" && n.Through == "":
		return nameBefore + ":" + n.Before
	case n.Before != "":
		return nameDate + ":" + n.From + exclusiveMark + n.Before
	case n.From == n.Through && !isAge(n.From):
		return nameDate + ":" + n.From
	}
	return nameDate + ":" + n.From + rangeMark + n.Through
}

// String prints is: and the property.
func (n Is) String() string { return nameIs + ":" + n.Text }

func label(f Field) string {
	if f == FieldText {
		return ""
	}
	return string(f) + ":"
}

// quote puts s in quotes.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if r == '\\' || isQuote(r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}

// quoteIfNeeded leaves s bare when it reads back the same.
func quoteIfNeeded(s string) string {
	special := func(r rune) bool { return isDelimiter(r) || r == '\\' || r == '*' }
	if s == "" || strings.ContainsFunc(s, special) {
		return quote(s)
	}
	return s
}

// escape puts a backslash before whatever in a word of field f would otherwise
// be read as something else.
func escape(s string, f Field) string {
	var b strings.Builder
	inText := f == FieldText
	operator := inText && startsAsOperator(s)
	letters := inText // nothing but letters so far
	for i, r := range s {
		first, last := i == 0, i+utf8.RuneLen(r) == len(s)
		switch {
		case isDelimiter(r), r == '\\', first && operator:
			b.WriteByte('\\')
		case r == '*' && (first || last):
			b.WriteByte('\\')
		case r == ':' && letters && !first:
			b.WriteByte('\\')
		}
		letters = letters && unicode.IsLetter(r)
		b.WriteRune(r)
	}
	return b.String()
}

// startsAsOperator reports whether the word s would be read as an operator, or
// left out as punctuation, if it stood as it is.
func startsAsOperator(s string) bool {
	switch s {
	case "AND", "OR", "NOT":
		return true
	}
	return strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") || !hasWord(s)
}
