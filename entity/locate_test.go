package entity_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/news"
)

// TestLocations shows which places are put on the map: as "name country number".
func TestLocations(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"The mayor of Paris, Texas, flew to Paris, France.", []string{"France fr 0", "Paris fr 2988507", "Paris, Texas us 4717560", "Texas us 0"}},
		{"Officials in Springfield met.", []string{"Springfield us 0"}},
		{"The flood hit Nairobi. Kenya sent help to Portland, Maine.", []string{"Kenya ke 0", "Maine us 0", "Nairobi ke 184745", "Portland us 4975802"}},
		{"Police in London, Ontario, said so.", []string{"London, Ontario ca 6058560", "Ontario ca 0"}},
		{"Senators in Washington agreed with London.", []string{"London gb 2643743", "Washington us 4140963"}},
	}
	for _, tt := range tests {
		var got []string
		for _, e := range recognizer(t).Recognize("", tt.text, "en") {
			if e.Location == nil {
				e.Location = &news.Location{}
			}
			got = append(got, fmt.Sprint(e.Name, " ", e.Country, " ", e.Location.GeoNames))
		}
		slices.Sort(got)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.text, diff)
		}
	}
}
