package link_test

import (
	"errors"
	"strings"
	"testing"

	"broadsheet.example/crawler/link"
)

func TestKey(t *testing.T) {
	for _, tt := range []struct{ name, raw, want string }{
		{"plain", "https://example.com/a", "https://example.com/a"},
		{"http is https", "http://example.com/a", "https://example.com/a"},
		{"empty path", "https://example.com", "https://example.com/"},
		{"white space around", " \t\nhttps://example.com/a \r\n", "https://example.com/a"},
		{"host and scheme in capitals", "HTTP://EXAMPLE.Com/A", "https://example.com/A"},
		{"punycode", "https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"},
		{"trailing dot of the host", "https://example.com./a", "https://example.com/a"},
		{"default ports", "http://example.com:80/a", "https://example.com/a"},
		{"default port of the other scheme", "http://example.com:443/a", "https://example.com/a"},
		{"other port", "http://example.com:8080/a", "https://example.com:8080/a"},
		{"fragment", "https://example.com/a#b?c", "https://example.com/a"},
		{"dot segments", "https://example.com/a/./b/../c", "https://example.com/a/c"},
		{"encoded dot segments", "https://example.com/a/%2e%2E/c", "https://example.com/c"},
		{"dots above the root", "https://example.com/../../a", "https://example.com/a"},
		{"trailing slash kept", "https://example.com/a/", "https://example.com/a/"},
		{"double slash kept", "https://example.com//a", "https://example.com//a"},
		{"backslashes", `https:\\example.com\a`, "https://example.com/a"},
		{"needless escapes", "https://example.com/%61%2d%7E", "https://example.com/a-~"},
		{"escapes in capitals", "https://example.com/%c3%a4%2f", "https://example.com/%C3%A4%2F"},
		{"stray percent sign", "https://example.com/100%", "https://example.com/100%25"},
		{"space within", "https://example.com/a b?c d", "https://example.com/a%20b?c%20d"},
		{"line break within", "https://example.com/a\nb", "https://example.com/ab"},
		{"query order kept", "https://example.com/?b=2&a=1", "https://example.com/?b=2&a=1"},
		{"empty parameters", "https://example.com/?&a=1&&b=&", "https://example.com/?a=1&b="},
		{"empty query", "https://example.com/a?", "https://example.com/a"},
		{"utm", "https://example.com/a?utm_source=x&id=7&UTM_Medium=y", "https://example.com/a?id=7"},
		{"click ids", "https://example.com/a?fbclid=1&gclid=2&mc_cid=3&igshid=4", "https://example.com/a"},
		{"at_ of the BBC", "https://example.com/a?at_medium=RSS&at_campaign=KARANGA", "https://example.com/a"},
		{"ref=rss", "https://example.com/a?ref=rss", "https://example.com/a"},
		{"partner=rssnyt", "https://example.com/a?partner=rss&emc=rss-1", "https://example.com/a"},
		{"a site's own", "https://www.nytimes.com/a?smid=tw&id=1", "https://www.nytimes.com/a?id=1"},
		{"the same name elsewhere", "https://example.com/a?smid=12", "https://example.com/a?smid=12"},
		{"ref of another kind", "https://example.com/a?ref=42", "https://example.com/a?ref=42"},
		{"rss is only a beginning", "https://example.com/a?source=rsspect", "https://example.com/a?source=rsspect"},
		{"escaped name of a tracker", "https://example.com/a?%75tm_source=x", "https://example.com/a"},
		{"IPv4", "http://127.0.0.1:8800/a", "https://127.0.0.1:8800/a"},
		{"IPv6", "http://[::FFFF:7f00:1]:8800/a", "https://127.0.0.1:8800/a"},
		{"IPv6 shortened", "http://[2001:0DB8:0:0::1]/a", "https://[2001:db8::1]/a"},
		{"underscore in a host", "http://a_b.example.com/", "https://a_b.example.com/"},
		{"long tracking parameters", "https://example.com/a?utm_source=" + strings.Repeat("x", 4000), "https://example.com/a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := link.Key(tt.raw)
			if err != nil {
				t.Fatalf("Key(%q): %v", tt.raw, err)
			}
			if got != tt.want {
				t.Errorf("Key(%q) = %q, want %q", tt.raw, got, tt.want)
			}
			if again, err := link.Key(got); err != nil || again != got {
				t.Errorf("Key of the key %q = %q, %v", got, again, err)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		name, raw string
		want      error
	}{
		{"empty", "", link.ErrScheme},
		{"relative", "/a", link.ErrScheme},
		{"script", "javascript:alert(1)", link.ErrScheme},
		{"data", "data:text/html,x", link.ErrScheme},
		{"file", "file:///etc/passwd", link.ErrScheme},
		{"gopher", "gopher://example.com/", link.ErrScheme},
		{"user", "http://user@example.com/", link.ErrUserinfo},
		{"password", "http://user:pass@example.com/", link.ErrUserinfo},
		{"empty user", "http://@example.com/", link.ErrUserinfo},
		{"no host", "http:///a", link.ErrHost},
		{"only a port", "http://:80/", link.ErrHost},
		{"opaque", "http:example.com", link.ErrHost},
		{"port zero", "http://example.com:0/", link.ErrHost},
		{"port too high", "http://example.com:65536/", link.ErrHost},
		{"port of letters", "http://example.com:http/", link.ErrSyntax},
		{"space in the host", "http://exa mple.com/", link.ErrSyntax},
		{"empty label", "http://example..com/", link.ErrHost},
		{"short IPv4", "http://127.1/", link.ErrHost},
		{"IPv4 in hexadecimal", "http://0x7f000001/", link.ErrHost},
		{"IPv4 in octal", "http://0177.0.0.1/", link.ErrHost},
		{"IPv4 as one number", "http://2130706433/", link.ErrHost},
		{"zone", "http://[fe80::1%25eth0]/", link.ErrHost},
		{"long host", "http://" + strings.Repeat("a.", 200) + "com/", link.ErrHost},
		{"long label", "http://" + strings.Repeat("a", 64) + ".com/", link.ErrHost},
		{"long result", "http://example.com/" + strings.Repeat("a", 2048), link.ErrTooLong},
		{"long input", "http://example.com/?utm_x=" + strings.Repeat("a", 9000), link.ErrTooLong},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := link.Key(tt.raw); !errors.Is(err, tt.want) {
				t.Errorf("Key(%.60q) = %q, %v, want error %v", tt.raw, got, err, tt.want)
			}
			if got, err := link.Clean(tt.raw); !errors.Is(err, tt.want) {
				t.Errorf("Clean(%.60q) = %q, %v, want error %v", tt.raw, got, err, tt.want)
			}
		})
	}
}

func TestClean(t *testing.T) {
	for _, tt := range []struct{ name, raw, want string }{
		{"parameters kept", "http://Example.com:80/a?utm_source=x&b#c", "http://example.com/a?utm_source=x&b"},
		{"escapes kept", "https://example.com/%61%2f?%62", "https://example.com/%61%2f?%62"},
		{"beyond ASCII", "https://example.com/ツ?q=ツ", "https://example.com/%E3%83%84?q=%E3%83%84"},
		{"other port", "https://example.com:80/", "https://example.com:80/"},
		{"leading zeros of a port", "https://example.com:0443/", "https://example.com/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := link.Clean(tt.raw)
			if err != nil || got != tt.want {
				t.Errorf("Clean(%q) = %q, %v, want %q", tt.raw, got, err, tt.want)
			}
		})
	}
}

func TestJoin(t *testing.T) {
	const base = "https://example.com/a/b?c=d"
	for _, tt := range []struct{ name, ref, want string }{
		{"empty", "", "https://example.com/a/b?c=d"},
		{"file", "x", "https://example.com/a/x"},
		{"path", "/x y", "https://example.com/x%20y"},
		{"query", "?x=ä", "https://example.com/a/b?x=%C3%A4"},
		{"fragment", "#x", "https://example.com/a/b?c=d"},
		{"up", "../../x", "https://example.com/x"},
		{"other host", "//Other.example/x", "https://other.example/x"},
		{"absolute", "http://other.example/x", "http://other.example/x"},
		{"colon in a later segment", "/x:y//z", "https://example.com/x:y//z"},
		{"double slash in the query", "/x?u=http://y.example/", "https://example.com/x?u=http://y.example/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := link.Join(base, tt.ref)
			if err != nil || got != tt.want {
				t.Errorf("Join(%q, %q) = %q, %v, want %q", base, tt.ref, got, err, tt.want)
			}
		})
	}
	for _, ref := range []string{"mailto:a@example.com", "javascript:alert(1)", "//user@example.com/", "http://"} {
		if got, err := link.Join(base, ref); err == nil {
			t.Errorf("Join(%q) = %q, want an error", ref, got)
		}
	}
	if got, err := link.Join("nonsense", "/a"); err == nil {
		t.Errorf("Join on a bad base = %q, want an error", got)
	}
}

func FuzzKey(f *testing.F) {
	for _, s := range []string{
		"http://example.com/a/../b?utm_source=x&y=z#f", "https://bücher.example:8080/%7e/%zz", `http:\\a\b`, "http://[::1]:80/",
		"http://a/%25%36%31", "http://a//..//?%26=&&", "//a", "http://a/?%2575tm_source=1", "http://xn--a/", "http://a:/",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		clean, err := link.Clean(raw)
		if err == nil {
			if again, err := link.Clean(clean); err != nil || again != clean {
				t.Errorf("Clean(%q) = %q, Clean of that = %q, %v", raw, clean, again, err)
			}
		}
		article, _ := link.Article(raw)
		link.IsHome(article)
		link.Host(raw)
		key, err := link.Key(raw)
		if err != nil {
			return
		}
		if len(key) > link.MaxLen {
			t.Errorf("Key(%q) has %d bytes", raw, len(key))
		}
		if again, err := link.Key(key); err != nil || again != key {
			t.Errorf("Key(%q) = %q, Key of that = %q, %v", raw, key, again, err)
		}
		if clean != "" {
			if k, err := link.Key(clean); err != nil || k != key {
				t.Errorf("Key(%q) = %q, Key of its Clean %q = %q, %v", raw, key, clean, k, err)
			}
		}
	})
}

func BenchmarkKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := link.Key("https://www.Example.com/news/2026/11/26/a-story-of-some-length?id=12345&utm_source=rss&utm_medium=feed#comments"); err != nil {
			b.Fatal(err)
		}
	}
}
