import { readFileSync } from 'fs';
import { join } from 'path';
import { servedMetrics } from '../served-metrics';

const recorded = readFileSync(join(__dirname, '../golden/metrics-server-v0.9.0/metric-families.txt'), 'utf8');

/** Families of upstream that are not found here, and why. */
const notServed: readonly [reason: string, families: RegExp][] = [
  ['Go\'s runtime', /^go_/],
  ['what only kube-apiserver does: encryption at rest, admission, validation, aggregated discovery of others', new RegExp(
    '^(?:apiserver_(?:envelope_encryption|storage|validation|webhooks)_|field_validation_|aggregator_discovery_)')],
  ['libraries that are not used here', /^(?:workqueue_|rest_client_|cardinality_enforcement_|(?:registered|hidden|disabled)_metrics_total$)/],
  ['said by apiserver_request_* and apiserver_delegated_*, by the log, or by nobody asked for', new RegExp(
    '^(?:apiserver_(?:client_certificate|delegated_auth._request_duration|request_(?:filter|sli|slo)|response_sizes|audit)'
    + '|authenticat(?:ed_user|ion)_|authorization_)')],
  ['unknown to Node', /^process_(?:max_fds|network_|virtual_memory_)/],
  ['counted as soon as a token is reviewed', /^apiserver_delegated_authn_request_total$/],
];

test('each metric family of upstream is served, or is in the table', async () => {
  const served = await servedMetrics();
  const missing = [...recorded.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
    .filter(([, name, type]) => !served.has(type === 'histogram' ? `${name}_bucket` : name))
    .map(([, name]) => name);
  expect(missing.filter((name) => !notServed.some(([, families]) => families.test(name)))).toEqual([]);
  expect(notServed.filter(([, families]) => !missing.some((name) => families.test(name)))).toEqual([]);
});
