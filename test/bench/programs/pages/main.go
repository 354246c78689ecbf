// pages writes what the kubelets of a fleet answer, a file for each node and moment: `<folder>/<moment>-<node>`. Moments are as far
// apart as two scrapes.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"cdk8s-metrics-server/bench/fleet"
)

func main() {
	size := fleet.SizeFlags()
	folder := flag.String("folder", "", "where the files go")
	epoch := flag.Int64("epoch", 0, "Unix time of the first moment")
	moments := flag.Int("moments", 2, "pages of each node")
	interval := flag.Duration("interval", 15*time.Second, "between two moments")
	flag.Parse()

	start := time.Unix(*epoch, 0)
	pages := fleet.NewPages(*size, start)
	for moment := range *moments {
		for node := range size.Nodes {
			page := pages.Append(nil, node, start.Add(time.Hour+time.Duration(moment)**interval))
			if err := os.WriteFile(filepath.Join(*folder, fmt.Sprintf("%d-%d", moment, node)), page, 0o644); err != nil {
				log.Fatal(err)
			}
		}
	}
}
