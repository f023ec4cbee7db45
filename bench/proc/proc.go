// Package proc tells what processes use, as Linux has it in /proc. What is not
// there counts as nothing: a process may end at any moment.
package proc

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit in which Linux tells processor times.
const tick = time.Second / 100

// Places of the fields of /proc/PID/stat behind the name.
const (
	userTime = 11 + iota
	systemTime
	childrenUser
	childrenSystem
	fields
)

// stat returns the fields of a process behind its name, nil if there is none.
func stat(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	list := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(list) < fields {
		return nil
	}
	return list
}

func ticks(list []string, places ...int) (total time.Duration) {
	for _, p := range places {
		n, _ := strconv.ParseInt(list[p], 10, 64)
		total += time.Duration(n) * tick
	}
	return total
}

// CPU is the time that processors have worked for a process.
func CPU(pid int) time.Duration {
	list := stat(pid)
	if list == nil {
		return 0
	}
	return ticks(list, userTime, systemTime)
}

// TreeCPU is the time that processors have worked for a process and its children,
// those that have ended among them. Children of children count when they and
// their parent have ended.
func TreeCPU(pid int) time.Duration {
	list := stat(pid)
	if list == nil {
		return 0
	}
	total := ticks(list, userTime, systemTime, childrenUser, childrenSystem)
	all, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is good
	for _, path := range all {
		child, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if of := stat(child); of != nil && of[1] == strconv.Itoa(pid) {
			total += ticks(of, userTime, systemTime, childrenUser, childrenSystem)
		}
	}
	return total
}

// Resident is how many bytes of memory a process has.
func Resident(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	number, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.ParseInt(number, 10, 64)
	return n << 10
}

// listening is the state of a socket in /proc/net/tcp that takes connections.
const listening = "0A"

// Listener finds the process of this machine that listens at a TCP port.
func Listener(port int) (int, error) {
	sockets := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(table)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			if len(f) > 9 && f[3] == listening && strings.HasSuffix(f[1], fmt.Sprintf(":%04X", port)) {
				sockets["socket:["+f[9]+"]"] = true
			}
		}
	}
	open, _ := filepath.Glob("/proc/[0-9]*/fd/*") // the pattern is good
	for _, path := range open {
		if target, err := os.Readlink(path); err == nil && sockets[target] {
			return strconv.Atoi(strings.Split(path, "/")[2])
		}
	}
	return 0, fmt.Errorf("nobody on this machine listens at port %d, as far as may be seen", port)
}
