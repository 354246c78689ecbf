package main

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// drift is an object that the tool would change.
type drift struct {
	Object    string `json:"object"`
	Live      any    `json:"live"`
	Predicted any    `json:"predicted"`
}

func nameOf(object *unstructured.Unstructured) string {
	return object.GetKind() + "/" + object.GetName()
}
