package main

import (
	"context"
	"fmt"
	"os/exec"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// InstallDependencies runs `npm install` in the program's folder, or wherever npm
// finds the workspace that the folder belongs to.
func (h *host) InstallDependencies(
	req *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	ctx, stop := context.WithCancel(server.Context())
	defer stop()
	defer context.AfterFunc(h.running, stop)()

	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(server, req.GetIsTerminal())
	if err != nil {
		return err
	}
	defer closer.Close() //nolint:errcheck // closed and checked below unless there is a worse error

	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("npm is not on the PATH: %w", err)
	}
	args := []string{"install", "--loglevel=error"}
	if req.GetIsPlugin() {
		// A component package serves; its development tools are not needed for that.
		args = append(args, "--omit=dev")
	}
	cmd := exec.CommandContext(ctx, npm, args...)
	cmd.Dir = req.GetInfo().GetProgramDirectory()
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm install in %s: %w", cmd.Dir, err)
	}
	return closer.Close()
}
