// peer measures metrics-server's own functions on the pages of a fleet and prints the CPU time of each as JSON: microseconds, least and
// median of the rounds.
package main

import (
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
	_ "unsafe" // for go:linkname

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/metrics/pkg/apis/metrics"
	"k8s.io/metrics/pkg/apis/metrics/v1beta1"

	"sigs.k8s.io/metrics-server/pkg/api"
	_ "sigs.k8s.io/metrics-server/pkg/scraper/client/resource"
	"sigs.k8s.io/metrics-server/pkg/storage"
)

//go:linkname decodeBatch sigs.k8s.io/metrics-server/pkg/scraper/client/resource.decodeBatch
func decodeBatch(b []byte, defaultTime time.Time, nodeName string) (*storage.MetricsBatch, error)

const (
	scrapes = 8
	rounds  = 7
	roundMs = 300
)

type timing struct {
	LeastUs  float64 `json:"leastUs"`
	MedianUs float64 `json:"medianUs"`
}

func main() {
	folder := flag.String("folder", "", "holds the pages as <scrape>-<node>")
	nodes := flag.Int("nodes", 0, "nodes of the fleet")
	kubelet := flag.String("kubelet", "", "address of a kubelet to shake hands with")
	ca := flag.String("ca", "", "file of the CA of its certificate")
	flag.Parse()

	pages := [scrapes][][]byte{}
	for scrape := range pages {
		for node := range *nodes {
			page, err := os.ReadFile(filepath.Join(*folder, fmt.Sprintf("%d-%d", scrape, node)))
			check(err)
			pages[scrape] = append(pages[scrape], page)
		}
	}
	batchOf := func(scrape int) *storage.MetricsBatch {
		all := &storage.MetricsBatch{Nodes: map[string]storage.MetricsPoint{}}
		for node, page := range pages[scrape] {
			batch, err := decodeBatch(page, time.Now(), fmt.Sprint(node))
			check(err)
			for name, point := range batch.Nodes {
				all.Nodes[name] = point
			}
			if all.Pods == nil {
				all.Pods = batch.Pods
			}
			for pod, point := range batch.Pods {
				all.Pods[pod] = point
			}
		}
		return all
	}

	store := storage.NewStorage(15 * time.Second)
	var batches []*storage.MetricsBatch
	for scrape := range scrapes {
		batches = append(batches, batchOf(scrape))
		store.Store(batches[scrape])
	}
	var pods []*metav1.PartialObjectMetadata
	for pod := range batches[0].Pods {
		pods = append(pods, &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{
			Namespace: pod.Namespace, Name: pod.Name, Labels: map[string]string{"app": "service", "pod-template-hash": "5c689d88bb"},
		}})
	}
	encoder := api.Codecs.LegacyCodec(v1beta1.SchemeGroupVersion)
	list := func() {
		items, err := store.GetPodMetrics(pods...)
		check(err)
		check(encoder.Encode(&metrics.PodMetricsList{Items: items}, io.Discard))
	}
	one := func() {
		items, err := store.GetPodMetrics(pods[0])
		check(err)
		check(encoder.Encode(&items[0], io.Discard))
	}

	node, scrape := 0, 0
	check(json.NewEncoder(os.Stdout).Encode(map[string]timing{
		"decode": measure(func() {
			node = (node + 1) % *nodes
			_, err := decodeBatch(pages[0][node], time.Now(), "node")
			check(err)
		}, 1),
		"handshake": measure(handshake(*kubelet, *ca), 1),
		"onePod":    measure(one, 1),
		"allPods":   measure(list, len(pods)),
		// The last, because time goes back when its scrapes begin again.
		"store": measure(func() {
			store.Store(batches[scrape%scrapes])
			scrape++
		}, *nodes),
	}))
}

// handshake is a connection to a kubelet until it can be asked, as the client of metrics-server's makes it.
func handshake(kubelet, ca string) func() {
	config, err := rest.TLSConfigFor(&rest.Config{TLSClientConfig: rest.TLSClientConfig{CAFile: ca, NextProtos: []string{"h2", "http/1.1"}}})
	check(err)
	return func() {
		connection, err := tls.Dial("tcp", kubelet, config)
		check(err)
		check(connection.Close())
	}
}

func measure(call func(), per int) timing {
	call()
	var us []float64
	for range rounds {
		calls, began, start := 0, cpu(), time.Now()
		for time.Since(start) < roundMs*time.Millisecond {
			call()
			calls++
		}
		us = append(us, float64((cpu()-began).Nanoseconds())/1000/float64(calls*per))
	}
	slices.Sort(us)
	return timing{us[0], us[len(us)/2]}
}

// cpu time of the process, its garbage collector included.
func cpu() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
