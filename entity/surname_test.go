package entity

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/token"
	"broadsheet.example/news"
)

func TestWithSurnames(t *testing.T) {
	gaz, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	const person = news.Person
	tests := []struct {
		name, text string
		found      []news.Mention
		want       []string
	}{
		{"overlooked", "Ann Quibbley left. Quibbley wept.", []news.Mention{{End: 12, Type: person}}, []string{"Ann Quibbley", "Quibbley"}},
		{"before the full name", "Quibbley wept. Ann Quibbley left.", []news.Mention{{Start: 15, End: 27, Type: person}}, []string{"Quibbley", "Ann Quibbley"}},
		{"after a title", "Ann Quibbley left. Mrs. Quibbley wept.", []news.Mention{{End: 12, Type: person}}, []string{"Ann Quibbley", "Quibbley"}},
		{"part of another name", "Ann Quibbley left. Quibbley Street and the Old Quibbley shut.", []news.Mention{{End: 12, Type: person}}, []string{"Ann Quibbley"}},
		{"in a name that was found", "Ann Quibbley left Quibbley & Sons.", []news.Mention{{End: 12, Type: person}, {Start: 18, End: 33, Type: news.Organization}}, []string{"Ann Quibbley", "Quibbley & Sons"}},
		{"also a place", "Ann London left. London wept.", []news.Mention{{End: 10, Type: person}}, []string{"Ann London"}},
		{"no full name", "Quibbley left. Quibbley wept.", []news.Mention{{End: 8, Type: person}}, []string{"Quibbley"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, m := range withSurnames(token.Split(tt.text), tt.found, gaz) {
				got = append(got, tt.text[m.Start:m.End])
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("names (-want +got)\n%s", diff)
			}
		})
	}
}
