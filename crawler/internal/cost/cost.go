// Package cost tells tests what their process has taken so far.
package cost

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Usage is what a process has taken since it began.
type Usage struct {
	CPU  time.Duration // garbage collection included
	Peak int           // the most memory it had resident, in bytes, since [Forget]
}

// Forget gives back the memory that is not in use, and begins the peak anew.
func Forget() error {
	debug.FreeOSMemory()
	return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // proc(5): resets the peak
}

// Now returns the usage of this process. It needs Linux: the peak that other
// systems tell (getrusage), and Linux to a parent, is that of the parent too
// when the process was forked from a larger one.
func Now() (Usage, error) {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return Usage{}, err
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return Usage{}, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	words := strings.Fields(rest)
	if len(words) == 0 {
		return Usage{}, fmt.Errorf("/proc/self/status has no VmHWM")
	}
	kilobytes, err := strconv.Atoi(words[0])
	if err != nil {
		return Usage{}, fmt.Errorf("VmHWM: %w", err)
	}
	return Usage{CPU: time.Duration(r.Utime.Nano() + r.Stime.Nano()), Peak: kilobytes << 10}, nil
}
