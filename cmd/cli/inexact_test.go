package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"broadsheet.example/index/opensearch"
)

// perShard is more values than a shard ever says of one facet.
const perShard = 101_000

// TestInexactFacets counts a facet whose most frequent value no shard says
// anything of: each holds it once and has too many others of which that is true.
// The answer is wrong then, and says that it may be.
func TestInexactFacets(t *testing.T) {
	const shards = 3
	sharedIndex(t)
	t.Setenv("BROADSHEET_INDEX_ENGINE", fmt.Sprintf("%s?shards=%d", os.Getenv("BROADSHEET_INDEX_ENGINE"), shards))
	t.Setenv("BROADSHEET_FEEDS_FILE", "none")
	dir := t.TempDir()
	must(t, dir, "search") // makes the index
	s := newStuffing(t)
	for shard, routing := range s.routings(shards) {
		s.stuff(shard, routing, "zz last")
	}
	facets := reply(t, dir, "--facets", "author,source").Facets
	author := facets["author"]
	if author.Exact || len(author.Buckets) == 0 || author.Buckets[0].Count != 1 || author.Other != shards*(perShard+1)-len(author.Buckets) {
		t.Errorf("of a value in three shards, which all cut it off, we are told %+v", author)
	}
	if !facets["source"].Exact {
		t.Errorf("a facet without values is said to be inexact")
	}
	if out := must(t, dir, "search", "--facets", "author,source"); strings.Count(out, "at least") != 1 {
		t.Errorf("the command says nothing of counts that may be short:\n%s", out)
	}
}

// stuffing writes documents past the engine, into its newest partition.
type stuffing struct {
	t     *testing.T
	index string // its address
}

func newStuffing(t *testing.T) *stuffing {
	t.Helper()
	cfg, err := opensearch.ParseAddress(os.Getenv("BROADSHEET_INDEX_ENGINE"))
	if err != nil {
		t.Fatal(err)
	}
	return &stuffing{t, fmt.Sprintf("http://%s/%s-0-%s", cfg.Hosts[0], cfg.Prefix, time.Now().UTC().Format("2006.01"))}
}

// routings returns a routing that leads to each shard.
func (s *stuffing) routings(shards int) map[int]string {
	s.t.Helper()
	found := make(map[int]string)
	for n := 0; len(found) < shards; n++ {
		var said struct {
			Shards [][]struct{ Shard int }
		}
		routing := fmt.Sprint(n)
		s.call(http.MethodGet, "/_search_shards?routing="+routing, "", &said)
		found[said.Shards[0][0].Shard] = routing
	}
	return found
}

// stuff gives a shard its values, each of which it has once.
func (s *stuffing) stuff(shard int, routing, last string) {
	s.t.Helper()
	const perDocument = 1_000
	var body strings.Builder
	for first := 0; first < perShard; first += perDocument {
		values := []string{}
		for n := range perDocument {
			values = append(values, fmt.Sprintf("writer %d %d", shard, first+n))
		}
		if first == 0 {
			values = append(values, last)
		}
		id := fmt.Sprintf("s%dd%d", shard, first)
		for _, line := range []map[string]any{
			{"index": map[string]any{"_id": id, "routing": routing}},
			{"id": id, "deleted": false, "published": 1, "author": values},
		} {
			text, err := json.Marshal(line)
			if err != nil {
				s.t.Fatal(err)
			}
			body.Write(text)
			body.WriteByte('\n')
		}
	}
	var said struct{ Errors bool }
	if s.call(http.MethodPost, "/_bulk?refresh=true", body.String(), &said); said.Errors {
		s.t.Fatal("documents were refused")
	}
}

func (s *stuffing) call(method, path, body string, out any) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.index+path, bytes.NewReader([]byte(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(out); err != nil || r.StatusCode != http.StatusOK {
		s.t.Fatalf("%s %s: %s, %v", method, path, r.Status, err)
	}
}
