package query

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of a query. They are part of the language.
const (
	MaxBytes  = 4096 // length of the text
	MaxDepth  = 30   // parentheses and prefixed operators within each other
	MaxNodes  = 200  // words, phrases, values and operators
	MaxSlop   = 100  // words between those of a near phrase
	MinPrefix = 3    // letters and digits before the star
)

const term = "a word, a phrase in quotes or a field such as title:"

// Parse reads a query. An empty or blank one gives a nil node, which matches
// everything. All errors are of type [*SyntaxError].
//
// From the loosest to the tightest, operators bind: OR, AND, side by side, then
// NOT, - and +. So `a b OR c AND d` reads `(a b) OR (c AND d)`.
func Parse(s string) (Node, error) {
	if len(s) > MaxBytes {
		return nil, &SyntaxError{MaxBytes, fmt.Sprintf("the query is %d bytes long", len(s)), fmt.Sprintf("at most %d bytes", MaxBytes)}
	}
	if at := invalidUTF8(s); at >= 0 {
		return nil, &SyntaxError{at, "this byte is not UTF-8", "text in UTF-8"}
	}
	p := &parser{scanner: scanner{src: s}}
	p.skipBlanks()
	if p.end() {
		return nil, nil
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if !p.end() {
		return nil, p.fail(p.pos, "nothing is open that this ) could close", "a ( before it, or no )")
	}
	return n, nil
}

// invalidUTF8 returns the offset of the first invalid byte of s, or -1.
func invalidUTF8(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, width := utf8.DecodeRuneInString(s[i:]); width <= 1 {
				return i
			}
		}
	}
	return -1
}

// parser descends from or to term. Each method reads its part and leaves the
// position behind it and the blanks that follow.
type parser struct {
	scanner
	depth, nodes int
}

func (p *parser) fail(at int, problem, expected string) error {
	return &SyntaxError{Offset: at, Problem: problem, Expected: expected}
}

// made counts a finished node.
func (p *parser) made(n Node) (Node, error) {
	if p.nodes++; p.nodes > MaxNodes {
		return nil, p.fail(p.pos, fmt.Sprintf("the query has more than %d parts", MaxNodes), "a simpler query")
	}
	return n, nil
}

// enter goes one level deeper; the caller leaves with p.depth--.
func (p *parser) enter() error {
	if p.depth++; p.depth > MaxDepth {
		return p.fail(p.pos, fmt.Sprintf("parts are nested more than %d deep", MaxDepth), "fewer parentheses and operators within each other")
	}
	return nil
}

func (p *parser) or() (Node, error) {
	return p.chain("OR", p.and, func(parts []Node) Node { return Or{parts} })
}

func (p *parser) and() (Node, error) {
	return p.chain("AND", p.list, func(parts []Node) Node { return And{parts} })
}

// chain reads parts with the operator between them.
func (p *parser) chain(operator string, part func() (Node, error), join func([]Node) Node) (Node, error) {
	var parts []Node
	for {
		n, err := part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
		if !p.keyword(operator) {
			break
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return p.made(join(parts))
}

// list reads parts that stand side by side, at least one.
func (p *parser) list() (Node, error) {
	var parts []Node
	for !p.atListEnd() {
		n, err := p.item()
		if err != nil {
			return nil, err
		}
		if n != nil {
			parts = append(parts, n)
		}
		p.skipBlanks()
	}
	switch len(parts) {
	case 0:
		return nil, p.fail(p.pos, p.found(), term)
	case 1:
		return parts[0], nil
	}
	return p.made(All{parts})
}

func (p *parser) atListEnd() bool {
	if p.end() {
		return true
	}
	if r, _ := p.peek(); r == ')' {
		return true
	}
	w := p.word()
	return w == "AND" || w == "OR"
}

// found names what stands where a term should.
func (p *parser) found() string {
	switch {
	case p.end() && p.pos == 0:
		return "the query is empty"
	case p.end():
		return "the query ends without a word here"
	case p.rest()[0] == ')':
		return "there is no word before this )"
	}
	return "there is no word before " + p.word()
}

// item reads one part with the operators before it. It is nil for punctuation.
func (p *parser) item() (Node, error) {
	start := p.pos
	switch w := p.word(); {
	case w == "NOT":
		p.keyword("NOT")
		return p.prefixed(start, func(n Node) Node { return Not{n} })
	case p.isPunctuation(w):
		p.pos += len(w)
		return nil, nil
	case p.take('-'):
		return p.prefixed(start, func(n Node) Node { return Not{n} })
	case p.take('+'):
		return p.prefixed(start, func(n Node) Node { return Must{n} })
	case p.take('('):
		return p.group(start)
	}
	if r, width := p.peek(); isQuote(r) {
		p.pos += width
		return p.phrase(start, FieldText)
	}
	if name := p.name(); name != "" {
		return p.field(start, name)
	}
	return p.text(start, FieldText)
}

// isPunctuation reports whether the word w, which stands next, says nothing: it
// has no letter, digit or escape, and is no operator before a phrase or a parenthesis.
func (p *parser) isPunctuation(w string) bool {
	if w == "" || hasWord(w) || strings.Contains(w, `\`) {
		return false
	}
	after := scanner{src: p.src, pos: p.pos + len(w)}
	if r, _ := after.peek(); isQuote(r) || r == '(' {
		return w[0] != '-' && w[0] != '+'
	}
	return true
}

// prefixed reads the operand of an operator that began at start.
func (p *parser) prefixed(start int, join func(Node) Node) (Node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if p.atListEnd() {
		return nil, p.fail(p.pos, p.found(), term+" after "+p.src[start:p.pos])
	}
	n, err := p.item()
	if err != nil {
		return nil, err
	}
	if n == nil {
		return nil, p.fail(start, "there is only punctuation after the operator", term)
	}
	return p.made(join(n))
}

// group reads what stands in parentheses, the first of which was at start.
func (p *parser) group(start int) (Node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	p.skipBlanks()
	if p.end() {
		return nil, p.fail(start, "this ( is never closed", "a ) that closes it")
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if !p.take(')') {
		return nil, p.fail(start, "this ( is never closed", "a ) that closes it")
	}
	return n, nil
}

// phrase reads a phrase whose opening quote has been read.
func (p *parser) phrase(start int, f Field) (Node, error) {
	text, err := p.closeQuote(start)
	if err != nil {
		return nil, err
	}
	slop, err := p.slop()
	if err != nil {
		return nil, err
	}
	return p.made(Phrase{Field: f, Text: text, Slop: slop})
}

// closeQuote reads quoted text up to the closing quote.
func (p *parser) closeQuote(start int) (string, error) {
	text, closed := p.quoted()
	if !closed {
		return "", p.fail(start, "these quotes are never closed", `a closing "`)
	}
	if !hasWord(text) {
		return "", p.fail(start, "there is no word between the quotes", "words between the quotes")
	}
	return text, nil
}

// slop reads ~N, if it stands next.
func (p *parser) slop() (int, error) {
	start := p.pos
	if !p.take('~') {
		return 0, nil
	}
	w := p.word()
	n, err := strconv.Atoi(w)
	if err != nil || n < 0 || n > MaxSlop {
		return 0, p.fail(start, "~ after a phrase says how many other words may stand between its words", fmt.Sprintf("a number up to %d after ~", MaxSlop))
	}
	p.pos += len(w)
	return n, nil
}

// text reads a word or a prefix.
func (p *parser) text(start int, f Field) (Node, error) {
	r := p.run()
	switch {
	case strings.HasPrefix(r.text, "*") && !r.escaped:
		return nil, p.fail(start, "a word cannot begin with *", "letters before the *")
	case !r.star:
		return p.made(Word{Field: f, Text: r.text})
	case countWordRunes(r.text) < MinPrefix:
		return nil, p.fail(start, "too few letters stand before the *", fmt.Sprintf("at least %d letters or digits before the *", MinPrefix))
	}
	return p.made(Prefix{Field: f, Text: r.text})
}

func countWordRunes(s string) int {
	n := 0
	for _, r := range s {
		if isWordRune(r) {
			n++
		}
	}
	return n
}
