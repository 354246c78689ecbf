package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"net/http"
)

// Operations of one transaction; etcd takes 128 (--max-txn-ops).
const perTransaction = 100

// entry of etcd: an object as kube-apiserver stores it. It reads JSON as well as the protobuf that it writes.
type entry struct {
	key   string
	value object
}

// store writes objects past kube-apiserver, which takes a millisecond for each: a copy of one that it made differs only in what names it.
func store(etcd string, entries []entry) {
	var operations []object
	for _, one := range entries {
		value, err := json.Marshal(one.value)
		if err != nil {
			log.Fatal(err)
		}
		// Bytes are base64 in JSON, which is what etcd's gateway takes.
		operations = append(operations, object{"requestPut": object{"key": []byte(one.key), "value": value}})
	}
	body, err := json.Marshal(object{"success": operations})
	if err != nil {
		log.Fatal(err)
	}
	response, err := client.Post(etcd+"/v3/kv/txn", "application/json", bytes.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		log.Fatalf("etcd: %s", response.Status)
	}
}

// likeness is an object as kube-apiserver would have made it, which did make the other; number tells its uid from those of others.
func likeness(made, wanted object, number int) object {
	metadata := maps.Clone(wanted["metadata"].(object))
	for _, field := range []string{"creationTimestamp", "generation", "managedFields"} {
		if value, ok := made["metadata"].(object)[field]; ok {
			metadata[field] = value
		}
	}
	metadata["uid"] = fmt.Sprintf("5d2f6e2c-4b3c-4d3f-9d57-%012x", number)
	spec := object{}
	maps.Copy(spec, made["spec"].(object))
	if own, ok := wanted["spec"].(object); ok {
		maps.Copy(spec, own)
	}
	result := maps.Clone(wanted)
	result["metadata"], result["spec"] = metadata, spec
	return result
}
