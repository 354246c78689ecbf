// Package fleet says which nodes, pods and containers the benchmark's cluster has, and what they use. Everything follows from a few
// numbers, so that the programs that register them and the programs that play their kubelets agree without talking to each other.
package fleet

import (
	"flag"
	"fmt"
	"net"
	"time"
)

// PodsPerNamespace at most: what the request for one namespace costs shall not depend on the size of the cluster.
const PodsPerNamespace = 750

// Namespaces get this many Deployments; the pods of one share their labels.
const deploymentsPerNamespace = 15

// Size of the fleet.
type Size struct {
	Nodes int
	// Pods of each node.
	Pods int
	// Containers of a pod: 1, 2, … up to this many, in turn.
	Containers int
}

// SizeFlags declares the flags that every program of the benchmark takes.
func SizeFlags() *Size {
	size := &Size{}
	flag.IntVar(&size.Nodes, "nodes", 10, "nodes of the fleet")
	flag.IntVar(&size.Pods, "pods", 30, "pods of each node")
	flag.IntVar(&size.Containers, "containers", 2, "pods have 1 up to this many containers, in turn")
	return size
}

// Container of a pod, with the load that it has all its life.
type Container struct {
	Name        string
	MilliCores  uint64
	MemoryBytes uint64
	// Age at the fleet's epoch.
	Age time.Duration
	// Moment in each housekeeping interval at which the kubelet looks at it.
	Offset time.Duration
}

// Pod of a node.
type Pod struct {
	Namespace  string
	Deployment string
	Name       string
	Containers []Container
}

// Namespaces of the fleet.
func (s Size) Namespaces() []string {
	names := make([]string, (s.Nodes*s.Pods+PodsPerNamespace-1)/PodsPerNamespace)
	for i := range names {
		names[i] = fmt.Sprintf("team-%03d", i)
	}
	return names
}

// NodeName of a node.
func NodeName(node int) string { return fmt.Sprintf("node-%05d", node) }

// NodeAddress is where the node's kubelet listens.
func NodeAddress(node int) net.IP {
	return net.IPv4(127, byte(1+node/62_500), byte(node/250%250), byte(1+node%250))
}

// NodeAt is the node that listens on an address, -1 for none.
func (s Size) NodeAt(address net.IP) int {
	ip := address.To4()
	if ip == nil || ip[0] != 127 || ip[1] == 0 || ip[3] == 0 {
		return -1
	}
	node := int(ip[1]-1)*62_500 + int(ip[2])*250 + int(ip[3]) - 1
	if node >= s.Nodes {
		return -1
	}
	return node
}

// Replaced is the pod that goes when this many have gone before it: node by node, so that each loses as many as the others.
func (s Size) Replaced(before int) (node, index int) {
	return before % s.Nodes, before / s.Nodes % s.Pods
}

// Generation counts the pods that were in a place before, when so many pods of the fleet have been replaced.
func (s Size) Generation(node, index, replaced int) int {
	place, places := index*s.Nodes+node, s.Nodes*s.Pods
	return max(0, (replaced-place+places-1)/places)
}

// PodOf is the pod in a place of a node, the first or one that came later; the pods of a namespace are spread over the nodes.
func (s Size) PodOf(node, index, generation int) Pod {
	number := node*s.Pods + index
	namespaces := (s.Nodes*s.Pods + PodsPerNamespace - 1) / PodsPerNamespace
	namespace := number % namespaces
	deployment := number / namespaces % deploymentsPerNamespace
	chance := mix(uint64(number))
	app := fmt.Sprintf("service-%02d", deployment)
	pod := Pod{
		Namespace:  fmt.Sprintf("team-%03d", namespace),
		Deployment: app,
		// Five characters, as a ReplicaSet's pods have, but never twice the same.
		Name: fmt.Sprintf("%s-%s-%s", app, letters(mix(uint64(namespace*deploymentsPerNamespace+deployment)), 10), letters(uint64(number+generation*s.Nodes*s.Pods), 5)),
	}
	for i := 0; i < 1+index%s.Containers; i++ {
		chance = mix(chance + uint64(i))
		name := app
		if i > 0 {
			name = fmt.Sprintf("sidecar-%d", i)
		}
		pod.Containers = append(pod.Containers, Container{
			Name:        name,
			MilliCores:  1 + chance%300,
			MemoryBytes: (8<<20 + chance>>10%(500<<20)) &^ 4095,
			Age:         time.Hour + time.Duration(chance>>20%uint64(14*24*time.Hour)),
			Offset:      time.Duration(chance >> 30 % uint64(Housekeeping)),
		})
	}
	return pod
}

// mix spreads a number over 64 bits (splitmix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// letters writes a number with the alphabet of generated Kubernetes names.
func letters(x uint64, length int) string {
	const alphabet = "bcdfghjklmnpqrstvwxz2456789"
	text := make([]byte, length)
	for i := range text {
		text[i] = alphabet[x%uint64(len(alphabet))]
		x /= uint64(len(alphabet))
	}
	return string(text)
}
