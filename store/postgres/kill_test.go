package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet.example/store/postgres"
	"broadsheet.example/store/storetest"
)

const (
	killers = 3 // processes at a time
	kills   = 8 // of each
	// victimSchema tells this test binary to be a process that is killed.
	victimSchema = "BROADSHEET_TEST_VICTIM"
)

func TestMain(m *testing.M) {
	if name := os.Getenv(victimSchema); name != "" {
		if err := victim(context.Background(), name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func victim(ctx context.Context, schema string) error {
	s, err := postgres.Open(ctx, postgres.Config{DSN: os.Getenv(urlVariable), Schema: schema, MaxConns: 5}, nil)
	if err != nil {
		return err
	}
	return storetest.Victim(ctx, s, os.Stdout)
}

// TestKill kills processes that share a store.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills dozens of processes")
	}
	cfg := schema(t, nil)
	storetest.PrepareKill(t, open(t, cfg))
	l := storetest.NewLedger()
	var g errgroup.Group
	for range killers {
		g.Go(func() error {
			for range kills {
				cmd := exec.Command(os.Args[0])
				cmd.Env = append(os.Environ(), victimSchema+"="+cfg.Schema, "PGAPPNAME="+cfg.Schema)
				if err := l.Kill(cmd, rand.N(time.Second)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	awaitEnd(t, cfg)
	later := cfg
	later.Now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	l.Verify(t, open(t, later))
}

// awaitEnd waits for the server to notice that its clients are dead.
func awaitEnd(t *testing.T, cfg postgres.Config) {
	t.Helper()
	execute(t, cfg, fmt.Sprintf(`DO $$ BEGIN
  FOR i IN 1..3000 LOOP
    PERFORM pg_stat_clear_snapshot();
    EXIT WHEN NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = '%s');
    PERFORM pg_sleep(0.01);
  END LOOP;
END $$`, cfg.Schema))
}
