package configs

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxFileBytes bounds a configuration file.
const maxFileBytes = 1 << 20

// Load returns the defaults, overridden by the file at path (none if path is
// empty) and by BROADSHEET_ variables of environ (as os.Environ gives them). It
// reports every problem of the file, or of the environment, at once as *Error.
// The caller validates after applying its flags.
func Load(path string, environ []string) (*Config, error) {
	c := new(Config)
	if err := decode(Default, c); err != nil {
		return nil, fmt.Errorf("embedded broadsheet.yaml: %w", err)
	}
	if path != "" {
		if err := c.loadFile(path); err != nil {
			return nil, err
		}
	}
	if err := c.loadEnviron(environ); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Config) loadFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("read configuration: %w (write one with: broadsheet init)", err)
	}
	if info.Size() > maxFileBytes {
		return &Error{Source: path, Problems: []string{fmt.Sprintf("is larger than %d bytes", maxFileBytes)}}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	if err := decode(text, c); err != nil {
		return &Error{Source: path, Problems: explain(err)}
	}
	c.remember(path, text)
	return nil
}

// decode reads YAML strictly into v; keys that are absent leave v as it is.
func decode(text []byte, v any) error {
	if len(strings.TrimSpace(string(text))) == 0 {
		return nil
	}
	err := yaml.Load(text, v, yaml.WithKnownFields())
	if err != nil && onlyComments(text) {
		return nil
	}
	return err
}

func onlyComments(text []byte) bool {
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}

// explain turns the decoder's errors into one line each, "line 3: ...".
func explain(err error) []string {
	var all *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &all):
	case errors.As(err, &one):
		all = &yaml.LoadErrors{Errors: []*yaml.LoadError{one}}
	default:
		return []string{tidy(err.Error())}
	}
	lines := make([]string, len(all.Errors))
	for i, e := range all.Errors {
		lines[i] = fmt.Sprintf("line %d: %s", e.Mark.Line, tidy(e.Message))
	}
	return lines
}

var goType = regexp.MustCompile(`(field \S+ not found) in type \S+`)

var badPrefix = regexp.MustCompile(`netip\.ParsePrefix\((".*?")\): .*`)

// tidy takes the decoder's Go vocabulary out of a message.
func tidy(message string) string {
	message = strings.TrimPrefix(message, "yaml: ")
	message = badPrefix.ReplaceAllString(message, "$1 is no network; write one such as 10.0.0.0/8")
	message = goType.ReplaceAllString(message, "$1: no such key; `broadsheet init` writes a file with all of them")
	return strings.NewReplacer("cannot construct !!str ", "cannot read ", "time.Duration", "a duration such as 10m", "configs.", "", "netip.Prefix", "a network such as 10.0.0.0/8").Replace(message)
}

// environPrefix marks the variables that are ours.
const (
	environName   = "BROADSHEET"
	environPrefix = environName + "_"
)

// outsideConfig are variables with our prefix that are no configuration keys.
var outsideConfig = map[string]bool{
	"BROADSHEET_CONFIG":              true, // the file itself
	"BROADSHEET_CORPORA":             true, // where tests find real feeds and pages
	"BROADSHEET_POSTGRES_URL":        true, // where tests find a server
	"BROADSHEET_POSTGRES_DIR":        true,
	"BROADSHEET_POSTGRES_PORT":       true,
	"BROADSHEET_OPENSEARCH_URL":      true,
	"BROADSHEET_OPENSEARCH_DIR":      true,
	"BROADSHEET_OPENSEARCH_HEAP":     true,
	"BROADSHEET_OPENSEARCH_PORT":     true,
	"BROADSHEET_CLUSTER_DIR":         true,
	"BROADSHEET_OPENSEARCH_USER":     true, // who logs in to the cluster of index.engine
	"BROADSHEET_OPENSEARCH_PASSWORD": true,
	"BROADSHEET_BENCH":               true, // makes tests measure
}

func (c *Config) loadEnviron(environ []string) error {
	targets := map[string]reflect.Value{}
	collect(reflect.ValueOf(c).Elem(), environName, targets)
	var p problems
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, environPrefix) || outsideConfig[name] {
			continue
		}
		target, ok := targets[name]
		if !ok {
			p.check(false, name, "names no configuration key")
			continue
		}
		if err := setFromText(target, value); err != nil {
			p.check(false, fmt.Sprintf("%s=%q", name, value), tidy(firstLine(err)))
		}
	}
	if len(p.list) > 0 {
		return &Error{Source: "environment", Problems: p.list}
	}
	return nil
}

// collect maps the variable names of all keys below v to their fields.
func collect(v reflect.Value, name string, targets map[string]reflect.Value) {
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		key := name + "_" + strings.ToUpper(v.Type().Field(i).Tag.Get("yaml"))
		switch field := v.Field(i); field.Kind() {
		case reflect.Struct:
			collect(field, key, targets)
		case reflect.Map: // per-source decisions have no variables
		default:
			targets[key] = field
		}
	}
}

func setFromText(target reflect.Value, text string) error {
	if target.Kind() == reflect.Slice {
		list := reflect.MakeSlice(target.Type(), 0, 4)
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			item := reflect.New(target.Type().Elem()).Elem()
			if err := setFromText(item, part); err != nil {
				return err
			}
			list = reflect.Append(list, item)
		}
		target.Set(list)
		return nil
	}
	if target.Kind() == reflect.String {
		target.SetString(text)
		return nil
	}
	return yaml.Load([]byte(text), target.Addr().Interface())
}

func firstLine(err error) string {
	lines := explain(err)
	_, message, found := strings.Cut(lines[0], ": ")
	if !found {
		return lines[0]
	}
	return message
}
