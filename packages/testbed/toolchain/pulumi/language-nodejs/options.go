package main

import (
	"fmt"

	"github.com/google/shlex"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// options are what `runtime.options` of Pulumi.yaml or PulumiPlugin.yaml may say.
type options struct {
	// typescript compiles .ts files when they are loaded; true unless said otherwise.
	typescript bool
	// tsconfig is the path of a tsconfig.json other than the one beside the program.
	tsconfig string
	// nodeArgs are further arguments of node itself.
	nodeArgs []string
}

func parseOptions(info *pulumirpc.ProgramInfo) (options, error) {
	parsed := options{typescript: true}
	for name, value := range info.GetOptions().AsMap() {
		var ok bool
		switch name {
		case "typescript":
			parsed.typescript, ok = value.(bool)
		case "tsconfig":
			parsed.tsconfig, ok = value.(string)
		case "nodeargs":
			var text string
			if text, ok = value.(string); ok {
				args, err := shlex.Split(text)
				if err != nil {
					return options{}, fmt.Errorf("runtime option nodeargs: %w", err)
				}
				parsed.nodeArgs = args
			}
		case "packagemanager":
			// Only npm is supported here; other values would be silently different.
			ok = value == "npm"
		default:
			return options{}, fmt.Errorf("runtime option %s is not supported by this language host", name)
		}
		if !ok {
			return options{}, fmt.Errorf("runtime option %s: %v is not supported", name, value)
		}
	}
	return parsed, nil
}

// environment is how the SDK's launchers read the options.
func (o options) environment() []string {
	var env []string
	if o.typescript {
		env = append(env, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if o.tsconfig != "" {
		env = append(env, "PULUMI_NODEJS_TSCONFIG_PATH="+o.tsconfig)
	}
	return env
}
