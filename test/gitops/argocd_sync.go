package main

import (
	"context"
	"fmt"
	"time"

	"github.com/argoproj/gitops-engine/pkg/sync"
	"github.com/argoproj/gitops-engine/pkg/sync/common"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/kubectl/pkg/util/openapi"
)

type synced struct {
	Phase   common.OperationPhase `json:"phase"`
	Message string                `json:"message"`
	Objects []syncedObject        `json:"objects"`
}

type syncedObject struct {
	Object  string `json:"object"`
	Status  string `json:"status"`
	Message string `json:"message"`
	// Second of the sync in which the object was seen done, from 0.
	Step int `json:"step"`
}

// argoSync runs one sync operation to its end, with pruning, each step on fresh live objects as Argo CD's controller does.
func argoSync(ctx context.Context, c *cluster, serverSide, pruneLast bool, manifest string, before ...string) (*synced, error) {
	targets, err := read(manifest)
	if err != nil {
		return nil, err
	}
	known := targets
	for _, one := range before {
		objects, err := read(one)
		if err != nil {
			return nil, err
		}
		known = append(known, objects...)
	}
	schema, _, err := kubectl().LoadOpenAPISchema(c.config)
	if err != nil {
		return nil, err
	}
	began := metav1.Now()
	steps := map[kube.ResourceKey]int{}
	options := []sync.SyncOpt{
		sync.WithLogr(logr.Discard()),
		sync.WithOperationSettings(false, true, false, false),
		sync.WithServerSideApply(serverSide),
		sync.WithPruneLast(pruneLast),
		sync.WithServerSideApplyManager(argoManager),
	}
	for step := 0; ; step++ {
		phase, message, results, err := c.syncStep(ctx, targets, known, schema, options)
		if err != nil {
			return nil, err
		}
		for _, result := range results {
			if _, seen := steps[result.ResourceKey]; !seen {
				steps[result.ResourceKey] = step
			}
		}
		if phase.Completed() {
			return report(phase, message, results, steps), nil
		}
		select {
		case <-ctx.Done():
			return report(phase, message, results, steps), fmt.Errorf("sync: %s: %s", phase, message)
		case <-time.After(time.Second):
		}
		options = append(options, sync.WithInitialState(phase, message, results, began))
	}
}

func (c *cluster) syncStep(ctx context.Context, targets, known []*unstructured.Unstructured, schema openapi.Resources, options []sync.SyncOpt) (
	common.OperationPhase, string, []common.ResourceSyncResult, error,
) {
	lives := map[kube.ResourceKey]*unstructured.Unstructured{}
	for _, object := range known {
		live, err := c.live(ctx, object)
		if err != nil {
			return "", "", nil, err
		}
		if live != nil {
			lives[kube.GetResourceKey(live)] = live
		}
	}
	operation, cleanup, err := sync.NewSyncContext("", sync.Reconcile(targets, lives, "", c), c.config, c.config, kubectl(), "", schema, options...)
	if err != nil {
		return "", "", nil, err
	}
	defer cleanup()
	operation.Sync()
	phase, message, results := operation.GetState()
	return phase, message, results, nil
}

func report(phase common.OperationPhase, message string, results []common.ResourceSyncResult, steps map[kube.ResourceKey]int) *synced {
	objects := make([]syncedObject, len(results))
	for _, result := range results {
		key := result.ResourceKey
		// Order counts from 1.
		objects[result.Order-1] = syncedObject{key.Kind + "/" + key.Name, string(result.Status), result.Message, steps[key]}
	}
	return &synced{phase, message, objects}
}
