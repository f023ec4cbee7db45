package opensearch_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet.example/index/indextest"
	"broadsheet.example/index/opensearch"
	"broadsheet.example/news"
)

// tell calls the cluster past the engine.
func tell(t *testing.T, cfg opensearch.Config, method, path string, body any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+cfg.Hosts[0]+"/"+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	reply, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s", method, path, reply.Status)
	}
}

func inMay(id string) news.Change {
	day := time.Date(2024, 5, 2, 12, 0, 0, 0, time.UTC)
	return news.Change{ID: id, Version: 1, Partition: "2024-05", Article: &news.Article{
		ID: id, Title: "Ferry " + id, Language: "en", Source: news.Ref{ID: "wire", Name: "Wire"}, URL: "https://wire.example/" + id,
		PublishedAt: day, FirstSeen: day, Revision: 1, Completeness: news.Full,
	}}
}

// TestFullDisk sets the block that OpenSearch sets when a disk is full.
func TestFullDisk(t *testing.T) {
	var cfg opensearch.Config
	e := open(t, connect(t, func(c *opensearch.Config) { cfg = *c }), indextest.NewLibrary())
	apply := func(id string) error {
		_, err := e.Apply(t.Context(), []news.Change{inMay(id)})
		return err
	}
	if err := apply("one"); err != nil {
		t.Fatal(err)
	}
	block := "index.blocks.read_only_allow_delete"
	path := cfg.Prefix + "-g1-2024.05/_settings"
	tell(t, cfg, http.MethodPut, path, map[string]any{block: true})
	if err := apply("two"); !errors.Is(err, news.ErrDiskFull) {
		t.Errorf("with a full disk: error %v", err)
	}
	tell(t, cfg, http.MethodPut, path, map[string]any{block: nil})
	if err := apply("two"); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// TestForeignIndexes finds indexes under the names of ours that cannot be written
// to: each error says what to do.
func TestForeignIndexes(t *testing.T) {
	for name, c := range map[string]struct {
		body map[string]any
		want string
	}{
		"made by hand":         {map[string]any{}, "another prefix"},
		"of an earlier format": {map[string]any{"mappings": map[string]any{"dynamic": "strict"}, "aliases": map[string]any{"": map[string]any{}}}, "broadsheet reindex"},
	} {
		t.Run(name, func(t *testing.T) {
			var cfg opensearch.Config
			e := open(t, connect(t, func(c *opensearch.Config) { cfg = *c }), indextest.NewLibrary())
			index := cfg.Prefix + "-g1-2024.05"
			if _, ok := c.body["aliases"]; ok {
				c.body["aliases"] = map[string]any{index + "-w": map[string]any{}}
			}
			tell(t, cfg, http.MethodPut, index, c.body)
			out, err := e.Apply(t.Context(), []news.Change{inMay("one")})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("outcomes %+v, error %v, want one of %q", out, err, c.want)
			}
		})
	}
}

// TestFacetsOfManyShards counts a facet of which each shard has more values than
// it is asked for at first: the counts are exact all the same.
func TestFacetsOfManyShards(t *testing.T) {
	lib := indextest.NewLibrary()
	e := open(t, connect(t, shards(3)), lib)
	want := map[string]int{}
	var changes []news.Change
	for n := range 60 {
		c := inMay(fmt.Sprintf("a%d", n))
		for k := range 150 { // most of them alone, and some that add up over the shards
			name := fmt.Sprintf("Writer %d of %d", k, n)
			if k < 12 && n%(k+2) == 0 {
				name = fmt.Sprintf("Guest %d", k)
			}
			want[name]++
			c.Article.Authors = append(c.Article.Authors, name)
		}
		lib.Put(*c.Article)
		changes = append(changes, c)
	}
	if _, err := e.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
	r, err := e.Search(t.Context(), news.Query{Facets: []news.FacetRequest{{Name: news.FacetAuthor, Size: 12}}})
	if err != nil {
		t.Fatal(err)
	}
	f, sum := r.Facets[news.FacetAuthor], 0
	for _, b := range f.Buckets {
		if b.Count != want[b.Label] || !strings.HasPrefix(b.Label, "Guest ") {
			t.Errorf("%s is counted %d times, want %d", b.Label, b.Count, want[b.Label])
		}
		sum += b.Count
	}
	if len(f.Buckets) != 12 || f.Approximate || sum+f.Other != 60*150 {
		t.Errorf("%d values, approximate %v, %d counted and %d others", len(f.Buckets), f.Approximate, sum, f.Other)
	}
}
