import { JSON_FIELDS, jsonRules, jsonSamples } from './json-samples';
import { collectionPath } from './metric-objects';
import { MetricOrigin } from './metric-origin';
import { SampleSource } from './sample-source';
import { labelSelectorAt } from '../configuration-file/compiled';
import { ConfigurationNode } from '../configuration-file/configuration-node';
import { KUBERNETES } from '../custom-metrics/metric-errors';
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
  const selection = { apiVersion: apiVersion.text(), resource: resource.text(), namespace: namespace.text() || undefined, labelSelector };
  const list = collectionPath(selection);
  const path = name.isAbsent ? list : `${list}/${name.text()}`;
  const asked = `GET ${path}${labelSelector === undefined ? '' : `?labelSelector=${labelSelector}`}`;
  return {
    open: (metric, { metricObjects, sourceOutcomes }): SampleSource => {
      const readings = name.isAbsent
        ? metricObjects.reading(selection, samplesOf, metric.refreshMs)
        : async (signal: AbortSignal) => [samplesOf(await metricObjects.get<WireObject>(path, signal))];
      return {
        sources: [`objects/${metric.name}`],
        asked,
        samples: (timestampMs, signal, record) => sourceOutcomes.observed(`objects/${metric.name}`, asked, async () => {
          const samples = (await readings(signal)).flatMap((reading) => {
            if (reading instanceof Error) throw new SourceError(KUBERNETES, 'query', reading.message, asked);
            return reading.map((sample) => ({ ...sample, timestampMs }));
          });
          record?.({ source: KUBERNETES, asked, answer: JSON.stringify(samples) });
          return samples;
        }),
      };
    },
  };

  /** As of no time: an object is as it is until it changes. */
  function samplesOf(object: WireObject): readonly Omit<Sample, 'timestampMs'>[] | Error {
    const { name: own, namespace: where } = object.metadata;
    try {
      return jsonSamples(object, read, 0, { name: own, ...where !== undefined && { namespace: where } });
    } catch (error) {
      return new Error(`${own}: ${(error as Error).message}`);
    }
  }
}

function checkText(node: ConfigurationNode, pattern: RegExp, wanted: string): void {
  if (!pattern.test(node.text())) throw node.error(`is ${JSON.stringify(node.text())}; give ${wanted}`);
}
