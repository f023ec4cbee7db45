package cli

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/api"
)

// storedKey is a key as keys.json in the data directory holds it: never the key
// itself. Keys are random, so that a plain hash cannot be reversed.
type storedKey struct {
	Name    string    `json:"name"`
	Scope   api.Scope `json:"scope"`
	Hash    string    `json:"sha256"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires,omitzero"`
}

const (
	keyPrefix  = "bsk_" // by which leaked keys are recognized
	keyBytes   = 24
	maxKeyName = 64
)

func keysFile(dataDir string) string { return filepath.Join(dataDir, "keys.json") }

func readKeys(dataDir string) ([]storedKey, error) {
	text, err := os.ReadFile(keysFile(dataDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	var keys []storedKey
	if err := json.Unmarshal(text, &keys); err != nil {
		return nil, fmt.Errorf("read keys: %s: %w", keysFile(dataDir), err)
	}
	return keys, nil
}

// writeKeys replaces the file as a whole, so that a server never reads half.
func writeKeys(dataDir string, keys []storedKey) error {
	text, err := json.MarshalIndent(keys, "", "  ")
	if err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	f, err := os.CreateTemp(dataDir, "keys-*") // has mode 0600
	if err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), keysFile(dataDir))
	}
	if err != nil {
		return fmt.Errorf("write keys: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

func hashKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// keyring knows the keys of a data directory. It notices when the file changes.
type keyring struct {
	dir string
	log *slog.Logger

	mu      sync.Mutex
	keys    []storedKey
	changed time.Time
	looked  time.Time
}

// keysAge is how long a change of the file may go unnoticed.
const keysAge = time.Second

func openKeyring(dir string, log *slog.Logger) *keyring { return &keyring{dir: dir, log: log} }

// find returns the key that the token is. It compares with every key there is,
// each in constant time.
func (k *keyring) find(token string) (api.Key, bool) {
	hash := []byte(hashKey(token))
	var found api.Key
	ok := false
	for _, key := range k.current() {
		if subtle.ConstantTimeCompare(hash, []byte(key.Hash)) == 1 {
			found, ok = api.Key{Name: key.Name, Scope: key.Scope, Expires: key.Expires}, true
		}
	}
	return found, ok
}

// current returns the keys in the file. While it cannot be read, none is good.
func (k *keyring) current() []storedKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.looked) < keysAge {
		return k.keys
	}
	k.looked = time.Now()
	info, err := os.Stat(keysFile(k.dir))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		k.keys, k.changed = nil, time.Time{}
		return nil
	case err == nil && info.ModTime().Equal(k.changed):
		return k.keys
	case err == nil:
		k.changed = info.ModTime()
		k.keys, err = readKeys(k.dir)
	}
	if err != nil {
		k.log.Error("no key is accepted", "err", err)
		k.keys, k.changed = nil, time.Time{}
	}
	return k.keys
}

func newKeys(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "keys", Short: "Administer the keys of the API", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newKeysAdd(a), newKeysList(a), newKeysRemove(a))
	return c
}

func newKeysAdd(a *app) *cobra.Command {
	var scope string
	var days int
	c := &cobra.Command{
		Use: "add NAME", Short: "Make a key and print it; it cannot be shown again", Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			if !slices.Contains(api.Scopes(), api.Scope(scope)) {
				return &usageError{c.CommandPath(), fmt.Errorf("--scope %q: there are read, write and admin", scope)}
			}
			if days < 0 {
				return &usageError{c.CommandPath(), fmt.Errorf("--days %d: must be 0 (never) or more", days)}
			}
			return a.addKey(list[0], api.Scope(scope), days)
		},
	}
	c.Flags().StringVar(&scope, "scope", string(api.ScopeRead), "read, write or admin")
	c.Flags().IntVar(&days, "days", 0, "days after which the key expires (`N`; 0 for never)")
	return c
}

func (a *app) addKey(name string, scope api.Scope, days int) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	keys, err := readKeys(cfg.DataDir)
	if err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(name) == "" || len(name) > maxKeyName:
		return fmt.Errorf("a key's name has between 1 and %d bytes", maxKeyName)
	case slices.ContainsFunc(keys, func(k storedKey) bool { return k.Name == name }):
		return fmt.Errorf("there is a key %q already; remove it first, or choose another name", name)
	}
	var b [keyBytes]byte
	rand.Read(b[:]) // never fails
	token := keyPrefix + hex.EncodeToString(b[:])
	key := storedKey{Name: name, Scope: scope, Hash: hashKey(token), Created: time.Now().UTC().Truncate(time.Second)}
	if days > 0 {
		key.Expires = key.Created.AddDate(0, 0, days)
	}
	if err := writeKeys(cfg.DataDir, append(keys, key)); err != nil {
		return err
	}
	a.printf("%s\n", token)
	return nil
}

func newKeysList(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the keys, but not what they are", Args: args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			keys, err := readKeys(cfg.DataDir)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
			fmt.Fprintln(w, "NAME\tSCOPE\tCREATED\tEXPIRES")
			for _, k := range keys {
				expires := "never"
				if !k.Expires.IsZero() {
					expires = k.Expires.Format(time.DateOnly)
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", k.Name, k.Scope, k.Created.Format(time.DateOnly), expires)
			}
			return w.Flush()
		},
	}
}

func newKeysRemove(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME...", Short: "Remove keys; they are refused within a second", Args: args(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, list []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			keys, err := readKeys(cfg.DataDir)
			if err != nil {
				return err
			}
			for _, name := range list {
				at := slices.IndexFunc(keys, func(k storedKey) bool { return k.Name == name })
				if at < 0 {
					return fmt.Errorf("there is no key %q", name)
				}
				keys = slices.Delete(keys, at, at+1)
			}
			return writeKeys(cfg.DataDir, keys)
		},
	}
}
