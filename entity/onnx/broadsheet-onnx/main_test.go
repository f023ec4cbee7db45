package main

import (
	"log/slog"
	"testing"
)

func TestLoadNothing(t *testing.T) {
	l, err := load(t.TempDir(), slog.New(slog.DiscardHandler))
	if err == nil || l != nil {
		t.Errorf("an empty directory is loaded as %v, %v", l, err)
	}
}
