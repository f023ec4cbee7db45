package cli

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"broadsheet.example/configs"
)

// TestCompose checks that docker-compose.yml starts commands that there are,
// with a configuration that is valid.
func TestCompose(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct {
			Command, Volumes []string
			Environment      map[string]string
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	delete(file.Services, "postgres")
	if len(file.Services) != 3 {
		t.Fatalf("services are %v", slices.Sorted(maps.Keys(file.Services)))
	}
	owners := map[string]string{}
	for name, s := range file.Services {
		c, rest, err := newRoot(&app{}).Find(s.Command)
		if err == nil {
			err = c.ParseFlags(rest)
		}
		if err != nil {
			t.Errorf("%s: broadsheet %s: %v", name, strings.Join(s.Command, " "), err)
		}
		names, err := c.Flags().GetStringSlice("roles")
		if err == nil {
			_, err = parseRoles(names)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var environ []string
		for key, value := range s.Environment {
			environ = append(environ, key+"="+strings.Replace(value, "${BROADSHEET_CRAWLER_USER_AGENT:?", "desk@example.org ", 1))
		}
		cfg, err := configs.Load("", environ)
		if err == nil {
			err = cfg.Validate()
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, v := range s.Volumes {
			if other := owners[v]; other != "" {
				t.Errorf("%s and %s share the data directory %s", name, other, v)
			}
			owners[v] = name
		}
	}
}
