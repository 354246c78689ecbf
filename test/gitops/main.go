// What Argo CD and Flux do with a manifest, by their own libraries, on the cluster of $KUBECONFIG. Results are JSON on stdout.
//
//	gitops argo-cd drift three-way|structured-merge|server-side <manifest>
//	gitops argo-cd sync client-side|server-side <manifest> [<manifest of the sync before>]
//	gitops argo-cd move client-side|server-side <manifest> <manifest of the sync before>    sync with PruneLast=true
//	gitops flux drift <manifest>
//	gitops flux apply <manifest>
//	gitops flux delete <manifest>
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// Longer than a rollout in the tests takes.
const deadline = 2 * time.Minute

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	result, err := run(ctx, os.Args[1:])
	if result != nil {
		json.NewEncoder(os.Stdout).Encode(result)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (any, error) {
	if len(args) < 3 {
		return nil, fmt.Errorf("gitops: want tool, verb and manifest, got %q", args)
	}
	c, err := connect()
	if err != nil {
		return nil, err
	}
	switch args[0] + " " + args[1] {
	case "argo-cd drift":
		return argoDrift(ctx, c, args[2], args[3])
	case "argo-cd sync":
		return argoSync(ctx, c, args[2] == "server-side", false, args[3], args[4:]...)
	case "argo-cd move":
		return argoSync(ctx, c, args[2] == "server-side", true, args[3], args[4:]...)
	case "flux drift":
		return fluxDrift(ctx, c, args[2])
	case "flux apply":
		return fluxApply(ctx, c, args[2])
	case "flux delete":
		return fluxDelete(ctx, c, args[2])
	}
	return nil, fmt.Errorf("gitops: unknown verb %q", args[1])
}
