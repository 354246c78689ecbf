import { checkPath } from './document-path';
import { JSON_FIELDS, jsonRules, jsonSamples } from './json-samples';
import { MAX_DOCUMENT_BYTES } from './limits';
import { MetricOrigin } from './metric-origin';
import { SampleSource } from './sample-source';
import { ConfigurationNode } from '../configuration-file/configuration-node';
import { SourceError } from '../prometheus/source-error';

/** `http`: a JSON document of each of the sources, at a path below their URL. */
export function httpJson(node: ConfigurationNode, sources: readonly (string | undefined)[]): MetricOrigin {
  const { path, ...rules } = node.fields('path', ...JSON_FIELDS);
  checkPath(path, '/api/queues?state=open');
  const read = jsonRules(rules);
  return {
    open(_, context): SampleSource {
      return {
        sources: sources.map((name) => context.sources.get(name).name),
        asked: `GET ${path.text()}`,
        async samples(timeMs, signal, record) {
          const answers = await Promise.all(sources.map(async (name) => {
            const source = context.sources.get(name);
            const { asked, text } = await source.document(path.text(), MAX_DOCUMENT_BYTES, signal);
            return context.sourceOutcomes.observed(source.name, `${asked} ${read.value.text}`, async () => {
              try {
                const samples = jsonSamples(JSON.parse(text), read, timeMs);
                record?.({ source: source.name, asked, answer: JSON.stringify(samples) });
                return samples;
              } catch (error) {
                const problem = error instanceof SyntaxError ? 'it is no JSON' : (error as Error).message;
                throw new SourceError(source.name, 'answer', problem, asked);
              }
            });
          }));
          return answers.flat();
        },
      };
    },
  };
}
