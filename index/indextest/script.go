package indextest

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// command is one command of a script with the lines below it.
type command struct {
	line int
	verb string
	arg  string
	keys []keyValue
}

type keyValue struct {
	line       int
	key, value string
}

// parseScript reads the commands of a script.
func parseScript(r io.Reader) ([]command, error) {
	var list []command
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		trimmed := strings.TrimSpace(text)
		switch {
		case trimmed == "" || trimmed[0] == '#':
		case text[0] != ' ' && text[0] != '\t':
			verb, arg, _ := strings.Cut(trimmed, " ")
			list = append(list, command{line: n, verb: verb, arg: strings.TrimSpace(arg)})
		default:
			key, value, ok := strings.Cut(trimmed, ":")
			if !ok || len(list) == 0 {
				return nil, fmt.Errorf("line %d: %q is no \"key: value\" below a command", n, trimmed)
			}
			last := &list[len(list)-1]
			last.keys = append(last.keys, keyValue{n, strings.TrimSpace(key), strings.TrimSpace(value)})
		}
	}
	return list, lines.Err()
}

// list splits "a; b; c".
func split(value string) []string {
	var out []string
	for part := range strings.SplitSeq(value, ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
