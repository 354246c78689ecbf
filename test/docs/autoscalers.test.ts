import * as fs from 'fs';
import * as path from 'path';
import { MetricNotFoundError } from '../../src/runtime/custom-metrics/metric-errors';
import { nothingFrom } from '../../src/runtime/metric-sources/sample-source';
import { SourceError, SourceFailureReason } from '../../src/runtime/prometheus/source-error';
import { StatusError } from '../../src/runtime/server/status';

const GUIDE = fs.readFileSync(path.join(__dirname, '../../docs/autoscalers.md'), 'utf8');
/** Texts in the first column of the table of messages. */
const TEXTS = [...GUIDE.split('## What the message says')[1].split('## ')[0].matchAll(/^\| (`.+?) \| /gm)]
  .flatMap(([, cell]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text));

const PODS = { groupResource: { group: '', resource: 'pods' }, namespaced: true, metric: 'METRIC' };
const source = (reason: SourceFailureReason, problem: string, code?: number) => new SourceError('NAME', reason, problem, 'query: up', code).toStatus().message;

/** `…` stands for anything. */
function isTold(message: string): boolean {
  return TEXTS.some((text) => new RegExp(`^${text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(message));
}

test.each([
  new MetricNotFoundError(PODS).message,
  nothingFrom({ sources: ['NAME'], asked: 'query: up' }, new MetricNotFoundError(PODS, '*')).message,
  source('unavailable', 'Service Unavailable', 503),
  source('timeout', 'no answer in 10 s'),
  source('credentials', '/sources/secrets/SECRET/KEY cannot be read (ENOENT)'),
  source('query', 'bad_data: parse error', 400),
  StatusError.serviceUnavailable('the configuration of custom and external metrics cannot be used: config.yaml:3').message,
])('docs/autoscalers.md says what to do about: %s', (message) => {
  expect(isTold(message)).toBe(true);
});

test('docs/autoscalers.md tells the API of each reason that kube-controller-manager gives', () => {
  const rows = [...GUIDE.matchAll(/^\| `(FailedGet\w+)` \| \w+[^|]*\| `([a-z.0-9]+)` \|/gm)].map(([, reason, group]) => [reason, group]);

  expect(rows).toEqual([
    ['FailedGetResourceMetric', 'metrics.k8s.io'], ['FailedGetContainerResourceMetric', 'metrics.k8s.io'],
    ['FailedGetPodsMetric', 'custom.metrics.k8s.io'], ['FailedGetObjectMetric', 'custom.metrics.k8s.io'], ['FailedGetExternalMetric', 'external.metrics.k8s.io'],
  ]);
});
