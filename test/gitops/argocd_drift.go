package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/argoproj/gitops-engine/pkg/diff"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/gitops-engine/pkg/utils/tracing"
	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Argo CD's own, for server-side apply.
const argoManager = "argocd-controller"

// argoDrift compares as Argo CD does by default (three-way), with ServerSideApply=true (structured-merge), or with
// ServerSideDiff=true (server-side). No ignore rule is set.
func argoDrift(ctx context.Context, c *cluster, comparison, manifest string) ([]drift, error) {
	targets, err := read(manifest)
	if err != nil {
		return nil, err
	}
	options, err := c.comparison(comparison)
	if err != nil {
		return nil, err
	}
	drifts := []drift{}
	for _, target := range targets {
		live, err := c.live(ctx, target)
		if err != nil {
			return nil, err
		}
		// As Argo CD's controller does, so that no Secret's data gets into its own store.
		if live != nil && target.GetKind() == kube.SecretKind {
			if target, live, err = diff.HideSecretData(target, live, nil); err != nil {
				return nil, err
			}
		}
		result, err := diff.Diff(target, live, options...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", nameOf(target), err)
		}
		if result.Modified {
			drifts = append(drifts, drift{nameOf(target), json.RawMessage(result.NormalizedLive), json.RawMessage(result.PredictedLive)})
		}
	}
	return drifts, nil
}

func (c *cluster) comparison(name string) ([]diff.Option, error) {
	options := []diff.Option{diff.WithLogr(logr.Discard()), diff.WithManager(argoManager)}
	if name == "three-way" {
		return options, nil
	}
	_, parser, err := kubectl().LoadOpenAPISchema(c.config)
	if err != nil {
		return nil, err
	}
	options = append(options, diff.WithGVKParser(parser))
	switch name {
	case "structured-merge":
		return append(options, diff.WithStructuredMergeDiff(true)), nil
	case "server-side":
		return append(options, diff.WithServerSideDiff(true), diff.WithServerSideDryRunner(dryRunner{c})), nil
	}
	return nil, fmt.Errorf("gitops: unknown comparison %q", name)
}

type dryRunner struct{ *cluster }

func (d dryRunner) Run(ctx context.Context, object *unstructured.Unstructured, manager string) (string, error) {
	resource, err := d.resource(object)
	if err != nil {
		return "", err
	}
	predicted, err := resource.Apply(ctx, object.GetName(), object, metav1.ApplyOptions{
		FieldManager: manager, Force: true, DryRun: []string{metav1.DryRunAll},
	})
	if err != nil {
		return "", err
	}
	text, err := predicted.MarshalJSON()
	return string(text), err
}

func kubectl() *kube.KubectlCmd {
	return &kube.KubectlCmd{Log: logr.Discard(), Tracer: tracing.NopTracer{}}
}
