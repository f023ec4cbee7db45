package extract

import (
	"slices"
	"testing"
)

func TestDropTail(t *testing.T) {
	const news = "The council voted on Tuesday to reopen the pier."
	tests := []struct {
		name    string
		blocks  []string
		authors []string
		want    int // blocks that stay
	}{
		{name: "nothing behind", blocks: []string{news, news}, want: 2},
		{name: "newsletter", blocks: []string{news, "Sign up for our weekly newsletter on the coast."}, want: 1},
		{name: "address", blocks: []string{news, "iwu@herald.example"}, want: 1},
		{name: "author", blocks: []string{news, "Tomas Iwu has covered the harbor since 2011."}, authors: []string{"Tomas Iwu"}, want: 1},
		{name: "signature", blocks: []string{news, "– Tomas Iwu"}, authors: []string{"Tomas Iwu"}, want: 1},
		{name: "one who begins alike", blocks: []string{news, "Tomas Iwuoha was not there."}, authors: []string{"Tomas Iwu"}, want: 2},
		{name: "name of one word", blocks: []string{news, "Newsdesk staff were not there."}, authors: []string{"Newsdesk"}, want: 2},
		{name: "all of it", blocks: []string{"Sign up for our newsletter.", "Follow us on Instagram."}, want: 1},
		{name: "newsletter in the midst", blocks: []string{"Sign up for our newsletter.", news}, want: 2},
	}
	for _, tt := range tests {
		if got := dropTail(tt.blocks, tt.authors, len(tt.blocks)); got != tt.want {
			t.Errorf("%s: %d blocks stay, want %d", tt.name, got, tt.want)
		}
	}
}

func TestDropByline(t *testing.T) {
	const (
		standfirst = "The pier opens again in spring."
		byline     = "By Tomas Iwu, Lena Brandt Friday 6 March 2026, 03:25"
		news       = "The council voted on Tuesday to reopen the pier."
	)
	tests := []struct {
		name         string
		blocks, want []string
		authors      []string
	}{
		{"behind a standfirst", []string{standfirst, byline, news}, []string{standfirst, news}, []string{"Tomas Iwu", "Lena Brandt"}},
		{"of one who is no author", []string{standfirst, byline, news}, []string{standfirst, byline, news}, []string{"Ida Holm"}},
		{"a sentence", []string{standfirst, "By Tomas Iwu's account nobody came.", news}, []string{standfirst, "By Tomas Iwu's account nobody came.", news}, []string{"Tomas Iwu"}},
		{"deep in the text", []string{news, news, news, news, byline}, []string{news, news, news, news, byline}, []string{"Tomas Iwu"}},
		{"nothing", nil, nil, []string{"Tomas Iwu"}},
	}
	for _, tt := range tests {
		if got := dropByline(tt.blocks, tt.authors); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestCreditLine(t *testing.T) {
	lines := []string{"Shutterstock", "(Photo: Lena Brandt)", "Fotos: Lena Brandt / dpa", "Crédits photos : Bestimage", "Photo Source: Lena Brandt from Pexels", "Photos of the storm went round the world", "Getty Images sold its archive on Monday, the company said, to a rival from Oslo", "Bilder aus Bayern"}
	var got []string
	for _, line := range lines {
		if creditLine.MatchString(line) {
			got = append(got, line)
		}
	}
	if want := lines[:5]; !slices.Equal(got, want) {
		t.Errorf("credits are %q, want %q", got, want)
	}
}
