import { readFileSync } from 'fs';
import { Autoscalers, samplePaths } from './autoscalers';
import { Container } from './container';
import { APPS, createPods, exposed, PODS_EACH, SERIES } from './workload';
import { textTable } from '../../../src/runtime/debug/text-table';
import { ControlPlane } from '../../e2e/control-plane/control-plane';
import { Adapter, METRICS_ADAPTER, OPEN, PROMETHEUS_ADAPTER } from '../../e2e/custom/adapter';
import { ScrapedPrometheus } from '../../e2e/custom/scraped-prometheus';
import { ours } from '../contender';
import { cpuSeconds, peakResidentBytes, residentBytes } from '../process-usage';

/** Of a server that runs for weeks, its first minute is not what it costs: V8 compiles what it sees is used. And prometheus-adapter has searched for series once more. */
const WARM_MS = 60_000;

/** As it stands it is no YAML: it has double quotes within double quotes. */
const sample = readFileSync(process.env.SAMPLE_CONFIG!, 'utf8').replace(/metricsQuery: "(.*)"$/gm, "metricsQuery: '$1'");

const RULES = `
rules:
- seriesQuery: http_requests_total{namespace!="",pod!=""}
  resources: {template: <<.Resource>>}
  name: {matches: "^(.*)_total$"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
- seriesQuery: service_requests_total{namespace!="",service!=""}
  resources: {template: <<.Resource>>}
  name: {matches: "^(.*)_total$"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
externalRules:
- seriesQuery: queue_depth{topic!=""}
  resources: {namespaced: false}
  metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (name)
`;

const DECLARED = `
metrics:
- name: http_requests
  query: sum by (namespace, pod) (rate(http_requests_total[2m]))
  object: {resource: pods, nameLabel: pod}
  namespaceLabel: namespace
- name: service_requests
  query: sum by (namespace, service) (rate(service_requests_total[2m]))
  object: {resource: services, nameLabel: service}
  namespaceLabel: namespace
- name: queue_depth
  query: sum by (topic) (queue_depth)
`;

interface Figures {
  readonly name: string;
  readonly queriesPerMinute: number;
  readonly cpuMillicores: number;
  readonly residentMib: number;
  readonly peakMib: number;
  readonly peakWorkingSetMib: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly failures: readonly string[];
}

const { command, args, env } = ours(process.execPath, 'assets/runtime/main/index.js');

/** As the image starts it. */
const OURS = { ...METRICS_ADAPTER, command: [command, ...args, 'metrics-adapter'], env };

/** As fast as it can: its default would have it wait for itself. */
const UNLIMITED = ['--client-qps=1000', '--client-burst=1000'];

/** As the chart has it. */
const CHART = ['--authorization-webhook-cache-authorized-ttl=5m'];

const CONTENDERS = [
  ['prometheus-adapter, its sample', PROMETHEUS_ADAPTER, sample, UNLIMITED],
  ['prometheus-adapter, three rules', PROMETHEUS_ADAPTER, RULES, UNLIMITED],
  ['ours, three rules', OURS, RULES, CHART],
  ['ours, three queries, grants for 10s', OURS, DECLARED, []],
  ['ours, three queries', OURS, DECLARED, CHART],
] as const;

async function measure(
  [name, program, configuration, flags]: typeof CONTENDERS[number], controlPlane: ControlPlane, url: string, durationMs: number,
): Promise<Figures> {
  const viewer = { cert: readFileSync(controlPlane.path('viewer.crt')), key: readFileSync(controlPlane.path('viewer.key')) };
  const container = new Container(program.command);
  const adapter = new Adapter({ ...program, command: container.command }, controlPlane, configuration, [
    `--prometheus-url=${url}`, '--metrics-relist-interval=1m', `--client-ca-file=${controlPlane.caFile}`, ...OPEN, ...flags,
  ]);
  try {
    for (const path of samplePaths) await adapter.ready(path);
    const warming = new Autoscalers(adapter.port, viewer);
    await pause(WARM_MS);
    warming.stop();
    const before = { queries: await queries(url), cpu: cpuSeconds(adapter.pid), atMs: performance.now() };
    const autoscalers = new Autoscalers(adapter.port, viewer);
    await pause(durationMs);
    const seconds = (performance.now() - before.atMs) / 1000;
    const cpu = cpuSeconds(adapter.pid) - before.cpu;
    const asked = await queries(url) - before.queries;
    // What is under way then is nobody's failure.
    const failures = [...autoscalers.failures];
    autoscalers.stop();
    const latencies = [...autoscalers.latenciesMs].sort((a, b) => a - b);
    return {
      name,
      queriesPerMinute: asked / seconds * 60,
      cpuMillicores: cpu / seconds * 1000,
      residentMib: residentBytes(adapter.pid) / 2 ** 20,
      peakMib: peakResidentBytes(adapter.pid) / 2 ** 20,
      peakWorkingSetMib: container.peakWorkingSetBytes / 2 ** 20,
      medianMs: latencies[Math.floor(latencies.length * 0.5)],
      p99Ms: latencies[Math.floor(latencies.length * 0.99)],
      failures,
    };
  } finally {
    await adapter.stop();
    container.remove();
  }
}

/** Searches for series included, as Prometheus counts them. */
async function queries(url: string): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const counts = page.matchAll(/^prometheus_http_requests_total\{.*handler="\/api\/v1\/(?:query|series)".*\} (\S+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

function report(all: readonly Figures[]): string {
  const last = all[all.length - 1];
  const ratio = (one: number, other: number) => `${other.toFixed(0)} (${(one / other).toFixed(2)})`;
  return textTable([
    ['CONTENDER', 'QUERIES A MINUTE', 'CPU mcores', 'PEAK WORKING SET MiB', 'RSS MiB', 'PEAK RSS MiB', 'MEDIAN ms', 'P99 ms', 'FAILED'],
    ...all.map((one) => [
      one.name, ratio(last.queriesPerMinute, one.queriesPerMinute), ratio(last.cpuMillicores, one.cpuMillicores),
      ratio(last.peakWorkingSetMib, one.peakWorkingSetMib), ratio(last.residentMib, one.residentMib), ratio(last.peakMib, one.peakMib),
      one.medianMs.toFixed(1), one.p99Ms.toFixed(1), String(one.failures.length),
    ]),
  ]);
}

async function main(): Promise<void> {
  const durationMs = 1000 * Number(process.argv[2] ?? 60);
  const prometheus = new ScrapedPrometheus('15s');
  const controlPlane = await ControlPlane.start({ controllers: false });
  try {
    await prometheus.start(exposed);
    await createPods(controlPlane);
    await prometheus.until('count_over_time(queue_depth{topic="app-0"}[1m]) > 2');
    const all: Figures[] = [];
    for (const contender of CONTENDERS) {
      const figures = await measure(contender, controlPlane, prometheus.url, durationMs);
      process.stderr.write(`${JSON.stringify({ ...figures, failures: figures.failures.slice(0, 3) })}\n`);
      all.push(figures);
    }
    const load = `${APPS} autoscalers of 3 metrics each every 15 s, ${APPS * PODS_EACH} pods, ${SERIES} series`;
    process.stdout.write(`${load}; in parentheses: the last line's as a part of it\n\n${report(all)}`);
  } finally {
    await prometheus.stop();
    await controlPlane.stop();
  }
}

main().then(() => process.exit(0), (error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
