package fleet

import (
	"strconv"
	"sync"
	"time"
)

// Housekeeping is how often a kubelet looks at a container (cAdvisor's --housekeeping-interval).
const Housekeeping = 10 * time.Second

// Pages writes what kubelets of Kubernetes 1.34 answer to GET /metrics/resource.
type Pages struct {
	size  Size
	epoch time.Time
	// For replacing; pods of nodes are read all the time.
	mutex    sync.RWMutex
	nodes    [][]labelled
	replaced int
}

// labelled is a pod with the labels of its series as they stand in the page.
type labelled struct {
	Pod
	labels          []byte
	containerLabels [][]byte
}

// NewPages prepares the pages of all nodes; containers have their Age at the epoch.
func NewPages(size Size, epoch time.Time) *Pages {
	pages := &Pages{size: size, epoch: epoch, nodes: make([][]labelled, size.Nodes)}
	for node := range pages.nodes {
		for index := range size.Pods {
			pages.nodes[node] = append(pages.nodes[node], label(size.PodOf(node, index, 0)))
		}
	}
	return pages
}

// Replace puts pods that start now in the place of others, until so many have been replaced since the beginning.
func (p *Pages) Replace(replaced int, now time.Time) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for ; p.replaced < replaced; p.replaced++ {
		node, index := p.size.Replaced(p.replaced)
		pod := label(p.size.PodOf(node, index, p.size.Generation(node, index, p.replaced+1)))
		for i := range pod.Containers {
			// No look at a container is older than its start.
			pod.Containers[i].Age = p.epoch.Sub(now) + Housekeeping
		}
		p.nodes[node][index] = pod
	}
}

func label(pod Pod) labelled {
	tail := `namespace="` + pod.Namespace + `",pod="` + pod.Name + `"} `
	result := labelled{Pod: pod, labels: []byte("{" + tail)}
	for _, container := range pod.Containers {
		result.containerLabels = append(result.containerLabels, []byte(`{container="`+container.Name+`",`+tail))
	}
	return result
}

// Append writes the page of a node as it is at a moment: families by name, their series in one order, the node's own unlabelled.
func (p *Pages) Append(to []byte, node int, now time.Time) []byte {
	p.mutex.RLock()
	defer p.mutex.RUnlock()
	w := writer{to}
	pods := p.nodes[node]
	containers := func(name, kind, help string, sample func(*Container)) {
		w.family(name, kind, help)
		for i := range pods {
			for j := range pods[i].Containers {
				w.text(name)
				w.bytes = append(w.bytes, pods[i].containerLabels[j]...)
				sample(&pods[i].Containers[j])
			}
		}
	}
	ofPods := func(name, kind, help string, sample func(*labelled)) {
		w.family(name, kind, help)
		for i := range pods {
			w.text(name)
			w.bytes = append(w.bytes, pods[i].labels...)
			sample(&pods[i])
		}
	}
	ofNode := func(name, kind, help string, value float64, at time.Time) {
		w.family(name, kind, help)
		w.text(name + " ")
		w.sample(value, at)
	}

	containers("container_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the container in core-seconds",
		func(c *Container) { at := seen(now, c.Offset); w.sample(p.cpuSeconds(c, at), at) })
	containers("container_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the container in bytes",
		func(c *Container) { at := seen(now, c.Offset); w.sample(workingSet(c, at), at) })
	containers("container_start_time_seconds", "gauge", "[STABLE] Start time of the container since unix epoch in seconds",
		func(c *Container) { w.number(float64(p.epoch.Add(-c.Age).UnixNano()) / 1e9); w.text("\n") })
	const swapPlatforms = ". Reported only on non-windows systems"
	containers("container_swap_limit_bytes", "gauge", "[ALPHA] Current amount of the container swap limit in bytes"+swapPlatforms,
		func(*Container) { w.sample(0, now) })
	containers("container_swap_usage_bytes", "gauge", "[ALPHA] Current amount of the container swap usage in bytes"+swapPlatforms,
		func(*Container) { w.sample(0, now) })

	at := seen(now, time.Duration(mix(uint64(node))%uint64(Housekeeping)))
	cpu, memory := at.Sub(p.epoch).Seconds()/5+20_000, float64(1<<30)
	for i := range pods {
		cpu += p.podCPUSeconds(&pods[i], at)
		memory += podWorkingSet(&pods[i], at)
	}
	ofNode("node_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the node in core-seconds", cpu, at)
	ofNode("node_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the node in bytes", memory, at)
	ofNode("node_swap_usage_bytes", "gauge", "[ALPHA] Current swap usage of the node in bytes"+swapPlatforms, 0, at)

	ofPods("pod_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the pod in core-seconds",
		func(pod *labelled) { at := seen(now, pod.Containers[0].Offset); w.sample(p.podCPUSeconds(pod, at), at) })
	ofPods("pod_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the pod in bytes",
		func(pod *labelled) { at := seen(now, pod.Containers[0].Offset); w.sample(podWorkingSet(pod, at), at) })
	ofPods("pod_swap_usage_bytes", "gauge", "[ALPHA] Current amount of the pod swap usage in bytes"+swapPlatforms,
		func(*labelled) { w.sample(0, now) })
	w.family("resource_scrape_error", "gauge", "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise")
	w.text("resource_scrape_error 0\n")
	return w.bytes
}

func (p *Pages) cpuSeconds(c *Container, at time.Time) float64 {
	nanoseconds := uint64(at.Sub(p.epoch)+c.Age) / 1000 * c.MilliCores
	return float64(nanoseconds) / 1e9
}

func (p *Pages) podCPUSeconds(pod *labelled, at time.Time) (sum float64) {
	for i := range pod.Containers {
		sum += p.cpuSeconds(&pod.Containers[i], at)
	}
	return sum
}

// workingSet moves by a page of memory from one look to the next.
func workingSet(c *Container, at time.Time) float64 {
	return float64(c.MemoryBytes + uint64(at.Unix())/10%64*4096)
}

func podWorkingSet(pod *labelled, at time.Time) (sum float64) {
	for i := range pod.Containers {
		sum += workingSet(&pod.Containers[i], at)
	}
	return sum
}

// seen is the last moment at which the kubelet looked.
func seen(now time.Time, offset time.Duration) time.Time {
	return now.Add(-offset).Truncate(Housekeeping).Add(offset)
}

type writer struct{ bytes []byte }

func (w *writer) text(text string) { w.bytes = append(w.bytes, text...) }

func (w *writer) number(value float64) { w.bytes = strconv.AppendFloat(w.bytes, value, 'g', -1, 64) }

func (w *writer) sample(value float64, at time.Time) {
	w.number(value)
	w.bytes = append(w.bytes, ' ')
	w.bytes = strconv.AppendInt(w.bytes, at.UnixMilli(), 10)
	w.bytes = append(w.bytes, '\n')
}

func (w *writer) family(name, kind, help string) {
	w.text("# HELP " + name + " ")
	w.text(help)
	w.text("\n# TYPE " + name + " ")
	w.text(kind + "\n")
}
