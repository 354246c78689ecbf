package main

import (
	"context"

	"github.com/fluxcd/pkg/ssa"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// kustomize-controller's own names.
var fluxOwner = ssa.Owner{Field: "kustomize-controller", Group: "kustomize.toolkit.fluxcd.io"}

type changed struct {
	Object string `json:"object"`
	Action string `json:"action"`
}

func (c *cluster) flux() (*ssa.ResourceManager, error) {
	kube, err := client.New(c.config, client.Options{Mapper: c.mapper})
	if err != nil {
		return nil, err
	}
	return ssa.NewResourceManager(kube, nil, fluxOwner), nil
}

// fluxDrift compares as kustomize-controller does before it applies. No ignore rule is set.
func fluxDrift(ctx context.Context, c *cluster, manifest string) ([]drift, error) {
	objects, err := read(manifest)
	if err != nil {
		return nil, err
	}
	manager, err := c.flux()
	if err != nil {
		return nil, err
	}
	drifts := []drift{}
	for _, object := range objects {
		change, live, predicted, err := manager.Diff(ctx, object, ssa.DefaultDiffOptions())
		if err != nil {
			return nil, err
		}
		if change.Action != ssa.UnchangedAction {
			drifts = append(drifts, drift{nameOf(object), live, predicted})
		}
	}
	return drifts, nil
}

func fluxApply(ctx context.Context, c *cluster, manifest string) ([]changed, error) {
	objects, err := read(manifest)
	if err != nil {
		return nil, err
	}
	manager, err := c.flux()
	if err != nil {
		return nil, err
	}
	return changes(manager.ApplyAllStaged(ctx, objects, ssa.DefaultApplyOptions()))
}

func fluxDelete(ctx context.Context, c *cluster, manifest string) ([]changed, error) {
	objects, err := read(manifest)
	if err != nil {
		return nil, err
	}
	manager, err := c.flux()
	if err != nil {
		return nil, err
	}
	return changes(manager.DeleteAll(ctx, objects, ssa.DefaultDeleteOptions()))
}

// changes keeps the order in which Flux made them.
func changes(set *ssa.ChangeSet, err error) ([]changed, error) {
	if set == nil {
		return nil, err
	}
	list := []changed{}
	for _, entry := range set.Entries {
		list = append(list, changed{entry.ObjMetadata.GroupKind.Kind + "/" + entry.ObjMetadata.Name, string(entry.Action)})
	}
	return list, err
}
