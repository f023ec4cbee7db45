package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestAlone has two processes want the same job, lets it fail, and cuts its
// connection.
func TestAlone(t *testing.T) {
	now := epoch
	cfg := schema(t, func() time.Time { return now })
	named := cfg
	named.DSN = withName(t, cfg.DSN, cfg.Schema)
	one, two := open(t, named), open(t, cfg)
	none := func(context.Context) error { return nil }
	refused := func(what string) {
		t.Helper()
		if done, err := two.Alone(t.Context(), "sweep", time.Hour, none); done || err != nil {
			t.Errorf("%s: done %v, %v", what, done, err)
		}
	}
	boom := errors.New("boom")
	if done, err := one.Alone(t.Context(), "sweep", time.Hour, func(context.Context) error { return boom }); done || !errors.Is(err, boom) {
		t.Errorf("a job that fails: done %v, %v", done, err)
	}
	done, err := one.Alone(t.Context(), "sweep", time.Hour, func(context.Context) error {
		refused("while the other is at it")
		if done, err := two.Alone(t.Context(), "count", time.Hour, none); !done || err != nil {
			t.Errorf("another job meanwhile: done %v, %v", done, err)
		}
		return nil
	})
	if !done || err != nil {
		t.Errorf("after it failed: done %v, %v", done, err)
	}
	refused("when the other has done it")
	if done, err := two.Alone(t.Context(), "sweep", 0, none); !done || err != nil {
		t.Errorf("whenever it is asked for: done %v, %v", done, err)
	}
	now = now.Add(time.Hour)
	done, err = one.Alone(t.Context(), "sweep", time.Hour, func(context.Context) error {
		execute(t, cfg, `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '`+cfg.Schema+`'`)
		if done, err := two.Alone(t.Context(), "sweep", time.Hour, none); !done || err != nil {
			t.Errorf("when the connection of the other is lost: done %v, %v", done, err)
		}
		return boom
	})
	if done || !errors.Is(err, boom) {
		t.Errorf("a job without its connection: done %v, %v", done, err)
	}
}
