package main

import (
	"fmt"
	"log"
	"net/http"
	"time"

	"cdk8s-metrics-server/bench/fleet"
)

// replace deletes pods and runs others in their place, once a second, and returns how many have been replaced in all.
func replace(size fleet.Size, replaced, perMinute int, lasting time.Duration, kubelets []string, parallel int) int {
	began, first := time.Now(), replaced
	for time.Since(began) < lasting {
		time.Sleep(time.Second)
		upTo := first + int(time.Since(began).Minutes()*float64(perMinute))
		inParallel(parallel, upTo-replaced, func(i int) {
			node, index := size.Replaced(replaced + i)
			generation := size.Generation(node, index, replaced+i)
			gone := size.PodOf(node, index, generation)
			send(http.MethodDelete, podsPath(gone)+"/"+gone.Name, object{})
			run(size.PodOf(node, index, generation+1), node)
		})
		replaced = upTo
		for _, port := range kubelets {
			response, err := http.Post(fmt.Sprintf("http://127.0.0.1:%s/replaced/%d", port, replaced), "", nil)
			if err != nil || response.StatusCode != http.StatusOK {
				log.Fatalf("kubelets at port %s: %v %v", port, response, err)
			}
			_ = response.Body.Close()
		}
	}
	return replaced
}
