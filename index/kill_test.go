package index_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"broadsheet.example/index"
	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// killDir names the directory in which the child process of TestKill writes.
const killDir = "BROADSHEET_TEST_KILL_DIR"

// killArticle is the article of a step, its version rising each time round.
func killArticle(step int) news.Article {
	return article(fmt.Sprintf("k%03d", step%50), int64(1+step/50), fmt.Sprintf("step%d budget", step))
}

// TestKillChild is the child process of TestKill: it applies one article after
// the other and says which are durable.
func TestKillChild(t *testing.T) {
	dir := os.Getenv(killDir)
	if dir == "" {
		t.Skip("runs as the child of TestKill only")
	}
	first, err := strconv.Atoi(os.Getenv("BROADSHEET_TEST_KILL_STEP"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := index.Open(context.Background(), index.Config{Dir: dir}, indextest.NewLibrary(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for step := first; ; step++ {
		a := killArticle(step)
		if _, err := e.Apply(context.Background(), []news.Change{{ID: a.ID, Version: a.Version, Article: &a}}); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("durable %d\n", step)
	}
}

// TestKill kills a process that writes, several times over, and finds whatever
// it had said to be durable, and nothing twice.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	dir := t.TempDir()
	next := 0
	for range 4 {
		next = runAndKill(t, dir, next)
		checkSteps(t, dir, next)
	}
	if next < 10 {
		t.Errorf("only %d steps were made", next)
	}
}

// runAndKill runs the child from a step on and returns the one after the last
// that it has said to be durable.
func runAndKill(t *testing.T, dir string, next int) int {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKillChild$")
	child.Env = append(os.Environ(), killDir+"="+dir, "BROADSHEET_TEST_KILL_STEP="+strconv.Itoa(next))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Second+rand.N(500*time.Millisecond), func() { _ = child.Process.Kill() })
	defer timer.Stop()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var step int
		if _, err := fmt.Sscanf(lines.Text(), "durable %d", &step); err == nil {
			next = step + 1
		} else {
			t.Log(lines.Text())
		}
	}
	_ = child.Wait() // it was killed
	return next
}

// checkSteps finds the newest durable version of every article, or the one that
// was being written, exactly once.
func checkSteps(t *testing.T, dir string, next int) {
	t.Helper()
	lib := indextest.NewLibrary()
	want := map[string]news.Article{}
	for step := range next {
		a := killArticle(step)
		want[a.ID] = a
	}
	inFlight := killArticle(next)
	for _, a := range want {
		lib.Put(a)
	}
	lib.Put(inFlight)
	e, err := index.Open(t.Context(), index.Config{Dir: dir}, lib, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	found := func(a news.Article) int {
		n, err := query.Parse(fmt.Sprintf("title:step%d", a.Version*50-50+int64(mustAtoi(t, a.ID[1:]))))
		if err != nil {
			t.Fatal(err)
		}
		r, err := e.Search(t.Context(), news.Query{Expr: n, Size: 1})
		if err != nil {
			t.Fatal(err)
		}
		return r.Total
	}
	flying := found(inFlight)
	for id, a := range want {
		if n := found(a); n != 1 && (id != inFlight.ID || flying != 1) {
			t.Errorf("after %d steps: %d of %s version %d, want 1", next, n, id, a.Version)
		}
	}
	if r, err := e.Search(t.Context(), news.Query{Expr: query.Word{Text: "budget"}, Size: 0, Sort: news.SortNewest}); err != nil || r.Total > 50 || r.Total < len(want) {
		t.Errorf("after %d steps: total %+v, %v, want %d", next, r, err, len(want))
	}
}

func mustAtoi(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
