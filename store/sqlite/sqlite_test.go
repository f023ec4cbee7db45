package sqlite_test

import (
	"testing"
	"time"

	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
	"broadsheet.example/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
		return open(t, sqlite.Config{Dir: t.TempDir(), Now: now})
	})
}

// open opens a store; the caller closes it.
func open(t testing.TB, cfg sqlite.Config) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
