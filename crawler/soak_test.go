package crawler_test

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// A quarter of a year of a paper that prints an article a day, with feeds that
// fail, move and wall us off beside it: nothing piles up.
func TestNinetyDays(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("fails.example/feed", status(500))
		w.on("wall.example/feed", status(429))
		w.on("moved.example/feed", status(301, "Location", "http://a.example/feed"))
		w.subscribe("a.example/feed", "fails.example/feed", "wall.example/feed", "moved.example/feed")
		var goroutines, files, heap int
		var items []string
		for day := range 90 {
			path := fmt.Sprintf("p.example/%d", day)
			title := fmt.Sprintf("Day %d", day)
			w.on(path, validated(`"p"`, article(title, "")))
			items = append([]string{path + " " + title}, items[:min(len(items), 20)]...)
			w.on("a.example/feed", validated(fmt.Sprintf(`"%d"`, day), rss("", items...)))
			w.live(24 * time.Hour)
			if day == 10 {
				goroutines, files, heap = runtime.NumGoroutine(), openFiles(), heapInUse()
			}
		}
		w.live(48 * time.Hour)
		if got := len(w.articles()); got != 90 {
			t.Errorf("%d articles after 90 days, want 90", got)
		}
		for day := range 90 {
			if n := len(w.got(fmt.Sprintf("p.example/%d", day))); n != 1 {
				t.Errorf("the page of day %d was fetched %d times", day, n)
			}
		}
		if n := len(w.feeds()); n != 3 {
			t.Errorf("%d feeds, want the moved one merged", n)
		}
		g, f, h := runtime.NumGoroutine(), openFiles(), heapInUse()
		t.Logf("after 10 days: %d goroutines, %d files, %d kB in use; after 92: %d, %d, %d kB", goroutines, files, heap>>10, g, f, h>>10)
		if g > goroutines+5 || f > files+5 || h > heap+maxSoakGrowth {
			t.Errorf("%d goroutines, %d files and %d bytes, after ten days %d, %d and %d", g, f, h, goroutines, files, heap)
		}
	})
}

// maxSoakGrowth is by how much memory in use may differ between two moments, in
// bytes: caches of the database fill up to their bounds.
const maxSoakGrowth = 8 << 20

// heapInUse is the memory in use, in bytes, garbage aside.
func heapInUse() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// openFiles counts this process's descriptors, 0 where that is not to be seen.
func openFiles() int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(list)
}
