package cli

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// victimVariable makes the test's own program a broadsheet, to be killed.
const victimVariable = "BROADSHEET_TEST_VICTIM"

func TestMain(m *testing.M) {
	if os.Getenv(victimVariable) != "" {
		Main(Parts{})
	}
	os.Exit(m.Run())
}

// killed runs a command that is killed again and again, each time a little
// later, until it gets to its end, and returns what it says then: nothing if the
// last kill came when all was moved, before it could say so.
func killed(t *testing.T, line ...string) string {
	t.Helper()
	for runs := 1; runs < 200; runs++ {
		c := exec.CommandContext(t.Context(), os.Args[0], line...)
		c.Env = append(os.Environ(), victimVariable+"=1")
		var out, errs strings.Builder
		c.Stdout, c.Stderr = &out, &errs
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		late := time.AfterFunc(time.Duration(runs)*50*time.Millisecond+rand.N(50*time.Millisecond), func() { _ = c.Process.Kill() }) // which may have ended
		err := c.Wait()
		switch {
		case !late.Stop() && err != nil && c.ProcessState.ExitCode() == -1:
			continue
		case err != nil && runs > 1 && strings.Contains(errs.String(), "is there already"): // keys.json, the last to go
			t.Logf("killed %d times, at last after all was moved", runs-1)
			return ""
		case err != nil:
			t.Fatalf("%v after %d kills: %s", err, runs-1, errs.String())
		}
		t.Logf("killed %d times", runs-1)
		return out.String()
	}
	t.Fatal("it never ends")
	return ""
}

// isLater reports whether an article's state is another, but for a higher version.
// Processes that share an archive look for near-duplicates in what was moved there,
// and those they find get one.
func isLater(was, is string) bool {
	var before, after int
	var rest, restNow [2]string
	if n, _ := fmt.Sscan(was, &before, &rest[0], &rest[1]); n < 3 {
		return false
	}
	n, _ := fmt.Sscan(is, &after, &restNow[0], &restNow[1])
	return n == 3 && after > before && rest == restNow
}

// TestMigrate takes an archive from a directory to PostgreSQL and back, through
// a backup, with kills on the way.
func TestMigrate(t *testing.T) {
	server, another := database(t), database(t)
	dir := t.TempDir()
	t.Run("crawl", func(t *testing.T) { startDemo(t, dir) })
	must(t, dir, "keys", "add", "desk")
	want := states(t, must(t, dir, "export"))
	same := func(what, dir string) {
		t.Helper()
		got := states(t, must(t, dir, "export"))
		for id, is := range got {
			if isLater(want[id], is) {
				got[id] = want[id]
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: articles that were (-) and are (+):\n%s", what, diff)
		}
	}

	said := killed(t, "migrate", "--from", dir, "--to", server)
	if said != "" && (!strings.Contains(said, fmt.Sprintf("%d articles ", len(want))) || !strings.Contains(said, "all alike")) {
		t.Errorf("migrate says %q", said)
	}
	if again := must(t, dir, "migrate", "--from", dir, "--to", server); !strings.Contains(again, "an earlier move is complete") {
		t.Errorf("migrate says, when all is moved, %q", again)
	}
	fails(t, dir, []string{"holds an archive"}, "migrate", "--from", dir, "--to", server, "--restart")
	other := t.TempDir()
	must(t, other, "export")
	fails(t, other, []string{"holds an archive"}, "migrate", "--from", other, "--to", server)
	fails(t, dir, []string{"is there already"}, "migrate", "--from", server, "--to", dir, "--restart")
	fails(t, dir, []string{"holds no archive"}, "migrate", "--from", another, "--to", filepath.Join(t.TempDir(), "x"))
	fails(t, dir, []string{"holds no archive"}, "migrate", "--from", t.TempDir(), "--to", another)

	t.Setenv("BROADSHEET_STORE", server)
	same("in PostgreSQL", dir)
	copied := filepath.Join(t.TempDir(), "copy")
	must(t, dir, "backup", copied)
	fails(t, dir, []string{"is there already"}, "backup", copied)
	fails(t, t.TempDir(), []string{"holds an archive"}, "restore", copied)

	t.Setenv("BROADSHEET_STORE", another)
	restored := filepath.Join(t.TempDir(), "data")
	must(t, restored, "restore", copied)
	same("restored", restored)
	if out := must(t, restored, "keys", "list"); !strings.Contains(out, "desk") {
		t.Errorf("the keys are not restored:\n%s", out)
	}

	t.Setenv("BROADSHEET_STORE", "")
	back := filepath.Join(t.TempDir(), "data")
	killed(t, "migrate", "--from", another, "--to", back)
	same("back in a directory", back)
	if out := must(t, back, "doctor"); !strings.Contains(out, "agrees with the store") {
		t.Errorf("doctor says:\n%s", out)
	}
}
