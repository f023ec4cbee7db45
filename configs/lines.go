package configs

import (
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"
)

// origin is where the values of a file stand in it, so that a value that can be
// read but cannot work is found again.
type origin struct {
	file   string
	lines  map[string]int           // by key, sections included
	values map[string]reflect.Value // as read, by the name of their variable
}

// remember notes where text, which c was read from, has its keys.
func (c *Config) remember(file string, text []byte) {
	c.origin = origin{file: file, lines: map[string]int{}, values: map[string]reflect.Value{}}
	var root yaml.Node
	if err := yaml.Load(text, &root); err != nil || len(root.Content) == 0 {
		return // what cannot be read is reported by who reads it
	}
	c.origin.note("", root.Content[0])
	read := *c
	collect(reflect.ValueOf(&read).Elem(), environName, c.origin.values)
}

// note collects the lines of the keys of a mapping.
func (o *origin) note(prefix string, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := prefix + n.Content[i].Value
		o.lines[key] = n.Content[i].Line
		o.note(key+".", n.Content[i+1])
	}
}

// line returns where the file has the key's value, 0 if it does not come from
// there: the environment and flags overrule it.
func (c *Config) line(key string) int {
	name := variable(key)
	now := map[string]reflect.Value{}
	collect(reflect.ValueOf(c).Elem(), environName, now)
	if then, ok := c.origin.values[name]; ok && !reflect.DeepEqual(then.Interface(), now[name].Interface()) {
		return 0
	}
	return c.origin.lines[key]
}

// place says where the file has the key's value, before what is wrong with it.
func (c *Config) place(key string) string {
	if n := c.line(key); n > 0 {
		return fmt.Sprintf("%s, line %d: ", c.origin.file, n)
	}
	return ""
}

// variable is the name of the environment's variable for a key.
func variable(key string) string {
	return environPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}
