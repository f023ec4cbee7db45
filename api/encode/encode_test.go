package encode_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"broadsheet.example/api/encode"
	"broadsheet.example/news"
)

// reference is the same value by encoding/json.
func reference(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func FuzzString(f *testing.F) {
	for _, s := range []string{
		"", "plain", `"quoted" \ slash`, "a\nb\tc\rd\be\f", "\x00\x1f\x7f", "Grüße, 世界 🙂", "\u2028\u2029\u202a", "\xff\xc3", "\xed\xa0\x80", "\ufffd", "<mark>&amp;</mark>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := string(encode.String(nil, s)), reference(t, s); got != want {
			t.Errorf("%q: got %s, want %s", s, got, want)
		}
	})
}

func TestTime(t *testing.T) {
	for _, at := range []time.Time{
		{}, time.Date(2024, 4, 18, 10, 0, 0, 0, time.UTC), time.Date(2024, 4, 18, 10, 0, 0, 123_000_000, time.FixedZone("", 5400)), time.Date(1990, 1, 1, 0, 0, 0, 1, time.FixedZone("", -3600)),
	} {
		if got, want := string(encode.Time(nil, at)), reference(t, at); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func BenchmarkArticle(b *testing.B) {
	a := news.Article{
		ID: "aeqvmgtkbg5ehwkqu3mdwmwtsy", Version: 3, Revision: 1, Partition: "2024-04", Source: news.Ref{ID: "gazette", Name: "Gazette"},
		Title: "Harbor strike ends", URL: "https://gazette.example/harbor", Authors: []string{"Smith, John"}, PublishedAt: time.Unix(1_700_000_000, 0).UTC(),
		Description: strings.Repeat("Dock workers ended the strike. ", 8), Language: "en", Completeness: news.Full, WordCount: 341,
		Entities: []news.Entity{{ID: "e_u4sxe3knozvdcgzq", Type: news.Person, Name: "Ada Reyes", Count: 2}},
	}
	b.Run("ours", func(b *testing.B) {
		var buf []byte
		for b.Loop() {
			buf = encode.Article(buf[:0], &a)
		}
	})
	b.Run("encoding json", func(b *testing.B) {
		for b.Loop() {
			if _, err := json.Marshal(&a); err != nil {
				b.Fatal(err)
			}
		}
	})
}
