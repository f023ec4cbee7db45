package cli

import (
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"broadsheet.example/api"
)

func TestKeys(t *testing.T) {
	dir := t.TempDir()
	ring := openKeyring(dir, slog.New(slog.DiscardHandler))
	if _, ok := ring.find("x"); ok {
		t.Error("a key where there is none")
	}
	token := strings.TrimSpace(must(t, dir, "keys", "add", "newsroom", "--scope", "write", "--days", "2"))
	must(t, dir, "keys", "add", "reader")
	fails(t, dir, []string{"already"}, "keys", "add", "reader")
	fails(t, dir, []string{"read, write and admin"}, "keys", "add", "x", "--scope", "all")
	fails(t, dir, []string{"no key"}, "keys", "remove", "nobody")
	text, err := os.ReadFile(keysFile(dir))
	if err != nil || strings.Contains(string(text), token) {
		t.Errorf("%v: the file holds the key itself: %s", err, text)
	}
	if info, err := os.Stat(keysFile(dir)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: want mode 0600", info.Mode(), err)
	}
	if list := must(t, dir, "keys", "list"); !strings.Contains(list, "newsroom") || !strings.Contains(list, "write") || strings.Contains(list, token) {
		t.Errorf("list: %s", list)
	}
	again := openKeyring(dir, slog.New(slog.DiscardHandler))
	key, ok := again.find(token)
	if !ok || key.Name != "newsroom" || key.Scope != api.ScopeWrite || time.Until(key.Expires) > 49*time.Hour || time.Until(key.Expires) < 47*time.Hour {
		t.Errorf("%+v, %v", key, ok)
	}
	if _, ok := again.find(token + "x"); ok {
		t.Error("another key is taken for it")
	}
	must(t, dir, "keys", "remove", "newsroom")
	again.looked = time.Time{} // as a second later
	if _, ok := again.find(token); ok {
		t.Error("a removed key is good")
	}
	if err := os.WriteFile(keysFile(dir), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	again.looked = time.Time{}
	if keys := again.current(); keys != nil {
		t.Errorf("a broken file gives keys: %v", keys)
	}
	fails(t, dir, []string{"read keys"}, "keys", "list")
}

func TestLoopback(t *testing.T) {
	for listen, want := range map[string]bool{"127.0.0.1:8080": true, "localhost:1": true, "[::1]:80": true, ":8080": false, "0.0.0.0:8080": false, "192.0.2.1:80": false} {
		if got := isLoopback(listen); got != want {
			t.Errorf("%s: %v", listen, got)
		}
	}
}
