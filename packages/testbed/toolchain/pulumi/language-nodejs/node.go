package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// nodeCommand is a node process that gets the chance to end by itself (five
// seconds after an interrupt) when ctx does.
func nodeCommand(ctx context.Context, args ...string) (*exec.Cmd, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("node is not on the PATH: %w", err)
	}
	cmd := exec.CommandContext(ctx, node, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	return cmd, nil
}

// pipe hides the file behind a writer, so that node gets a pipe and cannot
// switch our own stdout to non-blocking, which would lose output.
type pipe struct{ io.Writer }

// launcher finds a script of the SDK as node itself would from the program's
// folder, wherever a workspace has hoisted the package to.
func launcher(ctx context.Context, name, programDirectory string) (string, error) {
	cmd, err := nodeCommand(ctx, "-p", fmt.Sprintf(
		"require.resolve(%s, {paths: [%s]})",
		strconv.Quote("@pulumi/pulumi/cmd/"+name), strconv.Quote(programDirectory)))
	if err != nil {
		return "", err
	}
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("@pulumi/pulumi is not installed for the program in %s: run `npm install` there",
			programDirectory)
	}
	return strings.TrimSpace(string(out)), nil
}

// exitCode is the code that a process ended with, if that is why err came about.
func exitCode(err error) (int, bool) {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), true
	}
	return 0, false
}
