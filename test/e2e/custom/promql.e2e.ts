import * as fc from 'fast-check';
import { ScrapedPrometheus } from './scraped-prometheus';
import { LabelSet } from '../../../src/promql/_label-set';
import { parseQuery } from '../../../src/promql/_query';
import { QueryMistake } from '../../../src/promql/_query-mistake';
import { queries } from '../../promql/random-queries';
import { SEED } from '../../seed';

const prometheus = new ScrapedPrometheus();

beforeAll(async () => {
  const series = ['web-0', 'web-1'].flatMap((pod) => ['200', '503'].map((code) => `{namespace="shop",pod="${pod}",code="${code}"} 7`));
  const buckets = ['1', '+Inf'].map((le) => `latency_bucket{namespace="shop",pod="web-0",le="${le}"} 3`);
  await prometheus.start(() => `${[...series.flatMap((one) => [`requests_total${one}`, `errors_total${one}`]), ...buckets].join('\n')}\n`);
  await prometheus.until('count_over_time(requests_total[10s]) > 2');
}, 60_000);

afterAll(() => prometheus.stop());

interface Answer {
  /** Undefined where the values that there are fail, before what is wrong with the query could. */
  readonly refused: boolean | undefined;
  readonly labels: readonly string[];
  readonly said: string;
}

async function answerOf(query: string): Promise<Answer> {
  const response = await fetch(`${prometheus.url}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query }) });
  const { data, errorType, error = '' } = await response.json() as { data?: { resultType: string; result: any[] }; errorType?: string; error?: string };
  const refused = errorType === 'bad_data' || /^invalid (regular expression|(\w+ )?label name)/.test(error) || (errorType === undefined ? false : undefined);
  const labels = data?.resultType === 'vector' ? data.result.flatMap(({ metric }) => Object.keys(metric)) : [];
  return { refused, labels: [...new Set(labels)].filter((label) => label !== '__name__'), said: error };
}

function labelsOf(query: string): LabelSet | QueryMistake {
  try {
    return parseQuery(query).labels;
  } catch (error) {
    if (error instanceof QueryMistake) return error;
    throw error;
  }
}

test('a query is refused at synth if Prometheus would refuse it, and its result has no label that synth does not know of', async () => {
  const asked = [...new Set(fc.sample(queries, { numRuns: 2000, seed: SEED }))];
  const different: object[] = [];
  let accepted = 0;
  for (const query of asked) {
    const { refused, labels, said } = await answerOf(query);
    const ours = labelsOf(query);
    if (refused === undefined) continue;
    if (!refused) accepted++;
    if (refused !== ours instanceof QueryMistake) different.push({ query, prometheus: said || 'takes it', ours: ours instanceof QueryMistake ? ours.allowed : 'takes it' });
    // Of or, synth wants the labels of both sides.
    else if (ours instanceof LabelSet && !query.includes(' or ') && !labels.every((label) => ours.has(label))) different.push({ query, labels, ours: ours.known });
  }
  expect(different.slice(0, 10)).toEqual([]);
  expect(accepted).toBeGreaterThan(0.1 * asked.length);
  expect(accepted).toBeLessThan(0.9 * asked.length);
}, 120_000);
