package proc_test

import (
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"broadsheet.example/bench/proc"
)

func TestListener(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	pid, err := proc.Listener(port)
	if err != nil || pid != os.Getpid() {
		t.Errorf("port %d: process %d, want %d; %v", port, pid, os.Getpid(), err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if pid, err := proc.Listener(port); err == nil {
		t.Errorf("a closed port: process %d", pid)
	}
}

// TestUse works a little, and has a child work and end.
func TestUse(t *testing.T) {
	alone, tree := proc.CPU(os.Getpid()), proc.TreeCPU(os.Getpid())
	for end := alone + 50*time.Millisecond; proc.CPU(os.Getpid()) < end; {
		continue
	}
	if err := exec.Command("sh", "-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done").Run(); err != nil {
		t.Fatal(err)
	}
	own, all := proc.CPU(os.Getpid())-alone, proc.TreeCPU(os.Getpid())-tree
	if own < 50*time.Millisecond || all <= own {
		t.Errorf("worked %v, with the child %v", own, all)
	}
	if proc.Resident(os.Getpid()) < 1<<20 || proc.Resident(0) != 0 || proc.CPU(0) != 0 || proc.TreeCPU(0) != 0 {
		t.Error("memory of this process, or of none, is wrong")
	}
}
