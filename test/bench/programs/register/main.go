// register creates the fleet's namespaces, nodes and running pods in a kube-apiserver, as kubelets and controllers would have, or replaces
// some of the pods for a while, and prints as JSON what there is now.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"cdk8s-metrics-server/bench/fleet"
)

type object = map[string]any

var (
	server = flag.String("server", "https://127.0.0.1:6443", "kube-apiserver")
	port   = flag.Int("port", 10250, "port of all kubelets")
	now    = time.Now().UTC().Format(time.RFC3339)
	client http.Client
)

func main() {
	size := fleet.SizeFlags()
	caFile := flag.String("ca", "", "CA of the kube-apiserver")
	certificateFile := flag.String("certificate", "", "client certificate of an admin")
	keyFile := flag.String("key", "", "its key")
	parallel := flag.Int("parallel", 48, "requests at the same time")
	replaced := flag.Int("replaced", 0, "replace pods of a registered fleet, of which so many have been replaced before")
	perMinute := flag.Int("per-minute", 0, "pods to replace in a minute; none: register the fleet")
	lasting := flag.Duration("for", time.Minute, "go on replacing for so long")
	etcd := flag.String("etcd", "http://127.0.0.1:2379", "etcd of the kube-apiserver")
	kubelets := flag.String("kubelets", "", "ports on 127.0.0.1 at which the kubelets are told of replaced pods, by comma")
	flag.Parse()

	ca, err := os.ReadFile(*caFile)
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	certificate, err := tls.LoadX509KeyPair(*certificateFile, *keyFile)
	if err != nil {
		log.Fatal(err)
	}
	client.Transport = &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{certificate}},
		MaxIdleConnsPerHost: *parallel,
	}
	if *perMinute > 0 {
		describe(*size, replace(*size, *replaced, *perMinute, *lasting, strings.Split(*kubelets, ","), *parallel))
		return
	}
	register(*size, *etcd, *parallel)
	describe(*size, 0)
}

// inParallel does what it is told for each number below a count.
func inParallel(parallel, count int, do func(int)) {
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for number := range numbers {
				do(number)
			}
		})
	}
	for number := range count {
		numbers <- number
	}
	close(numbers)
	workers.Wait()
}

// describe prints what a reader of the metrics API has to expect.
func describe(size fleet.Size, replaced int) {
	pods := map[string]int{}
	for node := range size.Nodes {
		for index := range size.Pods {
			pods[size.PodOf(node, index, 0).Namespace]++
		}
	}
	node, index := size.Nodes/2, size.Pods/2
	some := size.PodOf(node, index, size.Generation(node, index, replaced))
	if err := json.NewEncoder(os.Stdout).Encode(object{
		"podsByNamespace": pods, "somePod": object{"namespace": some.Namespace, "name": some.Name}, "replaced": replaced,
	}); err != nil {
		log.Fatal(err)
	}
}

// run creates a pod that runs.
func run(pod fleet.Pod, node int) {
	path := podsPath(pod)
	send(http.MethodPost, path, podObject(pod, node))
	// The API server drops the status of a new pod.
	send(http.MethodPatch, path+"/"+pod.Name+"/status", object{"status": podStatus(pod)})
}

func podsPath(pod fleet.Pod) string { return "/api/v1/namespaces/" + pod.Namespace + "/pods" }
