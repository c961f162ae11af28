// Command pulumi-resource-random stands in for the Pulumi random provider where
// that one cannot be downloaded. A value is made once and kept in the state; any
// change of an argument replaces it.
package main

import (
	"context"
	"fmt"
	"os"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
)

// version is that of the provider this one stands in for.
const version = "4.21.2"

func main() {
	provider, err := infer.NewProviderBuilder().
		WithDisplayName("Random").
		WithDescription("Makes random values that stay what they are.").
		WithResources(
			infer.Resource(&RandomID{}),
			infer.Resource(&RandomPassword{}),
			infer.Resource(&RandomPet{}),
			infer.Resource(&RandomString{}),
		).
		Build()
	if err == nil {
		err = p.RunProvider(context.Background(), "random", version, provider)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
