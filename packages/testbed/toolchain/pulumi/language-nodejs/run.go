package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// alreadyReported is the exit code by which the SDK's launcher says that it has
// shown the error to the user.
const alreadyReported = 32

// Run runs a program to its end.
func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	// Ends with the call or with Cancel, whichever comes first.
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(h.running, stop)()

	if err := h.runProgram(ctx, req); err != nil {
		if code, ok := exitCode(err); ok && code == alreadyReported {
			return &pulumirpc.RunResponse{Bail: true}, nil
		} else if ok && code >= 0 {
			err = fmt.Errorf("Program exited with non-zero exit code: %d", code)
		}
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	return &pulumirpc.RunResponse{}, nil
}

func (h *host) runProgram(ctx context.Context, req *pulumirpc.RunRequest) error {
	opts, err := parseOptions(req.GetInfo())
	if err != nil {
		return err
	}
	configuration, err := configEnvironment(req)
	if err != nil {
		return err
	}
	script, err := launcher(ctx, "run", req.GetInfo().GetProgramDirectory())
	if err != nil {
		return err
	}
	cmd, err := nodeCommand(ctx, append(append(opts.nodeArgs, script), h.runArguments(req)...)...)
	if err != nil {
		return err
	}
	cmd.Dir = req.GetInfo().GetProgramDirectory()
	cmd.Env = append(append(os.Environ(), configuration...), opts.environment()...)
	cmd.Stdout, cmd.Stderr = pipe{os.Stdout}, pipe{os.Stderr}
	return cmd.Run()
}

func (h *host) runArguments(req *pulumirpc.RunRequest) []string {
	var args []string
	add := func(name, value string) {
		if value != "" {
			args = append(args, "--"+name, value)
		}
	}
	add("monitor", req.GetMonitorAddress())
	add("engine", h.engine())
	add("organization", req.GetOrganization())
	add("project", req.GetProject())
	add("root-directory", req.GetInfo().GetRootDirectory())
	add("stack", req.GetStack())
	add("pwd", req.GetInfo().GetProgramDirectory())
	add("parallel", strconv.Itoa(int(req.GetParallel())))
	if req.GetDryRun() {
		args = append(args, "--dry-run")
	}
	args = append(args, req.GetInfo().GetEntryPoint())
	return append(args, req.GetArgs()...)
}

// configEnvironment hands the stack's configuration to the SDK, with keys in the
// `namespace:config:name` form, which every version of it understands.
func configEnvironment(req *pulumirpc.RunRequest) ([]string, error) {
	values := make(map[string]string, len(req.GetConfig()))
	for name, value := range req.GetConfig() {
		key, err := longKey(name)
		if err != nil {
			return nil, err
		}
		values[key] = value
	}
	secrets := make([]string, 0, len(req.GetConfigSecretKeys()))
	for _, name := range req.GetConfigSecretKeys() {
		key, err := longKey(name)
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, key)
	}
	valuesJSON, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	secretsJSON, err := json.Marshal(secrets)
	if err != nil {
		return nil, err
	}
	return []string{
		"PULUMI_CONFIG=" + string(valuesJSON),
		"PULUMI_CONFIG_SECRET_KEYS=" + string(secretsJSON),
	}, nil
}

func longKey(name string) (string, error) {
	key, err := config.ParseKey(name)
	if err != nil {
		return "", err
	}
	return key.Namespace() + ":config:" + key.Name(), nil
}
