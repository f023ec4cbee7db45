package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet.example/news"
)

// TestWaitsForItsServers starts a process before its database and its search
// engine: it says so, on its own address too, and works as soon as both are there.
func TestWaitsForItsServers(t *testing.T) {
	data, search := doored(t), sharedIndex(t)
	data.lock()
	search.lock()
	t.Setenv("BROADSHEET_FEEDS_FILE", "none")
	address := freeAddress(t)
	ctx, cancel := context.WithCancel(t.Context())
	var out, errs buffer
	ended := make(chan int, 1)
	line := []string{"serve", "--listen", address, "--data-dir", t.TempDir()}
	go func() { ended <- Run(ctx, Parts{}, line, strings.NewReader(""), &out, &errs) }()
	t.Cleanup(func() {
		cancel()
		if status := <-ended; status != exitOK {
			t.Errorf("the process ended with status %d: %s", status, errs.String())
		}
	})
	for _, server := range []struct {
		name string
		door *door
	}{{"the database", data}, {"the search engine", search}} {
		comesTo(t, address, "/v1/search?q=x", http.StatusServiceUnavailable)
		comesTo(t, address, "/healthz", http.StatusOK)
		for deadline := time.Now().Add(time.Minute); !strings.Contains(errs.String(), "waiting for "+server.name); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("nothing is said of waiting for %s:\n%s", server.name, errs.String())
			}
		}
		server.door.unlock()
	}
	comesTo(t, address, "/readyz", http.StatusOK)
	comesTo(t, address, "/v1/status", http.StatusOK)
	if strings.Contains(errs.String(), password(t)) {
		t.Error("the log shows the password of the database")
	}
}

// freeAddress is one on loopback that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// comesTo waits until the process at the address answers with the status.
func comesTo(t *testing.T, address, path string, status int) {
	t.Helper()
	var said string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		r, err := http.Get("http://" + address + path)
		if err != nil {
			said = err.Error()
			continue
		}
		text, err := io.ReadAll(r.Body)
		_ = r.Body.Close() // it was read
		if r.StatusCode == status && (status != http.StatusServiceUnavailable || r.Header.Get("Retry-After") != "") {
			return
		}
		said = fmt.Sprint(r.Status, " ", string(text), " ", err)
	}
	t.Fatalf("%s does not come to %d: %s", path, status, said)
}

func password(t *testing.T) string {
	t.Helper()
	address, err := url.Parse(os.Getenv("BROADSHEET_STORE"))
	if err != nil {
		t.Fatal(err)
	}
	word, _ := address.User.Password()
	return word
}

// TestRefusedAtOnce starts processes that their database refuses: waiting would
// not help.
func TestRefusedAtOnce(t *testing.T) {
	right, err := url.Parse(database(t))
	if err != nil {
		t.Fatal(err)
	}
	wrong := func(change func(*url.URL)) string {
		u := *right
		change(&u)
		return u.String()
	}
	for name, c := range map[string]struct{ store, want string }{
		"password": {wrong(func(u *url.URL) { u.User = url.UserPassword(u.User.Username(), "hidden") }), "refuses the login"},
		"database": {wrong(func(u *url.URL) { u.Path = "/nowhere" }), "there is no such database"},
		"sslmode":  {wrong(func(u *url.URL) { u.RawQuery = "sslmode=require" }), "check sslmode"},
	} {
		t.Run("wrong "+name, func(t *testing.T) {
			t.Setenv("BROADSHEET_STORE", c.store)
			status, _, errs := command(t, t.TempDir(), "serve", "--listen", "127.0.0.1:0")
			if status != exitFailed || !strings.Contains(errs, c.want) || strings.Contains(errs, "waiting") || strings.Contains(errs, "hidden") {
				t.Errorf("status %d: %s, want an error of %q at once", status, errs, c.want)
			}
		})
	}
}

// TestPatienceEnds waits for a server that never answers, and for one that does
// in the end.
func TestPatienceEnds(t *testing.T) {
	for name, c := range map[string]struct {
		answers time.Duration // after the start
		wait    time.Duration
		fails   bool
	}{
		"never":      {time.Hour, startPatience, true},
		"late":       {startPatience - time.Second, startPatience - time.Second, false},
		"at its due": {0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				l := &lobby{log: slog.New(slog.DiscardHandler)}
				err := l.wait(t.Context(), "it", func() error {
					if time.Since(start) < c.answers {
						return fmt.Errorf("check that it runs: %w", news.ErrUnavailable)
					}
					return nil
				})
				took := time.Since(start)
				if took < c.wait || took > c.wait+lastWait || (err != nil) != c.fails {
					t.Errorf("error %v after %v, want one: %v, after %v", err, took, c.fails, c.wait)
				}
				if c.fails && !strings.Contains(err.Error(), "check that it runs") {
					t.Errorf("%v lacks the remedy", err)
				}
			})
		})
	}
	l := &lobby{log: slog.New(slog.DiscardHandler)}
	refused, tries := errors.New("a wrong password"), 0
	if err := l.wait(t.Context(), "it", func() error { tries++; return refused }); !errors.Is(err, refused) || tries != 1 {
		t.Errorf("what is refused was tried %d times: %v", tries, err)
	}
}
