package sqlite_test

import (
	"testing"
	"time"

	"broadsheet.example/store/sqlite"
	"broadsheet.example/store/storetest"
)

func TestFullStore(t *testing.T) {
	storetest.RunFull(t, func(t *testing.T, now func() time.Time) storetest.Full {
		return open(t, sqlite.Config{Dir: t.TempDir(), Now: now})
	})
}
