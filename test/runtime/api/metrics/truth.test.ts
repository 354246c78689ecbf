import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerResourceOf, resourceOf, Seen } from './autoscaler';
import { pod, registryOf } from './cluster';
import { metricsApi } from '../../../../src/runtime/api/metrics/metrics-api';
import { ApiResult } from '../../../../src/runtime/server/group-version';
import { parseListOptions } from '../../../../src/runtime/server/list-options';
import { parseRequestInfo } from '../../../../src/runtime/server/request-info';
import { MetricStore } from '../../../../src/runtime/store/metric-store';
import { ManualClock } from '../../manual-clock';
import { ContainerSample, pageOf } from '../../store/pages';

const T0 = 1_795_229_800_000;
const RESOLUTION_MS = 15_000;
const LONG_AGO_SECONDS = T0 / 1000 - 3600;

/** What a HorizontalPodAutoscaler sees of a pod: sums, and container `other` by itself; `gone` where its metric fails. */
interface Sight {
  readonly cpu: Seen;
  readonly memory: Seen;
  readonly other: { readonly cpu: Seen; readonly memory: Seen } | 'gone';
}

interface Case {
  /** What the kubelet says of container `other` in a round, beside `app`, which uses half a core and 1000 bytes; undefined for nothing. */
  readonly line: (round: number) => Partial<ContainerSample> | undefined;
  readonly seen: Sight;
  /** Names of the containers that run or are going to, as the Pod's status says. */
  readonly living: readonly string[];
  readonly seenWithStates: Sight;
}

const BOTH = ['app', 'other'];
const start = { startSeconds: LONG_AGO_SECONDS };
const restarted = { startSeconds: T0 / 1000 + 24 };

function same(seen: Sight): Pick<Case, 'seen' | 'seenWithStates'> {
  return { seen, seenWithStates: seen };
}

const WHOLE: Sight = { cpu: 0.75, memory: 3000, other: { cpu: 0.25, memory: 2000 } };
const ONLY_MEMORY: Sight = { cpu: 'missing', memory: 3000, other: { cpu: 'missing', memory: 2000 } };
const NOTHING: Sight = { cpu: 'missing', memory: 'missing', other: { cpu: 'missing', memory: 'missing' } };
const WITHOUT: Sight = { cpu: 0.5, memory: 1000, other: 'gone' };

/** By the beginning of the row of docs/truth.md. */
const CASES: Readonly<Record<string, Case>> = {
  'runs;': { line: round => ({ cpuSeconds: 10 + round * 3.75, memoryBytes: 2000, ...start }), living: BOTH, ...same(WHOLE) },
  'has just started,': {
    line: round => ({ cpuSeconds: round < 2 ? 10 : 1, memoryBytes: 2000, ...round < 2 ? start : restarted }), living: BOTH, ...same(ONLY_MEMORY),
  },
  'uses no CPU': {
    line: () => ({ cpuSeconds: 10, memoryBytes: 2000, ...start }), living: BOTH, ...same({ cpu: 0.5, memory: 3000, other: { cpu: 0, memory: 2000 } }),
  },
  'reports CPU 0': {
    line: () => ({ cpuSeconds: 0, memoryBytes: 2000, ...start }), living: BOTH, ...same({ cpu: 0.5, memory: 3000, other: { cpu: 0, memory: 2000 } }),
  },
  'ended a moment ago': {
    line: () => ({ cpuSeconds: 10, memoryBytes: 0, ...start }), living: ['app'], ...same({ cpu: 0.5, memory: 1000, other: { cpu: 0, memory: 0 } }),
  },
  'computes, with no memory': {
    line: round => ({ cpuSeconds: 10 + round * 3.75, memoryBytes: 0, ...start }),
    living: BOTH,
    ...same({ cpu: 0.75, memory: 'missing', other: { cpu: 0.25, memory: 'missing' } }),
  },
  'without statistics': { line: () => start, living: ['app'], seen: NOTHING, seenWithStates: WITHOUT },
  'runs, and the kubelet leaves it out': { line: () => undefined, living: BOTH, seen: WITHOUT, seenWithStates: NOTHING },
  'waits to be restarted': { line: () => undefined, living: BOTH, seen: WITHOUT, seenWithStates: NOTHING },
  'a finished init container': { line: () => undefined, living: ['app'], ...same(WITHOUT) },
};

/** After three pages. */
function sight({ line }: Case, living: readonly string[] | undefined): Sight {
  const clock = new ManualClock(T0);
  const store = new MetricStore({ clock, random: Math.random, resolutionMs: RESOLUTION_MS });
  for (let round = 0; round < 3; round++) {
    const timestampMs = T0 + round * RESOLUTION_MS;
    const other = line(round);
    store.apply('a', pageOf({ timestampMs, cpuSeconds: 100 + round, memoryBytes: 1 }, [
      { pod: 'web', container: 'app', timestampMs, cpuSeconds: 10 + round * 7.5, memoryBytes: 1000, ...start },
      ...other ? [{ pod: 'web', container: 'other', timestampMs, ...other }] : [],
    ]));
    clock.advance(RESOLUTION_MS);
  }
  const api = metricsApi({ version: 'v1beta1', nodes: registryOf(), pods: registryOf({ ...pod('default', 'web'), living }), usage: store, clock });
  const path = '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods';
  const query = new URLSearchParams();
  const result = api.handle({
    info: parseRequestInfo('GET', path), query, options: parseListOptions(query), user: { name: 'hpa', groups: [] }, signal: new AbortController().signal,
  }) as ApiResult;
  const [item] = 'items' in result ? [...result.items].map(one => JSON.parse(`{${one.membersJson()}}`)) : [];
  const other = () => ({ cpu: containerResourceOf(item, 'other', 'cpu'), memory: containerResourceOf(item, 'other', 'memory') });
  expect(containerResourceOf(item, 'app', 'cpu')).toBe(0.5);
  expect(containerResourceOf(item, 'app', 'memory')).toBe(1000);
  const listed = item.containers.some(({ name }: { name: string }) => name === 'other');
  return { cpu: resourceOf(item, 'cpu'), memory: resourceOf(item, 'memory'), other: listed ? other() : 'gone' };
}

describe('what an autoscaler sees of a pod with a container that', () => {
  test.each(Object.entries(CASES))('%s', (_, one) => {
    expect(sight(one, undefined)).toEqual(one.seen);
    expect(sight(one, one.living)).toEqual(one.seenWithStates);
  });
});

test('docs/truth.md has a row for each case, and a case for each row', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/truth.md'), 'utf8');
  const rows = page.slice(page.indexOf('| container |')).split('\n\n')[0].split('\n').slice(2).map(row => row.slice(2));
  // Of pods that are not Running, the registry knows nothing.
  const cases = rows.filter(row => !row.startsWith('of a pod that is not Running')).map(row => Object.keys(CASES).find(name => row.startsWith(name)));
  expect(cases).toEqual(Object.keys(CASES));
});
