package opensearch_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"broadsheet.example/index/indextest"
	"broadsheet.example/index/opensearch"
	"broadsheet.example/news"
)

// TestTend lets months be written in many segments and close.
func TestTend(t *testing.T) {
	var cfg opensearch.Config
	now := time.Date(2024, 3, 31, 12, 0, 0, 0, time.UTC)
	c := connect(t, func(given *opensearch.Config) {
		given.Replicas, given.Now = 2, func() time.Time { return now }
		cfg = *given
	})
	did, err := c.Tend(t.Context())
	if err != nil || did != (opensearch.Tended{}) {
		t.Errorf("before there is anything: %+v, %v", did, err)
	}
	lib := indextest.NewLibrary()
	e := open(t, c, lib)
	base := "http://" + cfg.Hosts[0] + "/" + cfg.Prefix + "-g1-"
	for i := range 6 { // a search has what was written before made a segment
		for _, month := range []string{"2023-12", "2024-01"} {
			at, err := time.Parse("2006-01", month)
			if err != nil {
				t.Fatal(err)
			}
			a := news.Article{ID: fmt.Sprint(month, i), Version: 1, Title: "Budget", Partition: month, PublishedAt: at}
			lib.Put(a)
			apply(t, e, []news.Change{{ID: a.ID, Version: 1, Partition: month, Article: &a}})
		}
		if r, err := e.Search(t.Context(), news.Query{}); err != nil || r.Total != 2*(i+1) {
			t.Fatalf("found %+v, %v", r, err)
		}
	}
	if n := segments(t, base+"2023.12"); n < 5 {
		t.Fatalf("%d segments to begin with", n)
	}
	tend := func(want opensearch.Tended) {
		t.Helper()
		if did, err := c.Tend(t.Context()); err != nil || did != want {
			t.Errorf("in %s: did %+v, want %+v; %v", now.Format("2006-01"), did, want, err)
		}
	}
	prefix := cfg.Prefix + "-g1-"
	tend(opensearch.Tended{Replicas: 1, Merging: prefix + "2023.12"})
	await(t, base+"2023.12")
	tend(opensearch.Tended{})
	now = now.AddDate(0, 0, 1)
	tend(opensearch.Tended{Replicas: 1, Merging: prefix + "2024.01"})
	await(t, base+"2024.01")
	tend(opensearch.Tended{})
	for month, want := range map[string]string{"2023.12": "0-1", "2024.01": "0-1", "2024.03": "0-2"} {
		if got := setting(t, base+month); got != want {
			t.Errorf("replicas of %s are %s, want %s", month, got, want)
		}
	}
	if r, err := e.Search(t.Context(), news.Query{}); err != nil || r.Total != 12 {
		t.Errorf("afterwards there is %+v, %v", r, err)
	}
}

// await waits until an index has one segment.
func await(t *testing.T, index string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); segments(t, index) != 1; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s is not merged", index)
		}
	}
}

func segments(t *testing.T, index string) int {
	t.Helper()
	var said struct {
		All struct {
			Primaries struct {
				Segments struct {
					Count int `json:"count"`
				} `json:"segments"`
			} `json:"primaries"`
		} `json:"_all"`
	}
	ask(t, index+"/_stats/segments", &said)
	return said.All.Primaries.Segments.Count
}

func setting(t *testing.T, index string) string {
	t.Helper()
	var said map[string]struct{ Settings map[string]string }
	ask(t, index+"/_settings/index.auto_expand_replicas?flat_settings=true", &said)
	for _, s := range said {
		return s.Settings["index.auto_expand_replicas"]
	}
	return ""
}

func ask(t *testing.T, url string, out any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(out); err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, r.Status, err)
	}
}
