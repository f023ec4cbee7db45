package configs_test

import (
	"bytes"
	"strings"
	"testing"

	"broadsheet.example/configs"
	"broadsheet.example/configs/opml"
)

func TestShippedFeeds(t *testing.T) {
	file, err := opml.Read(bytes.NewReader(configs.Feeds))
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Skipped) > 0 {
		t.Errorf("entries that cannot be polled: %v", file.Skipped)
	}
	groups, seen := map[string]int{}, map[string]string{}
	for _, f := range file.Feeds {
		group, rest, _ := strings.Cut(f.Category, "/")
		groups[group]++
		if rest == "" || f.Title == "" {
			t.Errorf("%s has no title or no place: %+v", f.URL, f)
		}
		if other, ok := seen[f.URL]; ok {
			t.Errorf("%s stands in %s and in %s", f.URL, other, f.Category)
		}
		seen[f.URL] = f.Category
	}
	if n := groups["Default"]; n < 50 || n > 80 {
		t.Errorf("%d publishers are switched on, want about 60", n)
	}
	if groups["Country"] < 700 || groups["Topic"] < 200 || len(groups) != 3 {
		t.Errorf("groups: %v", groups)
	}
}
