import { podPages, PodPages } from './pod-pages';
import { PodSamples } from './pod-samples';
import { RoundBudgetError } from './round-budget';
import { PodSelection, RunningPod, runningPods } from './running-pods';
import { withDeadline } from '../../cluster/deadline';
import { labelSelectorAt } from '../../configuration-file/compiled';
import { ConfigurationNode } from '../../configuration-file/configuration-node';
import { Sample } from '../../prometheus/samples';
import { ACCESS_FIELDS, accessConfiguration } from '../../prometheus/source-configuration';
import { SourceError } from '../../prometheus/source-error';
import { SourceHttp } from '../../prometheus/source-http';
import { MetricOrigin, SourceContext } from '../metric-origin';
import { Recorder, SampleSource } from '../sample-source';

/** Pods that are asked at the same time. */
const CONCURRENCY = 16;
const MIN_WINDOW_MS = 60_000;

const PODS = { object: { groupResource: { group: '', resource: 'pods' }, nameLabel: 'pod' }, namespaceLabel: 'namespace' };

/** `pods`: a page of each of the pods that a selector chooses. */
export function podScrape(node: ConfigurationNode): MetricOrigin {
  const { namespace, selector, scheme, port, path, series, type, json, ...access } = node.fields(
    'namespace', 'selector', 'scheme', 'port', 'path', 'series', 'type', 'json', ...ACCESS_FIELDS,
  );
  const chosen: PodSelection = { namespace: namespaceOf(namespace), labelSelector: selectorOf(selector) };
  const pages = podPages({ scheme, port, path, series, type, json }, accessConfiguration(node, access));
  checkCredentials(access, pages);
  return {
    described: PODS,
    open({ name, refreshMs, windowSeconds = 0 }, context): SampleSource {
      const windowMs = Math.max(windowSeconds * 1000 || MIN_WINDOW_MS, 2 * refreshMs);
      const source = `pods/${name}`;
      const http = new SourceHttp({ ...pages.access, name: source, url: pages.url }, context.clock, context.userAgent);
      const served = new PodSamples(pages, windowMs);
      const listed = runningPods(context.metricObjects, chosen);
      const asked = `GET ${pages.url.href} of pods ${chosen.labelSelector}${chosen.namespace === undefined ? '' : ` in ${chosen.namespace}`}`;
      return {
        name: source,
        asked,
        async samples(timeMs, signal, record) {
          // Who only looks moves no counter whose rate is served.
          const samples = record ? new PodSamples(pages, windowMs) : served;
          samples.beginRound(context.clock.monotonic());
          const late = () => new SourceError(source, 'timeout', `not all pods were asked in ${refreshMs / 1000} s`, `GET ${pages.url.href}`);
          const answers = await context.sourceOutcomes.observed(source, asked, async () => {
            const pods = await listed(signal);
            const all = await withDeadline(context.clock, refreshMs, late, signal, (deadline) => (
              askAll(pods, (pod) => askPod(pod, { source, pages, http, samples, context, timeMs, signal: deadline, record }))
            ));
            signal.throwIfAborted();
            return whole(all, source);
          });
          if (answers.length > 0 || record || !samples.awaitsSecond) return answers;
          throw new SourceError(source, 'unavailable', `a rate takes two samples of a counter; the second comes in ${refreshMs / 1000} s`, `GET ${pages.url.href}`);
        },
        close: () => http.close(),
      };
    },
  };
}

interface Asking {
  readonly source: string;
  readonly pages: PodPages;
  readonly http: SourceHttp;
  readonly samples: PodSamples;
  readonly context: SourceContext;
  readonly timeMs: number;
  readonly signal: AbortSignal;
  readonly record?: Recorder;
}

/** Of one pod its samples, or why it has none. */
type PodAnswer = readonly Sample[] | SourceError;

async function askPod(pod: RunningPod, { source, pages, http, samples, context, timeMs, signal, record }: Asking): Promise<PodAnswer> {
  const url = pages.urlOf(pod);
  const asked = `GET ${url.href}`;
  try {
    const text = await context.sourceMetrics.measured(source, () => http.request({
      path: `${url.pathname}${url.search}`, url: new URL(url.origin), asked, timeoutMs: pages.access.timeoutMs, signal,
    }, (response) => pages.read(response)));
    record?.({ source: `pod ${pod.namespace}/${pod.name}`, asked, answer: JSON.stringify(samples.found(pod, text, timeMs)) });
    return samples.of(pod, text, timeMs, context.clock.monotonic());
  } catch (error) {
    if (error instanceof RoundBudgetError) throw new SourceError(source, 'answer', error.message, `GET ${pages.url.href}`);
    const failure = error instanceof SourceError ? error : new SourceError(source, 'answer', (error as Error).message, asked);
    record?.({ source: `pod ${pod.namespace}/${pod.name}`, asked, answer: failure.message });
    return failure;
  }
}

/** A pod that does not answer has no value, which autoscalers allow for; when none answers, there is a reason to be told. */
function whole(answers: readonly PodAnswer[], source: string): readonly Sample[] {
  const failures = answers.filter((answer) => answer instanceof SourceError);
  if (failures.length > 0 && failures.length === answers.length) {
    const [{ reason, problem, asked: url, code }] = failures;
    throw new SourceError(source, reason, `${failures.length === 1 ? 'the only pod does not answer' : `none of ${failures.length} pods answers`}: ${problem}`, url, code);
  }
  return answers.flatMap((answer) => answer instanceof SourceError ? [] : answer);
}

async function askAll<T>(pods: readonly RunningPod[], ask: (pod: RunningPod) => Promise<T>): Promise<readonly T[]> {
  const answers: T[] = [];
  const waiting = [...pods];
  const work = async () => { for (let pod = waiting.shift(); pod; pod = waiting.shift()) answers.push(await ask(pod)); };
  // When all fails for one, nobody waits for the others.
  await Promise.all(Array.from({ length: CONCURRENCY }, work)).finally(() => waiting.splice(0));
  return answers;
}

function namespaceOf(node: ConfigurationNode): string | undefined {
  const name = node.text() || undefined;
  if (name === undefined || /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return name;
  throw node.error(`is ${JSON.stringify(name)}; give the name of a namespace, or none for all of them`);
}

function selectorOf(node: ConfigurationNode): string {
  if (node.text().trim() === '') throw node.error('is missing; say which pods by their labels, such as app=web');
  return labelSelectorAt(node);
}

/** Whoever may make a pod with these labels is asked. */
function checkCredentials({ bearerTokenFile, basicAuth }: Record<'bearerTokenFile' | 'basicAuth', ConfigurationNode>, { url, access }: PodPages): void {
  const credentials = [bearerTokenFile, basicAuth].find((node) => !node.isAbsent);
  if (!credentials || (url.protocol === 'https:' && !access.tls.insecureSkipVerify)) return;
  throw credentials.error('would go to whoever has a pod with these labels; give scheme: https, and verify the pods');
}
