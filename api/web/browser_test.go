package web_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/log"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a browser may take for one thing.
const patience = time.Minute

// tab is a page in a real browser. What it does to the page is done with real keys
// and a real pointer. Whatever loads another page goes by [tab.leave], so that
// nothing is ever asked of a page that is about to go.
type tab struct {
	t       testing.TB
	ctx     context.Context
	base    string
	pressed int // keys
}

// open shows the pages of w in a browser, or skips the test where there is none.
// Flags are those of Chromium.
func open(t testing.TB, w *world, flags ...chromedp.ExecAllocatorOption) *tab {
	t.Helper()
	if testing.Short() {
		t.Skip("browser tests take seconds: left out in short mode")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here: install Debian's package of that name to run browser tests")
	}
	base := serve(t, w.app) // before the browser, which must be gone when the server stops
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1280, 900))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), append(opts, flags...)...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {})) // it reports events that it does not know
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(stop)
	watch(t, ctx)
	if err := chromedp.Run(ctx); err != nil { // with the context that the browser is to live by
		t.Fatal(err)
	}
	return &tab{t: t, ctx: ctx, base: base}
}

// watch fails the test when a page opens a dialog, breaks the policy that it was
// sent with, or when its script fails.
func watch(t testing.TB, ctx context.Context) {
	var mu sync.Mutex
	var troubles []string
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range troubles {
			t.Error(s)
		}
	})
	chromedp.ListenTarget(ctx, func(event any) {
		trouble := ""
		switch e := event.(type) {
		case *cdpage.EventJavascriptDialogOpening:
			trouble = "dialog: " + e.Message
		case *runtime.EventExceptionThrown:
			trouble = "script failed: " + e.ExceptionDetails.Error()
		case *log.EventEntryAdded:
			if e.Entry.Source == log.SourceSecurity {
				trouble = "policy: " + e.Entry.Text
			}
		}
		if trouble != "" {
			mu.Lock()
			troubles = append(troubles, trouble)
			mu.Unlock()
		}
	})
}

func (b *tab) run(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// visit opens a path of ours.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.base+path), chromedp.WaitReady("main"))
}

// leave does what loads another page, and returns when that one has loaded.
func (b *tab) leave(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if _, err := chromedp.RunResponse(ctx, swallowed(actions)); err != nil {
		b.t.Fatalf("no page has come: %v", err)
	}
}

// swallowed does the actions of which the last makes the page go. An input that
// does so may never be acknowledged by the page that took it: then the browser
// answers in its place that the page is gone.
func swallowed(actions chromedp.Tasks) chromedp.ActionFunc {
	return func(ctx context.Context) error {
		if err := actions.Do(ctx); !isGone(err) {
			return err
		}
		return nil
	}
}

// isGone reports whether a command failed because its page was left meanwhile.
func isGone(err error) bool {
	const code = -32000
	failed, ok := errors.AsType[*cdproto.Error](err)
	return ok && failed.Code == code && (failed.Message == "Inspected target navigated or closed" ||
		failed.Message == "Cannot find context with specified id" || failed.Message == "Execution context was destroyed.")
}

// keys presses keys one after another, as a hand does. None may load a page; see
// [tab.leave].
func (b *tab) keys(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.pressed++
		b.run(tap(k))
		b.settled()
	}
}

// tap presses one key.
func tap(k string) chromedp.Action {
	if len(k) == 1 && k >= " " {
		return chromedp.ActionFunc(func(ctx context.Context) error { return strike(ctx, k) })
	}
	return chromedp.KeyEvent(k)
}

// strike presses the key of a character. Unlike chromedp's own way, the character
// comes with the key, and not if a script has prevented it, as with a real one.
func strike(ctx context.Context, char string) error {
	target := chromedp.FromContext(ctx).Target
	for _, event := range []map[string]any{{"type": "keyDown", "key": char, "text": char}, {"type": "keyUp", "key": char}} {
		if err := target.Execute(ctx, "Input.dispatchKeyEvent", event, nil); err != nil {
			return err
		}
	}
	return nil
}

// click points at the first visible element that matches and presses.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.run(chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
	b.settled()
}

// follow clicks what loads another page. It clicks again if none comes: a page
// that scrolls to its fragment may move what is clicked from under the pointer.
func (b *tab) follow(selector string) {
	b.t.Helper()
	const tries = 3
	var err error
	for range tries {
		ctx, stop := context.WithTimeout(b.ctx, patience/tries)
		_, err = chromedp.RunResponse(ctx, swallowed(chromedp.Tasks{chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible)}))
		stop()
		if !errors.Is(err, context.DeadlineExceeded) {
			break
		}
	}
	if err != nil {
		b.t.Fatalf("no page has come after a click on %s: %v", selector, err)
	}
}

// settled waits until what was asked for is shown.
func (b *tab) settled() {
	b.t.Helper()
	b.until(`document.readyState === "complete" && !document.querySelector("main")?.hasAttribute("aria-busy")`)
}

// until waits for a condition in JavaScript, across the loading of a page too.
func (b *tab) until(condition string) {
	b.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		ok := false
		switch err := chromedp.Run(b.ctx, chromedp.Evaluate(condition, &ok)); {
		case err != nil && !isGone(err):
			b.t.Fatalf("waiting for %s: %v", condition, err)
		case ok:
			return
		}
	}
	b.t.Fatalf("waited in vain at %s for %s", b.eval(`location.href`), condition)
}

// at returns the path and query of the page, by the browser's own account, which
// needs nothing of the page.
func (b *tab) at() string {
	b.t.Helper()
	var current int64
	var entries []*cdpage.NavigationEntry
	b.run(chromedp.NavigationEntries(&current, &entries))
	return strings.TrimPrefix(entries[current].URL, b.base)
}

func (b *tab) eval(script string) string {
	b.t.Helper()
	var out any
	b.run(chromedp.Evaluate(script, &out))
	return fmt.Sprint(out)
}

func (b *tab) want(script, want string) {
	b.t.Helper()
	if got := b.eval(script); got != want {
		b.t.Errorf("%s: got %q, want %q", script, got, want)
	}
}
