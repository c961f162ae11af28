package main

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// RunPlugin serves a component package: a folder with a PulumiPlugin.yaml. It
// runs until the engine has no more use for it and ends the call.
func (h *host) RunPlugin(req *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer) error {
	if req.GetKind() == "analyzer" {
		return fmt.Errorf("policy packs are not supported by this language host")
	}
	ctx, stop := context.WithCancel(server.Context())
	defer stop()
	defer context.AfterFunc(h.running, stop)()

	opts, err := parseOptions(req.GetInfo())
	if err != nil {
		return err
	}
	directory := req.GetInfo().GetProgramDirectory()
	script, err := launcher(ctx, "run-plugin", directory)
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return err
	}
	defer closer.Close() //nolint:errcheck // closed and checked below unless there is a worse error

	cmd, err := nodeCommand(ctx, append(append(opts.nodeArgs, script, directory), req.GetArgs()...)...)
	if err != nil {
		return err
	}
	cmd.Dir = req.GetPwd()
	cmd.Env = append(req.GetEnv(), opts.environment()...)
	cmd.Stdout, cmd.Stderr = pipe{stdout}, pipe{stderr}
	if err := cmd.Run(); err != nil {
		if code, ok := exitCode(err); ok && code >= 0 {
			return fmt.Errorf("Program exited with non-zero exit code: %d", code)
		}
		return err
	}
	return closer.Close()
}
