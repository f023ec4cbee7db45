package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"broadsheet.example/configs"
	"broadsheet.example/configs/opml"
	"broadsheet.example/news"
)

func newInit(a *app) *cobra.Command {
	var dir string
	var countries, topics []string
	var list, force bool
	c := &cobra.Command{
		Use:   "init",
		Short: "Write a commented configuration and a list of feeds to begin with",
		Example: "  broadsheet init\n  broadsheet init --list\n" +
			"  broadsheet init --country Kenya --country Portugal --topic Science",
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if list {
				return a.listGroups()
			}
			feeds, err := chooseFeeds(countries, topics)
			if err != nil {
				return &usageError{c.CommandPath(), err}
			}
			return a.init(dir, feeds, force)
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "dir", ".", "`DIR` to write to")
	f.StringArrayVar(&countries, "country", nil, "also the feeds of this `COUNTRY`; may be repeated")
	f.StringArrayVar(&topics, "topic", nil, "also the feeds on this `TOPIC`; may be repeated")
	f.BoolVar(&list, "list", false, "list the countries and topics there are")
	f.BoolVar(&force, "force", false, "overwrite files that are there")
	return c
}

// The groups of the embedded list.
const (
	countryGroup = "Country"
	topicGroup   = "Topic"
)

// chooseFeeds returns the default publishers and those of the groups named.
func chooseFeeds(countries, topics []string) ([]news.Feed, error) {
	out, err := embeddedFeeds(defaultGroup)
	if err != nil {
		return nil, err
	}
	for _, want := range []struct {
		group string
		names []string
	}{{countryGroup, countries}, {topicGroup, topics}} {
		all, err := embeddedFeeds(want.group)
		if err != nil {
			return nil, err
		}
		for _, name := range want.names {
			chosen := slices.DeleteFunc(slices.Clone(all), func(f news.Feed) bool { return !strings.EqualFold(f.Category, name) })
			if len(chosen) == 0 {
				return nil, fmt.Errorf("%s %q: there is none; `broadsheet init --list` shows all", strings.ToLower(want.group), name)
			}
			out = append(out, chosen...)
		}
	}
	return out, nil
}

func (a *app) listGroups() error {
	for _, group := range []string{countryGroup, topicGroup} {
		all, err := embeddedFeeds(group)
		if err != nil {
			return err
		}
		count := map[string]int{}
		for _, f := range all {
			count[f.Category]++
		}
		a.printf("%s:\n", group)
		for _, name := range slices.Sorted(maps.Keys(count)) {
			a.printf("  %-28s %s\n", name, plural(count[name], "feed"))
		}
	}
	return nil
}

func (a *app) init(dir string, feeds []news.Feed, force bool) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("create directory: %w", err)
	}
	var list bytes.Buffer
	if err := opml.Write(&list, "Broadsheet", feeds); err != nil {
		return err
	}
	const key = "feeds_file: \"\""
	config := bytes.Replace(configs.Default, []byte(key), []byte("feeds_file: feeds.opml"), 1)
	for _, f := range []struct {
		name string
		text []byte
	}{{defaultConfigFile, config}, {"feeds.opml", list.Bytes()}} {
		if err := a.writeNew(filepath.Join(dir, f.name), f.text, force); err != nil {
			return err
		}
	}
	a.printf("%s to begin with. Set crawler.user_agent to an address of yours, then run: broadsheet serve\n", plural(len(feeds), "feed"))
	return nil
}

// writeNew writes a file that is not there yet.
func (a *app) writeNew(path string, text []byte, force bool) error {
	mode := os.O_CREATE | os.O_WRONLY | os.O_EXCL
	if force {
		mode = os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	}
	f, err := os.OpenFile(path, mode, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; --force overwrites it", path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	a.printf("wrote %s\n", path)
	return nil
}
