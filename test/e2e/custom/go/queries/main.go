// Prints, for each line of JSON with a configuration, series and requests, what prometheus-adapter's own packages make of them: which
// metrics of which resources there are, and the query for each request.
package main

import (
	"sort"

	"cdk8s-metrics-server/custom-metrics/lines"
	pmodel "github.com/prometheus/common/model"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	prom "sigs.k8s.io/prometheus-adapter/pkg/client"
	"sigs.k8s.io/prometheus-adapter/pkg/config"
	"sigs.k8s.io/prometheus-adapter/pkg/naming"
)

type question struct {
	Config    string              `json:"config"`
	Series    []map[string]string `json:"series"`
	Namespace string              `json:"namespace"`
	Names     []string            `json:"names"`
	Selector  string              `json:"selector"`
}

type metric struct {
	Name  string `json:"name"`
	Group string `json:"group,omitempty"`
	// Empty for an external metric.
	Resource string `json:"resource,omitempty"`
	Query    string `json:"query,omitempty"`
	Refused  bool   `json:"refused,omitempty"`
}

func main() {
	lines.Answer(ask)
}

func ask(q question) []metric {
	cfg, err := config.FromYAML([]byte(q.Config))
	must(err)
	selector, err := labels.Parse(q.Selector)
	must(err)
	found := map[string]metric{}
	rules, err := naming.NamersFromConfig(cfg.Rules, mapper())
	must(err)
	for _, namer := range rules {
		for _, series := range namer.FilterSeries(seriesOf(q)) {
			name, err := namer.MetricNameForSeries(series)
			must(err)
			resources, _ := namer.ResourcesForSeries(series)
			for _, resource := range resources {
				namespace := q.Namespace
				if resource == naming.NsGroupResource || resource == naming.NodeGroupResource || resource == naming.PVGroupResource {
					namespace = ""
				}
				query, err := namer.QueryForSeries(series.Name, resource, namespace, selector, q.Names...)
				found[resource.String()+"/"+name] = metric{name, resource.Group, resource.Resource, string(query), err != nil}
			}
		}
	}
	external, err := naming.NamersFromConfig(cfg.ExternalRules, mapper())
	must(err)
	for _, namer := range external {
		for _, series := range namer.FilterSeries(seriesOf(q)) {
			name, err := namer.MetricNameForSeries(series)
			must(err)
			query, err := namer.QueryForExternalSeries(series.Name, q.Namespace, selector)
			found["/"+name] = metric{name, "", "", string(query), err != nil}
		}
	}
	keys := make([]string, 0, len(found))
	for key := range found {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	metrics := make([]metric, len(keys))
	for i, key := range keys {
		metrics[i] = found[key]
	}
	return metrics
}

func seriesOf(q question) []prom.Series {
	all := make([]prom.Series, len(q.Series))
	for i, labels := range q.Series {
		all[i] = prom.Series{Name: labels["__name__"], Labels: pmodel.LabelSet{}}
		for name, value := range labels {
			if name != "__name__" {
				all[i].Labels[pmodel.LabelName(name)] = pmodel.LabelValue(value)
			}
		}
	}
	return all
}

// The resources of test/runtime/custom-metrics/fake-cluster-objects.ts.
func mapper() meta.RESTMapper {
	mapper := meta.NewDefaultRESTMapper(nil)
	namespaced := func(group, version, kind string) {
		mapper.Add(schema.GroupVersionKind{Group: group, Version: version, Kind: kind}, meta.RESTScopeNamespace)
	}
	for _, kind := range []string{"Pod", "Service", "Namespace", "Node", "PersistentVolume"} {
		namespaced("", "v1", kind)
	}
	namespaced("apps", "v1", "Deployment")
	namespaced("networking.k8s.io", "v1", "Ingress")
	namespaced("cheese.io", "v1", "Brand")
	return mapper
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
