package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// usage is what a process takes at a moment.
type usage struct {
	resident, own           int // bytes; own is without mapped files
	goroutines, descriptors int
}

func use(pid int) (usage, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return usage{}, err
	}
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return usage{}, err
	}
	u := usage{resident: kilobytes(string(status), "VmRSS:"), own: kilobytes(string(status), "RssAnon:"), descriptors: len(open)}
	// "goroutine profile: total N" is the first line; a server not yet up has none.
	if text, err := get("http://" + profiles + "/debug/pprof/goroutine?debug=1"); err == nil {
		line, _, _ := strings.Cut(string(text), "\n")
		u.goroutines, _ = strconv.Atoi(line[strings.LastIndexByte(line, ' ')+1:])
	}
	return u, nil
}

// kilobytes finds a size in a status of /proc and returns bytes.
func kilobytes(status, field string) int {
	_, rest, _ := strings.Cut(status, field)
	words := strings.Fields(rest)
	if len(words) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(words[0])
	return n << 10
}

func get(url string) ([]byte, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}
