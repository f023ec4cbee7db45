package opml_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/configs/opml"
	"broadsheet.example/news"
)

const sample = "\ufeff" + `<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.1">
  <head><title>My feeds</title></head>
  <body>
    <outline text="World &amp; nation">
      <outline text="Europe" title="Europe">
        <outline type="rss" text="Daily&nbsp;Gazette" xmlUrl="https://gazette.example/rss?a=1&amp;b=2" htmlUrl="https://gazette.example/" language="en"/>
      </outline>
      <outline text="Off" isComment="true">
        <outline text="Sleeper" xmlURL="feed://sleeper.example/feed"/>
      </outline>
    </outline>
    <outline title="  Press
 map " text="x" type="sitemap" xmlUrl="http://press.example/news.xml" category="/Local/Town,/Other"/>
    <outline text="Broken" xmlUrl="ftp://old.example/feed"/>
    <outline text="Empty group"/>
  </body>
</opml>`

func TestRead(t *testing.T) {
	got, err := opml.Read(strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	want := &opml.File{
		Feeds: []news.Feed{
			{URL: "https://gazette.example/rss?a=1&b=2", Title: "Daily Gazette", SiteURL: "https://gazette.example/", Kind: news.KindFeed, Enabled: true, Language: "en", Category: "World & nation/Europe"},
			{URL: "http://sleeper.example/feed", Title: "Sleeper", Kind: news.KindFeed, Category: "World & nation/Off"},
			{URL: "http://press.example/news.xml", Title: "Press map", Kind: news.KindSitemap, Enabled: true, Category: "Local/Town"},
		},
		Skipped: []opml.Skipped{{Line: 15, URL: "ftp://old.example/feed", Reason: "the address does not begin with http or https"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWriteReadsBack(t *testing.T) {
	read, err := opml.Read(strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := opml.Write(&b, "Feeds <of> Broadsheet", read.Feeds); err != nil {
		t.Fatal(err)
	}
	again, err := opml.Read(strings.NewReader(b.String()))
	if err != nil {
		t.Fatalf("%v in:\n%s", err, b.String())
	}
	if diff := cmp.Diff(read.Feeds, again.Feeds); diff != "" {
		t.Errorf("(-first +second):\n%s\n%s", diff, b.String())
	}
}

func TestReadErrors(t *testing.T) {
	outlines := func(n int) string { return strings.Repeat(`<outline text="g">`, n) }
	tests := []struct {
		name, in string
		line     int
		remedy   string
	}{
		{"empty", "", 1, "give an OPML file"},
		{"web page", "\n<html></html>", 2, "give an OPML file"},
		{"no XML", "feeds: none", 1, "give an OPML file"},
		{"bare ampersand", "<opml>\n<body>\n<outline xmlUrl='http://a.example/?a&b'/></body></opml>", 3, "&amp;"},
		{"cut off", "<opml>\n<body>\n<outline text='a'>", 3, "cut off"},
		{"crossed tags", "<opml><body></opml>", 1, "repair"},
		{"document type", "<!DOCTYPE opml [<!ENTITY a 'b'>]>\n<opml/>", 1, "remove"},
		{"bad bytes", "<opml><body><outline text='\xff'/></body></opml>", 1, "UTF-8"},
		{"other charset", "<?xml version='1.0' encoding='utf-16'?><opml/>", 1, "UTF-8"},
		{"too deep", "<opml>" + outlines(opml.MaxDepth+1), 1, "fewer groups"},
		{"too many", "<opml>" + strings.Repeat("<outline/>", opml.MaxOutlines+1), 1, "split"},
		{"too large", "<opml>" + strings.Repeat("\n", opml.MaxBytes), opml.MaxBytes - 5 + 1, "split"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := opml.Read(strings.NewReader(tt.in))
			var bad *opml.Error
			if !errors.As(err, &bad) {
				t.Fatalf("error %v, want an *opml.Error", err)
			}
			if bad.Line != tt.line || !strings.Contains(bad.Error(), tt.remedy) {
				t.Errorf("line %d, %q; want line %d and %q", bad.Line, bad, tt.line, tt.remedy)
			}
		})
	}
	if _, err := opml.Read(iotest.ErrReader(io.ErrClosedPipe)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("broken reader: %v, want its error", err)
	}
}

type failing struct{ after int }

func (f *failing) Write(p []byte) (int, error) {
	if f.after -= len(p); f.after < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestWriteErrors(t *testing.T) {
	for _, after := range []int{0, 50} {
		if err := opml.Write(&failing{after}, "t", nil); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("writer that fails after %d bytes: %v", after, err)
		}
	}
}

func ExampleWrite() {
	var b strings.Builder
	_ = opml.Write(&b, "Feeds", []news.Feed{{URL: "https://gazette.example/rss", Title: "Gazette", Category: "World", Enabled: true}})
	fmt.Print(b.String())
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <opml version="2.0">
	//   <head>
	//     <title>Feeds</title>
	//   </head>
	//   <body>
	//     <outline text="World">
	//       <outline text="Gazette" title="Gazette" type="rss" xmlUrl="https://gazette.example/rss"></outline>
	//     </outline>
	//   </body>
	// </opml>
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Add("<opml><body><outline xmlUrl='http://a'/></body></opml>")
	f.Fuzz(func(t *testing.T, s string) {
		file, err := opml.Read(strings.NewReader(s))
		if err != nil {
			return
		}
		var b strings.Builder
		if err := opml.Write(&b, "", file.Feeds); err != nil {
			t.Fatal(err)
		}
		again, err := opml.Read(strings.NewReader(b.String()))
		if err != nil {
			t.Fatalf("%v in:\n%s", err, b.String())
		}
		if len(again.Feeds) != len(file.Feeds) {
			t.Fatalf("%d feeds became %d:\n%s", len(file.Feeds), len(again.Feeds), b.String())
		}
	})
}
