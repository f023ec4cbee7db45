package configs_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet.example/configs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "broadsheet.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaultsAreValid(t *testing.T) {
	c, err := configs.Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	if c.Crawler.HostGap != time.Second || c.Listen != "127.0.0.1:8080" {
		t.Errorf("unexpected defaults: %+v", c)
	}
}

func TestPrecedence(t *testing.T) {
	path := write(t, "crawler:\n  interval: 20m\n  host_gap: 3s\n  allow_networks: [10.0.0.0/8]\n")
	c, err := configs.Load(path, []string{
		"BROADSHEET_CRAWLER_INTERVAL=30m",
		"BROADSHEET_CRAWLER_ALLOW_NETWORKS=127.0.0.0/8, 192.168.0.0/16",
		"BROADSHEET_LOG_LEVEL=debug",
		"BROADSHEET_CORPORA=/somewhere",
		"HOME=/root",
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Crawler.Interval != 30*time.Minute {
		t.Errorf("interval = %v, want the environment's 30m", c.Crawler.Interval)
	}
	if c.Crawler.HostGap != 3*time.Second {
		t.Errorf("host_gap = %v, want the file's 3s", c.Crawler.HostGap)
	}
	if c.Crawler.MaxInterval != 24*time.Hour {
		t.Errorf("max_interval = %v, want the default 24h", c.Crawler.MaxInterval)
	}
	want := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("192.168.0.0/16")}
	if diff := cmp.Diff(c.Crawler.AllowNetworks, want, cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Errorf("allow_networks (-got +want):\n%s", diff)
	}
	if c.Log.Level.String() != "DEBUG" {
		t.Errorf("log.level = %v, want DEBUG", c.Log.Level)
	}
}

func TestEveryProblemAtOnce(t *testing.T) {
	tests := []struct {
		name, file string
		environ    []string
		want       []string
	}{
		{
			name: "file", file: "listne: :80\ncrawler:\n  interval: often\n  concurrency: many\n  colour: red\n",
			want: []string{"line 1", "listne", "line 3", "often", "line 4", "line 5", "colour", "broadsheet init"},
		},
		{
			name: "environment", environ: []string{"BROADSHEET_LISTNE=x", "BROADSHEET_CRAWLER_INTERVAL=often", "BROADSHEET_INDEX_BATCH=many"},
			want: []string{"BROADSHEET_LISTNE", "BROADSHEET_CRAWLER_INTERVAL", "BROADSHEET_INDEX_BATCH"},
		},
		{name: "not YAML", file: "a: [1,\nb", want: []string{"broadsheet.yaml", "line"}},
		{name: "network", file: "crawler:\n  allow_networks: [elsewhere]\n", want: []string{"line 2", "elsewhere"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := ""
			if tt.file != "" {
				path = write(t, tt.file)
			}
			_, err := configs.Load(path, tt.environ)
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error lacks %q:\n%v", part, err)
				}
			}
		})
	}
}

func TestValidateNamesKeys(t *testing.T) {
	c, err := configs.Load(write(t, "listen: nowhere\ncrawler: {user_agent: me, interval: 1s}\nindex: {retention: 90m, cache_bytes: 128}\nsources: {x: {full_text: all}}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	err = c.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"listen", "crawler.user_agent", "crawler.interval", "index.retention", "index.cache_bytes", "sources.x.full_text"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error lacks %q:\n%v", part, err)
		}
	}
}

func TestCommentsOnly(t *testing.T) {
	if _, err := configs.Load(write(t, "# nothing yet\n"), nil); err != nil {
		t.Error(err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(string(configs.Default))
	f.Add("crawler: {interval: 1s, allow_networks: [::/0]}")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = configs.Load(write(t, text), nil)
	})
}

func TestValuesOfTheAPI(t *testing.T) {
	for file, want := range map[string]string{
		"api: {base_path: news}":                         "api.base_path",
		"api: {base_path: /news/}":                       "api.base_path",
		"api: {base_path: //evil.example}":               "api.base_path",
		"api: {base_path: /a/b-c}":                       "",
		"api: {pprof: 0.0.0.0:6060}":                     "api.pprof",
		"api: {pprof: ':6060'}":                          "api.pprof",
		"api: {pprof: 'localhost:6060'}":                 "",
		"api: {pprof: '[::1]:6060'}":                     "",
		"api: {tls: {cert: a.pem}}":                      "api.tls",
		"api: {tls: {cert: a.pem, key: b.pem}}":          "",
		"telemetry: {endpoint: collector:4318}":          "telemetry.endpoint",
		"telemetry: {endpoint: 'http://127.0.0.1:4318'}": "",
		"telemetry: {sample: 2}":                         "telemetry.sample",
		"telemetry: {sample: 0.5}":                       "",
	} {
		c, err := configs.Load(write(t, file), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Validate(); (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want one about %q", file, err, want)
		}
	}
}

// A value that can be read but cannot work is found where it stands, unless
// something overrules the file.
func TestProblemsHaveLines(t *testing.T) {
	path := write(t, "# ours\nlisten: 5\ncrawler:\n  host_gap: 1s\n  interval: 1s\napi: {tls: {cert: a.pem}}\nsources:\n  x: {full_text: some}\n")
	c, err := configs.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(c.Validate())
	for _, want := range []string{"line 2: listen must", "line 5: crawler.interval must", "line 6: api.tls needs", "line 8: sources.x.full_text must", path} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	c, err = configs.Load(path, []string{"BROADSHEET_LISTEN=6", "BROADSHEET_API_TLS_CERT=b.pem"})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(c.Validate()); strings.Contains(got, "line 2") || !strings.Contains(got, "listen must") {
		t.Errorf("an overruled value: %s", got)
	}
}
