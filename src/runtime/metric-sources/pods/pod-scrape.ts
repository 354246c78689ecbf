import { PageAnswer, PageReader, PageRound, PageRounds } from './page-rounds';
import { podPages, PodPages } from './pod-pages';
import { PodSamples } from './pod-samples';
import { RoundBudgetError } from './round-budget';
import { PodSelection } from './running-pods';
import { labelSelectorAt } from '../../configuration-file/compiled';
import { ConfigurationNode } from '../../configuration-file/configuration-node';
import { Sample } from '../../prometheus/samples';
import { ACCESS_FIELDS, accessConfiguration, filesOf } from '../../prometheus/source-configuration';
import { SourceError, SourceFailureReason } from '../../prometheus/source-error';
import { MetricOrigin, SampledMetric, SourceContext } from '../metric-origin';
import { Recorder, SampleSource, SourceExchange } from '../sample-source';

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
    files: filesOf(pages.access),
    open: (metric, context) => new PodScrape(pages, chosen, metric, context),
  };
}

class PodScrape implements SampleSource {
  readonly sources: readonly string[];
  readonly asked: string;
  private readonly rounds: PageRounds;
  private readonly reader: PageReader;
  private readonly windowMs: number;
  private readonly served: PodSamples;

  constructor(
    private readonly pages: PodPages, pods: PodSelection,
    private readonly metric: Pick<SampledMetric, 'name' | 'refreshMs' | 'windowSeconds'>, private readonly context: SourceContext,
  ) {
    const { name, refreshMs, windowSeconds = 0 } = metric;
    const source = `pods/${name}`;
    this.windowMs = Math.max(windowSeconds * 1000 || MIN_WINDOW_MS, 2 * refreshMs);
    this.rounds = context.podPageRounds.of({ pages, pods, refreshMs, source });
    this.reader = { source, values: pages };
    this.rounds.join(this.reader);
    this.served = this.newSamples();
    this.sources = [source];
    this.asked = `GET ${pages.url.href} of pods ${pods.labelSelector}${pods.namespace === undefined ? '' : ` in ${pods.namespace}`}`;
  }

  async samples(timeMs: number, signal: AbortSignal, record?: Recorder): Promise<readonly Sample[]> {
    const { clock, sourceOutcomes } = this.context;
    const { source } = this.reader;
    // Who only looks moves no counter whose rate is served, and takes no page from others.
    const samples = record ? this.newSamples() : this.served;
    const found = await sourceOutcomes.observed(source, this.asked, async () => {
      const round = await (record ? this.rounds.look(this.reader, timeMs, signal) : this.rounds.next(this.reader, signal));
      for (const answer of round.answers) record?.(exchangeOf(answer));
      samples.beginRound(clock.monotonic());
      return samplesOf(samples, round, source);
    }).catch((error) => {
      throw error instanceof RoundBudgetError ? this.failure('answer', error.message) : error;
    });
    if (found.length > 0 || record || !samples.awaitsSecond) return found;
    throw this.failure('unavailable', `a rate takes two samples of a counter; the second comes in ${this.metric.refreshMs / 1000} s`);
  }

  continueFrom(before: SampleSource): void {
    if (before instanceof PodScrape) this.served.continueFrom(before.served);
  }

  private newSamples(): PodSamples {
    return new PodSamples(this.pages.isCounter, this.windowMs);
  }

  private failure(reason: SourceFailureReason, problem: string): SourceError {
    return new SourceError(this.reader.source, reason, problem, `GET ${this.pages.url.href}`);
  }
}

function exchangeOf({ pod, asked, found }: PageAnswer): SourceExchange {
  const answer = found instanceof Error ? found.message : JSON.stringify(found);
  return { source: `pod ${pod.namespace}/${pod.name}`, asked, answer };
}

/** A pod that does not answer has no value, which autoscalers allow for; when none answers, there is a reason to be told. */
function samplesOf(samples: PodSamples, { answers, timeMs }: PageRound, source: string): readonly Sample[] {
  const failures = answers.map(({ found }) => found).filter((found) => found instanceof SourceError);
  if (failures.length > 0 && failures.length === answers.length) {
    const [{ reason, problem, asked, code }] = failures;
    throw new SourceError(source, reason, `${failures.length === 1 ? 'the only pod does not answer' : `none of ${failures.length} pods answers`}: ${problem}`, asked, code);
  }
  return answers.flatMap(({ pod, found, readMs }) => (
    found instanceof SourceError ? [] : samples.of(pod, found, { timestampMs: timeMs, monotonicMs: readMs })
  ));
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
