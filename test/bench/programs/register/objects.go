package main

import (
	"fmt"

	"cdk8s-metrics-server/bench/fleet"
)

// nodeObject is as large as a real Node, most of it images and conditions that a metrics server has no use for.
func nodeObject(node int) object {
	name := fleet.NodeName(node)
	var images, conditions []object
	for i := range 20 {
		image := fmt.Sprintf("registry.example.com/platform/component-%02d", i)
		images = append(images, object{"names": []string{fmt.Sprintf("%s@sha256:%064x", image, i), image + ":v1.2.3"}, "sizeBytes": 40_000_000 + i})
	}
	for _, kind := range []string{"MemoryPressure", "DiskPressure", "PIDPressure", "Ready"} {
		status := map[bool]string{true: "True", false: "False"}[kind == "Ready"]
		conditions = append(conditions, object{
			"type": kind, "status": status, "reason": "Kubelet" + kind, "message": "kubelet looked at " + kind + " and said " + status,
			"lastHeartbeatTime": now, "lastTransitionTime": now,
		})
	}
	resources := object{"cpu": "16", "memory": "64Gi", "pods": "110", "ephemeral-storage": "200Gi"}
	return object{
		"apiVersion": "v1", "kind": "Node",
		"metadata": object{
			"name": name,
			"labels": object{
				"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
				"node.kubernetes.io/instance-type": "m5.4xlarge", "topology.kubernetes.io/region": "region-1",
				"topology.kubernetes.io/zone": fmt.Sprintf("region-1%c", 'a'+node%3), "pool": fmt.Sprintf("pool-%d", node%5),
			},
			"annotations": object{"volumes.kubernetes.io/controller-managed-attach-detach": "true"},
		},
		"status": object{
			"capacity": resources, "allocatable": resources, "conditions": conditions, "images": images,
			"addresses":       []object{{"type": "InternalIP", "address": fleet.NodeAddress(node).String()}, {"type": "Hostname", "address": name}},
			"daemonEndpoints": object{"kubeletEndpoint": object{"Port": *port}},
			"nodeInfo": object{
				"machineID": fmt.Sprintf("%032x", node), "systemUUID": name, "bootID": name, "kernelVersion": "6.12.0",
				"osImage": "Debian GNU/Linux 13 (trixie)", "containerRuntimeVersion": "containerd://2.1.4", "kubeletVersion": "v1.34.4",
				"kubeProxyVersion": "", "operatingSystem": "linux", "architecture": "amd64",
			},
		},
	}
}

func podObject(pod fleet.Pod, node int) object {
	var containers []object
	for _, container := range pod.Containers {
		containers = append(containers, object{
			"name": container.Name, "image": "registry.example.com/" + pod.Namespace + "/" + container.Name + ":v1.0.0",
			"resources": object{"requests": object{"cpu": "100m", "memory": "128Mi"}, "limits": object{"memory": "768Mi"}},
		})
	}
	replicaSet := pod.Name[:len(pod.Name)-6]
	return object{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": object{
			"name": pod.Name, "namespace": pod.Namespace,
			"labels": object{
				"app.kubernetes.io/name": pod.Deployment, "app.kubernetes.io/instance": pod.Deployment + "-" + pod.Namespace,
				"app.kubernetes.io/managed-by": "Helm", "team": pod.Namespace, "pod-template-hash": replicaSet[len(pod.Deployment)+1:],
			},
			"annotations": object{"prometheus.io/scrape": "true", "prometheus.io/port": "8080"},
			"ownerReferences": []object{{
				"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": replicaSet, "controller": true, "blockOwnerDeletion": true,
				"uid": "6f2f6e2c-4b3c-4d3f-9d57-0c1f6c1f6c1f",
			}},
		},
		"spec": object{
			"nodeName": fleet.NodeName(node), "containers": containers,
			"automountServiceAccountToken": false, "terminationGracePeriodSeconds": 0,
		},
	}
}

func podStatus(pod fleet.Pod) object {
	var conditions, statuses []object
	for _, kind := range []string{"PodScheduled", "Initialized", "ContainersReady", "Ready"} {
		conditions = append(conditions, object{"type": kind, "status": "True", "lastTransitionTime": now})
	}
	for _, container := range pod.Containers {
		statuses = append(statuses, object{
			"name": container.Name, "ready": true, "started": true, "restartCount": 0, "imageID": "", "state": object{"running": object{"startedAt": now}},
			"image": "registry.example.com/" + pod.Namespace + "/" + container.Name + ":v1.0.0",
		})
	}
	return object{"phase": "Running", "startTime": now, "conditions": conditions, "containerStatuses": statuses}
}
