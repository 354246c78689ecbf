package main

import (
	"log"
	"net/http"
	"time"

	"cdk8s-metrics-server/bench/fleet"
)

// On a busy machine kube-apiserver is minutes behind etcd.
const patience = 10 * time.Minute

// register makes the fleet's objects: the first node and the first pod of each shape through kube-apiserver, the others after their likeness.
func register(size fleet.Size, etcd string, parallel int) {
	for _, name := range size.Namespaces() {
		send(http.MethodPost, "/api/v1/namespaces", object{"apiVersion": "v1", "kind": "Namespace", "metadata": object{"name": name}})
	}
	send(http.MethodPost, "/api/v1/nodes", nodeObject(0))
	firstNode := read("/api/v1/nodes/" + fleet.NodeName(0))
	var firstPods []object
	for index := range min(size.Containers, size.Pods) {
		pod := size.PodOf(0, index, 0)
		run(pod, 0)
		firstPods = append(firstPods, read(podsPath(pod)+"/"+pod.Name))
	}

	nodeEntry := func(node int) entry {
		return entry{"/registry/minions/" + fleet.NodeName(node), likeness(firstNode, nodeObject(node), node)}
	}
	podEntry := func(node, index int) entry {
		pod := size.PodOf(node, index, 0)
		wanted := podObject(pod, node)
		wanted["status"] = podStatus(pod)
		return entry{"/registry/pods/" + pod.Namespace + "/" + pod.Name, likeness(firstPods[index%len(firstPods)], wanted, size.Nodes+node*size.Pods+index)}
	}
	registerNode := func(node int) {
		var entries []entry
		if node > 0 {
			entries = append(entries, nodeEntry(node))
		}
		for index := range size.Pods {
			if node > 0 || index >= len(firstPods) {
				entries = append(entries, podEntry(node, index))
			}
			if len(entries) == perTransaction {
				store(etcd, entries)
				entries = nil
			}
		}
		if len(entries) > 0 {
			store(etcd, entries)
		}
	}
	// kube-apiserver sees objects in the order in which they were written: with the last node it has seen all.
	last := size.Nodes - 1
	inParallel(parallel, last, registerNode)
	registerNode(last)
	lastPod := size.PodOf(last, size.Pods-1, 0)
	await("/api/v1/nodes/" + fleet.NodeName(last))
	await(podsPath(lastPod) + "/" + lastPod.Name)
}

// await asks kube-apiserver until it has seen an object in what it keeps of etcd.
func await(path string) {
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		response, err := client.Get(*server + path + "?resourceVersion=0")
		if err != nil {
			log.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return
		}
		if time.Now().After(deadline) {
			log.Fatalf("%s: %s", path, response.Status)
		}
	}
}
