// metrics-client reads metrics as Go programs do, with client-go's metrics clientset and protobuf, and prints them as JSON.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/clientcmd"
	metrics "k8s.io/metrics/pkg/client/clientset/versioned"
)

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	// Nothing else is accepted.
	config.ContentType = runtime.ContentTypeProtobuf
	config.AcceptContentTypes = runtime.ContentTypeProtobuf
	client, err := metrics.NewForConfig(config)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	api := client.MetricsV1beta1()
	nodes, err := api.NodeMetricses().List(ctx, metav1.ListOptions{})
	if err != nil {
		log.Fatal(err)
	}
	pods, err := api.PodMetricses("").List(ctx, metav1.ListOptions{})
	if err != nil {
		log.Fatal(err)
	}
	node, err := api.NodeMetricses().Get(ctx, nodes.Items[0].Name, metav1.GetOptions{})
	if err != nil {
		log.Fatal(err)
	}
	_, missing := api.PodMetricses("default").Get(ctx, "nowhere", metav1.GetOptions{})
	// The error is decoded from a Status, also in protobuf.
	err = json.NewEncoder(os.Stdout).Encode(map[string]any{"nodes": nodes.Items, "pods": pods.Items, "node": node, "missing": missing.Error()})
	if err != nil {
		log.Fatal(err)
	}
}
