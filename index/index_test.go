package index_test

import (
	"log/slog"
	"testing"

	"broadsheet.example/index"
	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
)

// open returns an engine that is closed at the end of the test.
func open(t *testing.T, cfg index.Config, lib *indextest.Library) *index.Engine {
	t.Helper()
	if cfg.Dir == "" {
		cfg.Dir = t.TempDir()
	}
	e, err := index.Open(t.Context(), cfg, lib, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func TestConformance(t *testing.T) {
	indextest.Run(t, func(t *testing.T, lib *indextest.Library) news.Index {
		return open(t, index.Config{}, lib)
	})
}
