// Command pulumi-resource-consul stands in for the Pulumi Consul provider where
// that one cannot be downloaded: services and nodes of the catalog.
package main

import (
	"context"
	"fmt"
	"os"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
)

// version is that of the provider this one stands in for.
const version = "3.15.1"

func main() {
	provider, err := infer.NewProviderBuilder().
		WithDisplayName("Consul").
		WithDescription("Registers services and nodes in Consul's catalog.").
		WithConfig(infer.Config(&Config{})).
		WithResources(
			infer.Resource(&Node{}),
			infer.Resource(&Service{}),
		).
		Build()
	if err == nil {
		err = p.RunProvider(context.Background(), "consul", version, provider)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
