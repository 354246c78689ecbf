import { MetricOrigin } from './metric-origin';
import { SampleSource } from './sample-source';
import { ConfigurationNode } from '../configuration-file/configuration-node';
import { queryWindowSeconds } from '../prometheus/query-window';
import { asQuery, SourceError } from '../prometheus/source-error';

/** `query`: PromQL, asked of each of the sources. */
export function prometheusQuery(node: ConfigurationNode, sources: readonly (string | undefined)[]): MetricOrigin {
  const query = node.text();
  if (query.trim() === '') throw node.error('is missing');
  return {
    windowSeconds: queryWindowSeconds(query),
    open({ object }, context): SampleSource {
      const asked = asQuery(query);
      return {
        sources: sources.map((name) => context.sources.get(name).name),
        asked,
        // A source that does not answer fails the whole: a sum without one of its parts is a wrong number, not an old one.
        async samples(timeMs, signal, record) {
          const answers = await Promise.all(sources.map(async (name) => {
            const prometheus = context.sources.get(name);
            const answer = await prometheus.query(query, timeMs, signal);
            record?.({ source: prometheus.name, asked, answer: JSON.stringify(answer.samples) });
            if (object && answer.type !== 'vector') throw new SourceError(prometheus.name, 'query', 'it gives one number without labels, which is of no object', asked);
            return answer.samples;
          }));
          return answers.flat();
        },
      };
    },
  };
}
