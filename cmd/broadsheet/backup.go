package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/configs"
	"broadsheet.example/store/sqlite"
)

func newBackup(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "backup DIR",
		Short: "Copy the archive to a directory, while a process may be using it",
		Long:  "Copy the archive as it is at this moment to a directory that holds none yet:\nthe database and the API's keys, each checked. The index is not copied; it is\nbuilt from the database. A process that uses the archive goes on undisturbed.",
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			cfg, err := a.archiveInFiles()
			if err != nil {
				return err
			}
			return a.copyArchive(c.Context(), "backed up", cfg.DataDir, list[0])
		},
	}
}

func newRestore(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "restore DIR",
		Short: "Make the data directory from a backup",
		Long:  "Make the data directory from the directory that backup wrote. A data directory\nthat holds an archive or keys is left alone: move it away first. The next serve\nbuilds the index.",
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			cfg, err := a.archiveInFiles()
			if err != nil {
				return err
			}
			return a.copyArchive(c.Context(), "restored", list[0], cfg.DataDir)
		},
	}
}

// archiveInFiles is the configuration, if the archive lies in the data directory.
func (a *app) archiveInFiles() (*configs.Config, error) {
	cfg, err := a.config()
	if err == nil && cfg.Store != "" {
		err = errors.New("the archive is in PostgreSQL: back it up with pg_dump, restore it with pg_restore, and copy keys.json of data_dir")
	}
	return cfg, err
}

// copyArchive copies what of a data directory cannot be made again.
func (a *app) copyArchive(ctx context.Context, done, from, to string) error {
	start := time.Now()
	if _, err := os.Lstat(keysFile(to)); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there already: choose another directory, or move it away", keysFile(to))
	}
	articles, err := sqlite.Copy(ctx, from, to)
	if err != nil {
		return err
	}
	if err := copyKeys(from, to); err != nil {
		return err
	}
	a.printf("%d articles %s in %s: %s\n", articles, done, time.Since(start).Round(time.Millisecond), filepath.Clean(to))
	return nil
}

// copyKeys copies the API's keys, if there are any. They are hashes.
func copyKeys(from, to string) error {
	text, err := os.ReadFile(keysFile(from))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = os.WriteFile(keysFile(to), text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("copy keys: %w", err)
	}
	return nil
}
