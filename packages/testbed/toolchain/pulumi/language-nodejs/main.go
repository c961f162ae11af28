// Command pulumi-language-nodejs runs Pulumi programs and component packages
// written for Node.js.
//
// The official language host is not published as a Go module, so a machine
// without an installed Pulumi cannot build it. This one implements what running
// programs and component packages needs: Run, RunPlugin, InstallDependencies and
// Cancel. The program talks to the engine's resource monitor directly, with
// nothing in between, so every feature of the SDK (hooks, transforms) works as
// far as the engine knows it. Left out: debugging, policy packs, code generation
// and invokes that block the event loop (deprecated in the SDK).
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

func main() {
	// The engine passes these to every language host.
	flag.String("tracing", "", "ignored")
	flag.String("root", "", "ignored, programs are named in each request")
	flag.Parse()

	host := newHost(flag.Arg(0))
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
		Options: rpcutil.OpenTracingServerInterceptorOptions(nil),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "cannot serve the language host:", err)
		os.Exit(1)
	}
	// The engine reads the port from the first line of stdout.
	fmt.Println(handle.Port)
	if err := <-handle.Done; err != nil {
		fmt.Fprintln(os.Stderr, "the language host stopped:", err)
		os.Exit(1)
	}
}
