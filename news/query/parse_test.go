package query_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/news/query"
)

func word(s string) query.Node   { return query.Word{Text: s} }
func phrase(s string) query.Node { return query.Phrase{Text: s} }
func all(n ...query.Node) query.Node {
	return query.All{Parts: n}
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, in string
		want     query.Node
		normal   string // if other than in
	}{
		{name: "empty", in: "", want: nil},
		{name: "blank", in: " \t\n\u00a0", want: nil},
		{name: "word", in: "rafah", want: word("rafah")},
		{name: "words", in: "two  state", want: all(word("two"), word("state")), normal: "two state"},
		{name: "hyphen and apostrophe", in: "two-state don't Biden’s U.S. AT&T", want: all(word("two-state"), word("don't"), word("Biden’s"), word("U.S."), word("AT&T"))},
		{name: "phrase", in: `"two-state  solution"`, want: phrase("two-state solution"), normal: `"two-state solution"`},
		{name: "curly quotes", in: `“two state” „drei Worte“`, want: all(phrase("two state"), phrase("drei Worte")), normal: `"two state" "drei Worte"`},
		{name: "escaped quote", in: `"the \"deal\" \\"`, want: phrase(`the "deal" \`)},
		{name: "near", in: `"ceasefire talks"~5`, want: query.Phrase{Text: "ceasefire talks", Slop: 5}},
		{name: "near nothing", in: `"a b"~0`, want: phrase("a b"), normal: `"a b"`},
		{name: "or", in: "a OR b OR c", want: query.Or{Parts: []query.Node{word("a"), word("b"), word("c")}}},
		{name: "lower case operators are words", in: "a or b not c", want: all(word("a"), word("or"), word("b"), word("not"), word("c"))},
		{name: "precedence", in: "a b OR c AND d e", want: query.Or{Parts: []query.Node{all(word("a"), word("b")), query.And{Parts: []query.Node{word("c"), all(word("d"), word("e"))}}}}},
		{name: "parentheses", in: "(a OR b) c", want: all(query.Or{Parts: []query.Node{word("a"), word("b")}}, word("c"))},
		{name: "needless parentheses", in: "((a)(b))", want: all(word("a"), word("b")), normal: "a b"},
		{name: "nested list stays", in: "a (b c)", want: all(word("a"), all(word("b"), word("c")))},
		{name: "not", in: "a NOT b", want: all(word("a"), query.Not{Part: word("b")}), normal: "a -b"},
		{name: "minus and plus", in: `+a -"b c" -(d e)`, want: all(query.Must{Part: word("a")}, query.Not{Part: phrase("b c")}, query.Not{Part: all(word("d"), word("e"))})},
		{name: "minus twice", in: "--a", want: query.Not{Part: query.Not{Part: word("a")}}},
		{name: "dash as punctuation", in: "Biden - Netanyahu — talks & more", want: all(word("Biden"), word("Netanyahu"), word("talks"), word("more")), normal: "Biden Netanyahu talks more"},
		{name: "prefix", in: "elect*", want: query.Prefix{Text: "elect"}},
		{name: "star within", in: "M*A*S*H", want: word("M*A*S*H")},
		{name: "text field", in: `title:rafah body:"white house" description:isr*`, want: all(
			query.Word{Field: query.FieldTitle, Text: "rafah"},
			query.Phrase{Field: query.FieldContent, Text: "white house"},
			query.Prefix{Field: query.FieldDescription, Text: "isr"},
		), normal: `title:rafah content:"white house" description:isr*`},
		{name: "value field", in: `source:bbc org:"Hamas" Language:de person:“Jake Sullivan”`, want: all(
			query.Value{Field: query.FieldSource, Text: "bbc"},
			query.Value{Field: query.FieldOrganization, Text: "Hamas"},
			query.Value{Field: query.FieldLang, Text: "de"},
			query.Value{Field: query.FieldPerson, Text: "Jake Sullivan"},
		), normal: `source:bbc organization:Hamas lang:de person:"Jake Sullivan"`},
		{name: "dates", in: "after:2024-04-18 before:7d date:2024-04..2024-05 date:2024 date:..2024-01 date:2w", want: all(
			query.Dates{From: "2024-04-18"}, query.Dates{Before: "7d"},
			query.Dates{From: "2024-04", Through: "2024-05"}, query.Dates{From: "2024", Through: "2024"},
			query.Dates{Through: "2024-01"}, query.Dates{From: "2w"},
		), normal: "after:2024-04-18 before:7d date:2024-04..2024-05 date:2024 date:..2024-01 after:2w"},
		{name: "time of day", in: "after:2024-04-18T19:04:00+02:00", want: query.Dates{From: "2024-04-18T19:04:00+02:00"}},
		{name: "is", in: "is:FEEDONLY -is:partial", want: all(query.Is{Text: "feedOnly"}, query.Not{Part: query.Is{Text: "partial"}}), normal: "is:feedOnly -is:partial"},
		{name: "clock and ratio", in: "10:30 2:1", want: all(word("10:30"), word("2:1"))},
		{name: "escapes", in: `\AND http\://x \-5 a\*`, want: all(word("AND"), word("http://x"), word("-5"), word("a*"))},
		{name: "emoji", in: "🚀 launch", want: all(word("🚀"), word("launch"))},
		{name: "adjacent", in: `a"b"(c)`, want: all(word("a"), phrase("b"), word("c")), normal: `a "b" c`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := query.Parse(tt.in)
			if err != nil {
				t.Fatalf("Parse(%q): %v", tt.in, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Fatalf("Parse(%q) (-want +got):\n%s", tt.in, diff)
			}
			if got == nil {
				return
			}
			want := tt.normal
			if want == "" {
				want = tt.in
			}
			if got.String() != want {
				t.Errorf("Parse(%q) prints %q, want %q", tt.in, got, want)
			}
			checkRoundTrip(t, got)
		})
	}
}

func checkRoundTrip(t *testing.T, n query.Node) {
	t.Helper()
	again, err := query.Parse(n.String())
	if err != nil {
		t.Fatalf("normal form %q: %v", n, err)
	}
	if diff := cmp.Diff(n, again); diff != "" {
		t.Errorf("normal form %q parses to another tree (-first +second):\n%s", n, diff)
	}
}

// Trees that no text leads to print and parse back as well.
func TestPrintOfBuiltTrees(t *testing.T) {
	or := query.Or{Parts: []query.Node{word("a"), word("b")}}
	and := query.And{Parts: []query.Node{word("a"), word("b")}}
	trees := []query.Node{
		query.And{Parts: []query.Node{and, or, all(word("a"), and)}},
		query.Or{Parts: []query.Node{or, and, query.Not{Part: or}}},
		query.Not{Part: query.Must{Part: query.Not{Part: and}}},
		word("two words"), word("NOT"), word("-"), word("("), word(`"`), word(`\`), word("—"), word("*"), word("a:b"), word(":"),
		query.Word{Field: query.FieldTitle, Text: "AND"},
		query.Word{Field: query.FieldTitle, Text: "a:b"},
		query.Word{Field: query.FieldTitle, Text: "-*"},
		query.Prefix{Text: "abc*"},
		query.Prefix{Text: "-abc"},
		query.Prefix{Field: query.FieldTitle, Text: "a b c"},
		query.Value{Field: query.FieldAuthor, Text: `Dwayne "The Rock" Johnson \ *`},
		query.Not{Part: word("&")},
		query.Not{Part: word("-")},
		query.Dates{From: "2024-01", Before: "2024-03"},
		query.Dates{From: "7d", Through: "7d"},
		query.Dates{From: "7d", Before: "1d"},
	}
	for _, n := range trees {
		t.Run(n.String(), func(t *testing.T) { checkRoundTrip(t, n) })
	}
	single := query.And{Parts: []query.Node{query.Or{Parts: []query.Node{or}}}}
	if got, want := all(single, word("c")).String(), "(a OR b) c"; got != want {
		t.Errorf("operators with one part print %q, want %q", got, want)
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		name, in string
		offset   int
		says     string // a part of the message
	}{
		{"unclosed quote", `rafah "two state`, 6, `a closing "`},
		{"empty quotes", `a ""`, 2, "words between the quotes"},
		{"unclosed parenthesis", "a (b OR c", 2, "closes it"},
		{"lone opening", "a (", 2, "closes it"},
		{"lone closing", "a) b", 1, "no )"},
		{"empty parentheses", "()", 1, "a word"},
		{"operator at the end", "a OR", 4, "ends without a word"},
		{"operator at the start", "AND a", 0, "before AND"},
		{"two operators", "a OR AND b", 5, "before AND"},
		{"not at the end", "a NOT", 5, "after NOT"},
		{"minus before operator", "-OR", 1, "after -"},
		{"minus before punctuation", `-&"a"`, 0, "punctuation"},
		{"only punctuation", "?!", 2, "a word"},
		{"unknown field", "athor:smith", 0, "author:"},
		{"unknown field far from any", "xyzzy:1", 0, `"xyzzy:"`},
		{"label in a headline", "Scoop: Biden", 0, `quotes around text`},
		{"address", "http://example.com/a", 0, `"http://example.com/a"`},
		{"field without value", "title: rafah", 6, "right after title:"},
		{"value field without value", "source:", 7, "right after source:"},
		{"value with punctuation only", "source:--", 7, "punctuation"},
		{"field with parenthesis", "source:(bbc OR axios)", 7, "source:a OR source:b"},
		{"text field with parenthesis", "title:(a b)", 6, "title:a OR title:b"},
		{"short prefix", "el*", 0, "at least 3"},
		{"leading star", "*ection", 0, "letters before"},
		{"leading and trailing star", "*ection*", 0, "letters before"},
		{"field star", "title:*", 6, "at least 3"},
		{"prefix of a value", "author:smi*", 7, "exact"},
		{"slop without number", `"a b"~`, 5, "a number"},
		{"slop too large", `"a b"~101`, 5, "up to 100"},
		{"bad date", "after:yesterday", 6, "2024-04-18"},
		{"impossible date", "date:2024-02-30", 5, "2024-04-18"},
		{"half bad range", "date:2024-01-01..soon", 5, "soon"},
		{"empty range", "date:..", 5, "2024-04-18"},
		{"reversed range", "date:2024-05..2024-04", 5, "earlier date first"},
		{"endless age", "after:123456d", 6, "too long"},
		{"before the press", "before:0800", 7, "year 1000"},
		{"bad is", "is:complete", 3, "feedOnly"},
		{"bad bytes", "a \xff b", 2, "UTF-8"},
		{"too long", strings.Repeat("a ", query.MaxBytes/2+1), query.MaxBytes, "at most 4096"},
		{"too deep", strings.Repeat("(", query.MaxDepth+1) + "a", query.MaxDepth + 1, "nested"},
		{"too many operators in a row", strings.Repeat("-", query.MaxDepth+1) + "a", query.MaxDepth + 1, "nested"},
		{"too many parts", strings.Repeat("a ", query.MaxNodes+1), 2*query.MaxNodes + 1, "200 parts"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, err := query.Parse(tt.in)
			var syntax *query.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("Parse(%q) = %v, %v; want a *SyntaxError", tt.in, n, err)
			}
			if syntax.Offset != tt.offset {
				t.Errorf("offset %d, want %d", syntax.Offset, tt.offset)
			}
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("message %q, want it to say %q", err, tt.says)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`"two-state solution" person:"Jake Sullivan" -opinion`, `a OR b AND (c NOT "d e"~3)`, ":", `\`, `\—`, `-(\&)`,
		"date:2024..2025 after:7d before:2024-04-18T00:00:00Z is:full", `title:a\:b* “x”~2`, "--+a", `*"a"`, "M*A*S*H", `&-"a"`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := query.Parse(s)
		var syntax *query.SyntaxError
		switch {
		case err != nil && !errors.As(err, &syntax):
			t.Fatalf("Parse(%q): %T is no *SyntaxError", s, err)
		case err != nil:
			if syntax.Offset < 0 || syntax.Offset > len(s) || syntax.Expected == "" || syntax.Problem == "" {
				t.Fatalf("Parse(%q): %+v", s, syntax)
			}
			return
		case n == nil:
			return
		}
		if len(n.String()) <= query.MaxBytes {
			checkRoundTrip(t, n)
		}
	})
}
