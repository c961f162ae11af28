// Command pulumi-resource-command stands in for the Pulumi command provider
// where that one cannot be downloaded. It has the resources for remote hosts,
// with the same tokens, properties, diffs, side effects and error texts, and is
// written against the same framework. The conformance test of this package runs
// against either.
package main

import (
	"context"
	"fmt"
	"os"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"

	"rocketmq.testbed/toolchain/provider-command/remote"
)

// version is that of the provider this one stands in for.
const version = "1.2.1"

func main() {
	provider, err := infer.NewProviderBuilder().
		WithDisplayName("Command").
		WithDescription("Runs commands on remote hosts and copies files to them.").
		WithResources(
			infer.Resource(&remote.Command{}),
			infer.Resource(&remote.CopyToRemote{}),
		).
		Build()
	if err == nil {
		err = p.RunProvider(context.Background(), "command", version, provider)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
