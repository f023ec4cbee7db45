package feed_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet.example/crawler/feed"
	"broadsheet.example/crawler/internal/cost"
)

const (
	// benchVariable makes TestResources measure. It needs a quiet machine.
	benchVariable = "BROADSHEET_BENCH"
	// inputVariable tells a child process which of the inputs to read.
	inputVariable = "BROADSHEET_BENCH_INPUT"

	maxFeedCPU    = 2 * time.Second
	maxFeedMemory = 256 << 20
)

// TestResources reads each hostile input at its full size in a process of its
// own and prints the processor time it took and the most memory the process had.
// What it prints is in docs/crawling.md.
func TestResources(t *testing.T) {
	if n, err := strconv.Atoi(os.Getenv(inputVariable)); err == nil {
		readHostile(t, []byte(hostileInputs(full)[n].body()))
		return
	}
	if os.Getenv(benchVariable) == "" {
		t.Skipf("set %s to 1 to measure processor time and memory", benchVariable)
	}
	t.Log("| input | size | CPU | memory | outcome |")
	for i, tc := range hostileInputs(full) {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestResources$")
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", inputVariable, i))
		out, err := cmd.Output()
		var nanoseconds, memory int
		line, _, _ := strings.Cut(string(out), "\n")
		figures, outcome, _ := strings.Cut(line, ": ")
		if _, scanErr := fmt.Sscan(figures, &nanoseconds, &memory); err != nil || scanErr != nil {
			t.Errorf("%s: %v, %v: %s", tc.name, err, scanErr, out)
			continue
		}
		cpu := time.Duration(nanoseconds)
		t.Logf("| %s | %d kB | %d ms | %d MB | %s |", tc.name, len(tc.body())>>10, cpu.Milliseconds(), memory>>20, outcome)
		if cpu > maxFeedCPU || memory > maxFeedMemory {
			t.Errorf("%s: %v and %d MB, want at most %v and %d MB", tc.name, cpu, memory>>20, maxFeedCPU, maxFeedMemory>>20)
		}
	}
}

// readHostile reads one input and prints the processor time, the most memory and
// what came of it.
func readHostile(t *testing.T, body []byte) {
	before, beforeErr := cost.Now()
	if err := errors.Join(beforeErr, cost.Forget()); err != nil {
		t.Fatal(err)
	}
	f, err := feed.Parse(body, "", feedURL)
	after, afterErr := cost.Now()
	if afterErr != nil {
		t.Fatal(afterErr)
	}
	outcome := "no feed"
	switch guard, refused := errors.AsType[*feed.GuardError](err); {
	case err == nil:
		outcome = fmt.Sprintf("%d items", len(f.Items))
	case refused:
		outcome = "refused: " + guard.Limit
	case !errors.Is(err, feed.ErrNotFeed):
		t.Fatal(err)
	}
	fmt.Printf("%d %d: %s\n", after.CPU-before.CPU, after.Peak, outcome)
}
