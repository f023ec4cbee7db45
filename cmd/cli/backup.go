package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/store/sqlite"
)

func newBackup(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "backup DIR",
		Short: "Copy the archive to a directory, while processes may be using it",
		Long: `Copy the archive as it is at this moment to a directory that holds none yet:
the database and the API's keys, each checked. The index is not copied; it is
built from the database. Whoever uses the archive goes on undisturbed. One in
PostgreSQL becomes a database in a file as well, which restore takes back to
either.`,
		Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, list []string) error { return a.backup(c.Context(), list[0]) },
	}
}

func newRestore(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "restore DIR",
		Short: "Make the archive from a backup",
		Long: `Make the archive that the configuration names from the directory that backup
wrote. A data directory that holds an archive or keys is left alone, and so is a
PostgreSQL database that holds an archive: move it away first. The next serve
builds the index.`,
		Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, list []string) error { return a.restore(c.Context(), list[0]) },
	}
}

func (a *app) backup(ctx context.Context, dir string) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if cfg.Store == "" {
		return a.copyArchive(ctx, "backed up", cfg.DataDir, dir)
	}
	if err := noKeys(dir); err != nil {
		return err
	}
	// What another attempt has left is of another moment.
	if err := a.transfer(ctx, place{where: cfg.Store}, dir, true, "backed up"); err != nil {
		return err
	}
	return copyKeys(cfg.DataDir, dir)
}

func (a *app) restore(ctx context.Context, dir string) (err error) {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if cfg.Store == "" {
		return a.copyArchive(ctx, "restored", dir, cfg.DataDir)
	}
	if err := noKeys(cfg.DataDir); err != nil {
		return err
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return fmt.Errorf("create data directory: %w", err)
	}
	// A copy is opened, for opening writes, and the backup may be needed again.
	scratch, err := os.MkdirTemp(cfg.DataDir, "restore-")
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	if _, err := sqlite.Copy(ctx, dir, scratch); err != nil {
		return err
	}
	if err := a.transfer(ctx, place{where: scratch}, cfg.Store, true, "restored"); err != nil {
		return err
	}
	return copyKeys(dir, cfg.DataDir)
}

// copyArchive copies what of a data directory cannot be made again.
func (a *app) copyArchive(ctx context.Context, done, from, to string) error {
	start := time.Now()
	if err := noKeys(to); err != nil {
		return err
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

// noKeys fails when a directory holds keys, which may be in use.
func noKeys(dir string) error {
	if _, err := os.Lstat(keysFile(dir)); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there already: choose another directory, or move it away", keysFile(dir))
	}
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
