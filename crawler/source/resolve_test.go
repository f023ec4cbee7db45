package source_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/crawler/source"
	"broadsheet.example/news"
)

func load(t testing.TB) *source.Table {
	t.Helper()
	table, err := source.Load()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestResolve(t *testing.T) {
	const story = "/2026/11/26/story"
	tests := []struct {
		name    string
		claim   source.Claim
		source  news.Ref
		via     string // id, empty for none
		country string
	}{
		{"own domain", source.Claim{PageURL: "https://www.axios.com" + story}, news.Ref{ID: "axios", Name: "Axios"}, "", "us"},
		{
			"name varies the host's",
			source.Claim{Publisher: "BBC News", SiteName: "BBC News", PageURL: "https://www.bbc.co.uk" + story},
			news.Ref{ID: "bbc", Name: "BBC"},
			"", "gb",
		},
		{
			"other domain of one publisher",
			source.Claim{Publisher: "BBC", CanonicalURL: "https://www.bbc.com" + story, PageURL: "https://www.bbc.co.uk" + story},
			news.Ref{ID: "bbc", Name: "BBC"},
			"", "gb",
		},
		{
			"aggregator",
			source.Claim{Publisher: "Axios", SiteName: "inkl", PageURL: "https://www.inkl.com/news/story"},
			news.Ref{ID: "axios", Name: "Axios"},
			"inkl", "us",
		},
		{
			"portal with canonical",
			source.Claim{Publisher: "Reuters", SiteName: "Yahoo News", CanonicalURL: "https://www.reuters.com" + story, PageURL: "https://news.yahoo.com" + story},
			news.Ref{ID: "reuters", Name: "Reuters"},
			"yahoo", "gb",
		},
		{
			"canonical alone",
			source.Claim{SiteName: "MSN", CanonicalURL: "https://www.lemonde.fr" + story, PageURL: "https://www.msn.com" + story},
			news.Ref{ID: "le-monde", Name: "Le Monde"},
			"msn", "fr",
		},
		{
			"wire copy on an unknown site",
			source.Claim{Publisher: "The Associated Press", SiteName: "Example Herald", PageURL: "https://exampleherald.test" + story},
			news.Ref{ID: "associated-press", Name: "Associated Press"},
			"exampleherald.test", "us",
		},
		{
			"unknown site names itself",
			source.Claim{Publisher: "Example Herald", PageURL: "https://www.exampleherald.test" + story},
			news.Ref{ID: "exampleherald.test", Name: "Example Herald"},
			"", "",
		},
		{
			"owner's company is no republication",
			source.Claim{Publisher: "Fictional Holdings GmbH", SiteName: "Example Herald", PageURL: "https://exampleherald.test" + story},
			news.Ref{ID: "exampleherald.test", Name: "Example Herald"},
			"", "",
		},
		{
			"publisher's address elsewhere",
			source.Claim{Publisher: "Harbor Post", PublisherURL: "https://harborpost.test", SiteName: "Example Herald", PageURL: "https://exampleherald.test" + story},
			news.Ref{ID: "harborpost.test", Name: "Harbor Post"},
			"exampleherald.test", "",
		},
		{
			"namesake of a known publisher",
			source.Claim{Publisher: "The Guardian", PageURL: "https://guardian.test" + story},
			news.Ref{ID: "guardian.test", Name: "The Guardian"},
			"", "",
		},
		{
			"namesake with generic words in its address",
			source.Claim{Publisher: "The Sun", PageURL: "https://www.sunnewsonline.test" + story},
			news.Ref{ID: "sunnewsonline.test", Name: "The Sun"},
			"", "",
		},
		{"host within a domain", source.Claim{PageURL: "https://oglobo.globo.com" + story}, news.Ref{ID: "o-globo", Name: "O Globo"}, "", "br"},
		{"no claims, unknown host", source.Claim{PageURL: "https://news.smalltown.co.uk" + story}, news.Ref{ID: "smalltown.co.uk", Name: "smalltown.co.uk"}, "", ""},
		{"bare address, known name", source.Claim{Publisher: "El País", PageURL: "http://127.0.0.3:8080" + story}, news.Ref{ID: "el-pais", Name: "El País"}, "", "es"},
		{
			"bare address, unknown name",
			source.Claim{Publisher: "Harbor Post", SiteName: "The Harbor Post", PageURL: "http://127.0.0.3:8080" + story},
			news.Ref{ID: "harbor-post", Name: "Harbor Post"},
			"", "",
		},
		{
			"bare address, aggregator",
			source.Claim{Publisher: "Harbor Post", SiteName: "Roundup", PageURL: "http://127.0.0.3:8080" + story},
			news.Ref{ID: "harbor-post", Name: "Harbor Post"},
			"roundup", "",
		},
		{"bare address, canonical only", source.Claim{CanonicalURL: "https://www.zeit.de" + story, PageURL: "http://[::1]" + story}, news.Ref{ID: "die-zeit", Name: "DIE ZEIT"}, "", "de"},
		{"bare address, nothing", source.Claim{PageURL: "http://127.0.0.3" + story}, news.Ref{ID: "127.0.0.3", Name: "127.0.0.3"}, "", ""},
		{"name in another script", source.Claim{Publisher: "朝日新聞", PageURL: "http://localhost" + story}, news.Ref{ID: "asahi", Name: "朝日新聞"}, "", "jp"},
		{
			"address as a name",
			source.Claim{Publisher: "https://exampleherald.test/#org", PageURL: "https://exampleherald.test" + story},
			news.Ref{ID: "exampleherald.test", Name: "exampleherald.test"},
			"", "",
		},
	}
	table := load(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src, via, country := table.Resolve(tt.claim)
			if diff := cmp.Diff(tt.source, src); diff != "" {
				t.Errorf("source (-want +got):\n%s", diff)
			}
			got := ""
			if via != nil {
				got = via.ID
			}
			if got != tt.via || country != tt.country {
				t.Errorf("via %q, country %q; want %q, %q", got, country, tt.via, tt.country)
			}
		})
	}
}

func FuzzResolve(f *testing.F) {
	f.Add("BBC News", "https://bbc.com", "BBC", "https://bbc.co.uk/x", "https://127.0.0.1/")
	f.Add("", "", "", "%zz", "::")
	table := load(f)
	f.Fuzz(func(t *testing.T, publisher, publisherURL, site, canonical, page string) {
		src, via, _ := table.Resolve(source.Claim{Publisher: publisher, PublisherURL: publisherURL, SiteName: site, CanonicalURL: canonical, PageURL: page})
		if src.ID == "" || via != nil && via.ID == "" {
			t.Error("an id is empty")
		}
		if via != nil && via.ID == src.ID {
			t.Errorf("source and via are both %q", src.ID)
		}
	})
}
