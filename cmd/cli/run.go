// Package cli is Broadsheet as a command line: what the program broadsheet and
// its variants run.
//
// This package only wires the others together, one file a subcommand. Start
// reading at [Run], then at node.go, which opens and runs the parts.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Main is the main function of a program with the parts p: it runs the command
// line of the process and exits. The first interrupt stops the command in order,
// a second one at once.
func Main(p Parts) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop()
	}()
	os.Exit(Run(ctx, p, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Exit statuses.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// Run executes one command line and returns its exit status. Errors are printed
// to errs and nowhere else.
func Run(ctx context.Context, p Parts, args []string, in io.Reader, out, errs io.Writer) int {
	a := &app{parts: p, in: in, out: out, errs: errs}
	root := newRoot(a)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	switch usage := (*usageError)(nil); {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		fmt.Fprintf(errs, "broadsheet: %v\nRun `%s --help` for its use.\n", err, usage.command)
		return exitUsage
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintf(errs, "broadsheet: interrupted: %v\n", err)
		return exitFailed
	default:
		fmt.Fprintf(errs, "broadsheet: %v\n", err)
		return exitFailed
	}
}

// usageError is a command line that cannot be understood.
type usageError struct {
	command string
	err     error
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }
