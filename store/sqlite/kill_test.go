package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"broadsheet.example/store/sqlite"
	"broadsheet.example/store/storetest"
)

const (
	kills  = 20
	reader = storetest.Reader
	// victimDir tells this test binary to be the process that is killed.
	victimDir = "BROADSHEET_TEST_VICTIM"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		if err := victim(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func victim(ctx context.Context, dir string) error {
	s, err := sqlite.Open(ctx, sqlite.Config{Dir: dir, Gap: time.Millisecond}, nil)
	if err != nil {
		return err
	}
	return storetest.Victim(ctx, s, os.Stdout)
}

func TestKill(t *testing.T) {
	dir := t.TempDir()
	s := open(t, sqlite.Config{Dir: dir})
	storetest.PrepareKill(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	l := storetest.NewLedger()
	for range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victimDir+"="+dir)
		if err := l.Kill(cmd, rand.N(150*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
	s = open(t, sqlite.Config{Dir: dir})
	defer s.Close()
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	l.Verify(t, s)
}
