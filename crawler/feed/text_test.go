package feed_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"broadsheet.example/crawler/feed"
)

func TestText(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"plain", "one  two\nthree", "one two three"},
		{"entities", "caf&eacute; &amp; &lt;b&gt;", "caf\u00e9 & <b>"},
		{"inline tags", "a<b>b</b>c <i>d</i>", "abc d"},
		{"paragraphs", "<p>one</p><p>two</p>three", "one\n\ntwo\n\nthree"},
		{"lines", "one<br>two<br/>three", "one\ntwo\nthree"},
		{"lines for paragraphs", "one<br>\n<br/> two", "one\n\ntwo"},
		{"list", "<ul><li>one<li>two</ul>after", "one\ntwo\n\nafter"},
		{"cells", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"hidden", "a<script>x()</script><style>b{}</style> c", "a c"},
		{"comment", "a<!-- b -->c", "ac"},
		{"less-than", "1 < 2 > 0", "1 < 2 > 0"},
		{"unclosed", "<p>one <b>two", "one two"},
		{"empty", "<p> </p>", ""},
		{"NFC", "e\u0301", "\u00e9"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := feed.Text(tc.in); got != tc.want {
				t.Errorf("Text(%q): got %q, want %q", tc.in, got, tc.want)
			}
		})
	}
}

func TestTextIsBounded(t *testing.T) {
	got := feed.Text(strings.Repeat("héé ", 1<<18))
	if len(got) > 1<<20 || !utf8.ValidString(got) {
		t.Errorf("got %d bytes, valid %v; want at most 1 MiB of UTF-8", len(got), utf8.ValidString(got))
	}
}
