package opensearch

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseAddress(t *testing.T) {
	t.Setenv(UserVariable, "env")
	t.Setenv(PasswordVariable, "secret")
	for address, want := range map[string]Config{
		"opensearch://one":                          {Hosts: []string{"one:9200"}, Prefix: "broadsheet", User: "env", Password: "secret"},
		"opensearch://one:1,two/news":               {Hosts: []string{"one:1", "two:9200"}, Prefix: "news", User: "env", Password: "secret"},
		"opensearch://ann:p%40ss@[::1]:1?shards=3":  {Hosts: []string{"[::1]:1"}, Prefix: "broadsheet", User: "ann", Password: "p@ss", Shards: 3},
		"opensearch://ann@one/news_2?tls=false":     {Hosts: []string{"one:9200"}, Prefix: "news_2", User: "ann", Password: "secret"},
		"opensearch://ann:a:b@one:9201/n?shards=64": {Hosts: []string{"one:9201"}, Prefix: "n", User: "ann", Password: "a:b", Shards: 64},
		"opensearch://one?replicas=2":               {Hosts: []string{"one:9200"}, Prefix: "broadsheet", User: "env", Password: "secret", Replicas: 2},
	} {
		got, err := ParseAddress(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", address, d)
		}
	}
	if c, err := ParseAddress("opensearch://one?tls=true"); err != nil || c.TLS == nil {
		t.Errorf("tls: %+v, %v", c, err)
	}
}

func TestBadAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"http://one":                             "begins with opensearch://",
		"opensearch://":                          "HOST or HOST:PORT",
		"opensearch://ann:hidden@/x":             "HOST or HOST:PORT",
		"opensearch://ann:hidden@one/News":       "prefix",
		"opensearch://ann:hidden@one/a-b":        "prefix",
		"opensearch://ann:hidden@one?shards=0":   "shards",
		"opensearch://ann:hidden@one?replicas=x": "replicas",
		"opensearch://ann:hidden@one?tls=x":      "tls",
		"opensearch://ann:hidden@one?x=1":        "no such parameter",
		"opensearch://ann:hidden@one?ca=/none":   "read certificates",
		"opensearch://ann:hid%zzn@one":           "badly escaped",
		"opensearch://ann:hidden@one?%zz":        "badly escaped",
	} {
		_, err := ParseAddress(address)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hid") {
			t.Errorf("%s: error %v, want one of %q without the password", address, err, want)
		}
	}
}
