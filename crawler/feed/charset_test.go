package feed_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"broadsheet.example/crawler/feed"
)

const (
	russian  = "Новости гавани: паром снова ходит через пролив"
	french   = "Où est passée l’élève ? — Déjà rentrée…"
	chinese  = "港口新闻渡轮恢复运营海峡两岸"
	japanish = "港のニュース、フェリーが再開しました"
	hangul   = "항구 소식 여객선이 다시 다닙니다"
)

// doc is a feed whose item's title is text, declaring a charset if one is named.
func doc(charset, text string) string {
	declaration := `<?xml version="1.0"?>`
	if charset != "" {
		declaration = `<?xml version="1.0" encoding="` + charset + `"?>`
	}
	return declaration + `<rss version="2.0"><channel><item><title>` + text + `</title></item></channel></rss>`
}

func encode(t *testing.T, enc encoding.Encoding, s string) string {
	t.Helper()
	out, err := enc.NewEncoder().String(s)
	if err != nil {
		t.Fatalf("encode %q: %v", s, err)
	}
	return out
}

func TestCharsets(t *testing.T) {
	utf16le := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	utf16be := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	utf32le := utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	utf32be := utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
	for _, tc := range []struct {
		name        string
		enc         encoding.Encoding // nil: UTF-8
		mark        string
		declared    string
		contentType string
		text        string
	}{
		{name: "utf-8", text: russian},
		{name: "utf-8 with mark", mark: "\xef\xbb\xbf", declared: "iso-8859-1", contentType: "text/xml; charset=koi8-r", text: russian},
		{name: "utf-16le with mark", enc: utf16le, mark: "\xff\xfe", declared: "utf-16", text: chinese},
		{name: "utf-16be with mark", enc: utf16be, mark: "\xfe\xff", declared: "utf-16", text: chinese},
		{name: "utf-16le without", enc: utf16le, text: chinese},
		{name: "utf-16be without", enc: utf16be, declared: "utf-16", text: chinese},
		{name: "utf-16le after white space", enc: utf16le, contentType: "text/xml; charset=utf-16", text: "\u4e2d"},
		{name: "utf-32le with mark", enc: utf32le, mark: "\xff\xfe\x00\x00", text: chinese},
		{name: "utf-32be with mark", enc: utf32be, mark: "\x00\x00\xfe\xff", text: chinese},
		{name: "utf-32le without", enc: utf32le, text: chinese},
		{name: "utf-32be without", enc: utf32be, text: chinese},
		{name: "ebcdic", enc: charmap.CodePage037, declared: "ebcdic-cp-us", text: "Harbour news"},
		{name: "header", enc: charmap.KOI8R, contentType: "text/xml; charset=koi8-r", text: russian},
		{name: "header before prolog", enc: charmap.KOI8R, declared: "windows-1251", contentType: `application/rss+xml;charset="KOI8-R"`, text: russian},
		{name: "broken header", enc: charmap.KOI8R, contentType: "text/xml;; charset = 'koi8-r'", text: russian},
		{name: "prolog", enc: charmap.Windows1251, declared: "windows-1251", text: russian},
		{name: "unknown header", enc: charmap.Windows1251, declared: "windows-1251", contentType: "text/xml; charset=foo-1", text: russian},
		{name: "latin-1 is windows-1252", enc: charmap.Windows1252, declared: "iso-8859-1", text: french},
		{name: "us-ascii is windows-1252", enc: charmap.Windows1252, contentType: "text/xml; charset=us-ascii", text: french},
		{name: "gb2312 is gb18030", enc: simplifiedchinese.GB18030, declared: "gb2312", text: chinese + "\u20ac\u4dae"},
		{name: "big5", enc: traditionalchinese.Big5, declared: "big5", text: "港口新聞渡輪恢復營運"},
		{name: "shift_jis", enc: japanese.ShiftJIS, declared: "Shift_JIS", text: japanish},
		{name: "euc-jp", enc: japanese.EUCJP, declared: "euc-jp", text: japanish},
		{name: "iso-2022-jp", enc: japanese.ISO2022JP, declared: "iso-2022-jp", text: japanish},
		{name: "euc-kr", enc: korean.EUCKR, declared: "euc-kr", text: hangul},
		{name: "utf-8 called latin-1", declared: "iso-8859-1", contentType: "text/xml; charset=iso-8859-1", text: russian},
		{name: "utf-8 called utf-16", declared: "utf-16", text: "Harbour news"},
		{name: "no charset of that name", declared: "foo-1", text: "Harbour news"},
		{name: "latin-1 called utf-8", enc: charmap.Windows1252, declared: "utf-8", text: french},
		{name: "unlabelled latin-1", enc: charmap.Windows1252, text: french},
		{name: "unlabelled cyrillic", enc: charmap.Windows1251, text: strings.Repeat(russian+". ", 5) + "."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := doc(tc.declared, tc.text)
			if tc.enc != nil {
				body = encode(t, tc.enc, body)
			}
			f, err := feed.Parse([]byte(tc.mark+body), tc.contentType, feedURL)
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Items) != 1 || f.Items[0].Title != tc.text {
				t.Errorf("got %+v, want one item titled %q", f.Items, tc.text)
			}
		})
	}
}

func TestDamagedText(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"one bad byte in UTF-8", doc("utf-8", russian+"\xe9"), russian + "\ufffd"},
		{"cut character", doc("utf-8", russian+"\xd0"), russian + "\ufffd"},
		{"a surrogate", doc("utf-8", russian+"\xed\xa0\x80"), russian + "\ufffd"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := mustParse(t, tc.body)
			got := f.Items[0].Title
			if strings.TrimRight(got, "\ufffd") != strings.TrimRight(tc.want, "\ufffd") || !utf8.ValidString(got) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if len(f.Repaired) == 0 {
				t.Error("the repair is not reported")
			}
		})
	}
}
