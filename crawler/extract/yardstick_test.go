package extract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	readability "codeberg.org/readeck/go-readability/v2"
	trafilatura "github.com/markusmobius/go-trafilatura"

	"broadsheet.example/crawler/extract"
)

// What these tests print is in docs/extraction.md. They need a quiet machine, so
// they run only when benchVariable is set.
const (
	benchVariable = "BROADSHEET_BENCH"
	// inputVariable tells a child process which of the hostile pages to read.
	inputVariable = "BROADSHEET_BENCH_INPUT"

	maxPageCPU    = 2 * time.Second
	maxPageMemory = 300 << 20
)

// TestResources reads each hostile page in a process of its own and prints what
// that took: processor time and the most memory, start of the process included.
func TestResources(t *testing.T) {
	if n, err := strconv.Atoi(os.Getenv(inputVariable)); err == nil {
		readHostile(n)
		return
	}
	if os.Getenv(benchVariable) == "" {
		t.Skipf("set %s to 1 to measure processor time and memory", benchVariable)
	}
	t.Log("| input | size | CPU | memory | outcome |")
	for i, tt := range hostile {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestResources$")
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", inputVariable, i))
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		lines := strings.Split(string(out), "\n")
		kB, err := strconv.Atoi(lines[0])
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		cpu, memory, outcome := cpuOf(usage), kB<<10, lines[1]
		t.Logf("| %s | %d kB | %d ms | %d MB | %s |", tt.name, len(tt.page())>>10, cpu.Milliseconds(), memory>>20, outcome)
		if cpu > maxPageCPU || memory > maxPageMemory {
			t.Errorf("%s: %v and %d MB, want at most %v and %d MB", tt.name, cpu, memory>>20, maxPageCPU, maxPageMemory>>20)
		}
	}
}

// readHostile reads one page and says how much memory the process had at most, in
// kB, and in a second line what came of the page.
func readHostile(n int) {
	c, err := extract.Page(hostile[n].page(), "text/html", "https://example.test/story")
	fmt.Println(peakMemory())
	switch {
	case err != nil:
		fmt.Println("refused:", err)
	case strings.Contains(c.Text, "brought ashore by noon"):
		fmt.Printf("article found, %d blocks\n", len(c.Blocks))
	default:
		fmt.Printf("no article, %d blocks\n", len(c.Blocks))
	}
}

// peakMemory reads VmHWM of Linux. Rusage has the peak of the parent as well, from
// before the exec.
func peakMemory() string {
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	peak, _, _ = strings.Cut(peak, " kB")
	return strings.TrimSpace(peak)
}

// cpuOf is the processor time of a process, garbage collection included.
func cpuOf(u *syscall.Rusage) time.Duration {
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func cpuSoFar(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return cpuOf(&u)
}

// TestYardsticks reads the same pages with Broadsheet and with two libraries, in
// one run on one processor, and prints the processor time that each took.
func TestYardsticks(t *testing.T) {
	dir := os.Getenv("BROADSHEET_CORPORA")
	if dir == "" || os.Getenv(benchVariable) == "" {
		t.Skipf("BROADSHEET_CORPORA (pages) and %s (1) are not both set", benchVariable)
	}
	data, err := os.ReadFile(filepath.Join(dir, "pages", "text.json"))
	if err != nil {
		t.Fatal(err)
	}
	var pages []annotated
	if err := json.Unmarshal(data, &pages); err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	readers := []struct {
		name string
		read func(body []byte, address string)
	}{
		{"Broadsheet, text and all metadata", func(body []byte, address string) { _, _ = extract.Page(body, "", address) }},
		{"go-trafilatura with fallback", readTrafilatura},
		{"go-readability", readReadability},
	}
	took := make([][]time.Duration, len(readers))
	for _, p := range pages {
		body := unpack(t, filepath.Join(dir, "pages", "html", p.File))
		for i, r := range readers {
			start := cpuSoFar(t)
			r.read(body, p.URL)
			took[i] = append(took[i], cpuSoFar(t)-start)
		}
	}
	t.Log("| | pages a second and core | median | p99 | slowest |")
	for i, r := range readers {
		var sum time.Duration
		for _, d := range took[i] {
			sum += d
		}
		slices.Sort(took[i])
		n := len(took[i])
		t.Logf("| %s | %.0f | %.1f ms | %.0f ms | %.0f ms |", r.name, float64(n)/sum.Seconds(), ms(took[i][n/2]), ms(took[i][n*99/100]), ms(took[i][n-1]))
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// What others fail with is not what is measured: a page they refuse counts too.

func readTrafilatura(body []byte, address string) {
	u, _ := url.Parse(address)
	_, _ = trafilatura.Extract(bytes.NewReader(body), trafilatura.Options{OriginalURL: u, EnableFallback: true, ExcludeComments: true})
}

func readReadability(body []byte, address string) {
	u, _ := url.Parse(address)
	_, _ = readability.FromReader(bytes.NewReader(body), u)
}
