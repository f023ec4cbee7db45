package cli

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"

	"broadsheet.example/configs"
)

// app is what every subcommand shares: the streams, the flags, and what follows
// from them.
type app struct {
	parts     Parts
	in        io.Reader
	out, errs io.Writer

	configFile, dataDir, logFormat string
}

// defaultConfigFile is read from the working directory when it is there.
const defaultConfigFile = "broadsheet.yaml"

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "broadsheet",
		Short:         "A self-hosted news search engine",
		Long:          "Broadsheet crawls feeds, names the people, places and organisations in the\narticles, and answers searches with facets by source, date and entity.\n\nTry it without a network:  broadsheet demo",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args: func(c *cobra.Command, list []string) error {
			if len(list) == 0 {
				return nil
			}
			return &usageError{c.CommandPath(), fmt.Errorf("unknown command %q%s", list[0], nearest(c.SuggestionsFor(list[0])))}
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	f := root.PersistentFlags()
	f.StringVar(&a.configFile, "config", os.Getenv("BROADSHEET_CONFIG"), "configuration `FILE` (default ./broadsheet.yaml if there is one)")
	f.StringVar(&a.dataDir, "data-dir", "", "`DIR` of database and index (overrides data_dir)")
	f.StringVar(&a.logFormat, "log-format", "", "auto, text or json (overrides log.format)")
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return &usageError{c.CommandPath(), err} })
	root.AddCommand(
		newServe(a), newDemo(a), newCrawl(a), newSearch(a), newImport(a), newExport(a), newReindex(a),
		newFeeds(a), newBackfill(a), newSources(a), newEntities(a), newRemove(a), newInspect(a), newEval(a), newInit(a), newKeys(a), newMCP(a), newDoctor(a), newBackup(a), newRestore(a), newMigrate(a), newReaders(a), newVersion(a),
	)
	return root
}

func nearest(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, " or ") + "?"
}

// args wraps a cobra argument check so that its failure counts as usage.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, list []string) error {
		if err := check(c, list); err != nil {
			return &usageError{c.CommandPath(), err}
		}
		return nil
	}
}

// config loads the configuration and applies the global flags.
func (a *app) config() (*configs.Config, error) {
	path := a.configFile
	if path == "" {
		if _, err := os.Stat(defaultConfigFile); err == nil {
			path = defaultConfigFile
		}
	}
	cfg, err := configs.Load(path, os.Environ())
	if err != nil {
		return nil, err
	}
	if a.dataDir != "" {
		cfg.DataDir = a.dataDir
	}
	if a.logFormat != "" {
		cfg.Log.Format = a.logFormat
	}
	if cfg.FeedsFile != configs.NoFeeds {
		cfg.FeedsFile = beside(path, cfg.FeedsFile)
	}
	cfg.Entity.Model = beside(path, cfg.Entity.Model)
	cfg.API.TLS.Cert, cfg.API.TLS.Key = beside(path, cfg.API.TLS.Cert), beside(path, cfg.API.TLS.Key)
	return cfg, cfg.Validate()
}

// beside is where a file lies that the configuration file names.
func beside(configFile, name string) string {
	if configFile == "" || name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(configFile), name)
}

// logger returns the log that cfg asks for, on standard error.
func (a *app) logger(cfg *configs.Config) *slog.Logger {
	level := cfg.Log.Level
	switch {
	case cfg.Log.Format == "json" || cfg.Log.Format == "auto" && !isTerminal(a.errs):
		return slog.New(slog.NewJSONHandler(a.errs, &slog.HandlerOptions{Level: level, ReplaceAttr: plainDuration}))
	default:
		return slog.New(tint.NewTextHandler(a.errs, &tint.Options{Level: level, TimeFormat: "15:04:05", NoColor: !isTerminal(a.errs)}))
	}
}

// plainDuration writes durations as people do, 1.5s, and not in nanoseconds.
func plainDuration(_ []string, attr slog.Attr) slog.Attr {
	if attr.Value.Kind() == slog.KindDuration {
		attr.Value = slog.StringValue(attr.Value.Duration().String())
	}
	return attr
}

// quiet returns a log of warnings and errors only, for commands that print their
// own progress.
func (a *app) quiet(cfg *configs.Config) *slog.Logger {
	cfg.Log.Level = max(cfg.Log.Level, slog.LevelWarn)
	return a.logger(cfg)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (a *app) printf(format string, values ...any) { fmt.Fprintf(a.out, format, values...) }
