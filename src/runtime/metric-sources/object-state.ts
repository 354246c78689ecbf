import { JSON_FIELDS, jsonRules, jsonSamples } from './json-samples';
import { getObject, KUBERNETES, listObjects } from './kubernetes-objects';
import { MetricOrigin } from './metric-origin';
import { SampleSource } from './sample-source';
import { labelSelectorAt } from '../configuration-file/compiled';
import { ConfigurationNode } from '../configuration-file/configuration-node';
import { rootOf } from '../custom-metrics/resource-mappings';
import { Sample } from '../prometheus/samples';
import { SourceError } from '../prometheus/source-error';

interface WireObject {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const API_VERSION = /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?v[a-z0-9]+$/;
const RESOURCE = /^[a-z][a-z0-9]*$/;
const NAME = /^[a-z0-9](?:[-a-z0-9.:]{0,251}[a-z0-9])?$/;

/** `objects`: what stands in objects of the cluster, one by its name or those that a selector chooses, as far as our own rights go. */
export function objectState(node: ConfigurationNode): MetricOrigin {
  const { apiVersion, resource, namespace, name, selector, ...rules } = node.fields(
    'apiVersion', 'resource', 'namespace', 'name', 'selector', ...JSON_FIELDS,
  );
  checkText(apiVersion, API_VERSION, 'a version, behind its group and / but for the core group, such as apps/v1');
  checkText(resource, RESOURCE, 'the plural in lower case, such as deployments');
  // A value or a label would show what they hold to whoever may read the metric.
  if (apiVersion.text() === 'v1' && resource.text() === 'secrets') throw resource.error('is secrets, which no metric is made of; give another resource');
  if (!namespace.isAbsent) checkText(namespace, NAME, 'the name of a namespace');
  if (!name.isAbsent) checkText(name, NAME, 'the name of an object');
  if (!name.isAbsent && !selector.isAbsent) throw node.error('has both name and selector; give one of them, or none for all objects');
  const labelSelector = selector.isAbsent ? undefined : labelSelectorAt(selector);
  const read = jsonRules(rules);
  const list = `${rootOf(apiVersion.text())}${namespace.isAbsent ? '' : `/namespaces/${namespace.text()}`}/${resource.text()}`;
  const path = name.isAbsent ? list : `${list}/${name.text()}`;
  const asked = `GET ${path}${labelSelector === undefined ? '' : `?labelSelector=${labelSelector}`}`;
  return {
    open: (metric, { client, sourceOutcomes }): SampleSource => ({
      name: `objects/${metric.name}`,
      asked,
      samples: (timeMs, signal, record) => sourceOutcomes.observed(`objects/${metric.name}`, asked, async () => {
        const objects = name.isAbsent
          ? await listObjects<WireObject>(client, path, { labelSelector }, signal)
          : [await getObject<WireObject>(client, path, {}, signal)];
        const samples = objects.flatMap((object): readonly Sample[] => {
          const { name: own, namespace: where } = object.metadata;
          try {
            return jsonSamples(object, read, timeMs, { name: own, ...where !== undefined && { namespace: where } });
          } catch (error) {
            throw new SourceError(KUBERNETES, 'query', `${own}: ${(error as Error).message}`, asked);
          }
        });
        record?.({ source: KUBERNETES, asked, answer: JSON.stringify(samples) });
        return samples;
      }),
    }),
  };
}

function checkText(node: ConfigurationNode, pattern: RegExp, wanted: string): void {
  if (!pattern.test(node.text())) throw node.error(`is ${JSON.stringify(node.text())}; give ${wanted}`);
}
