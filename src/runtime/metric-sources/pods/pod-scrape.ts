import { PageAnswer, PageReader, PageRound } from './page-rounds';
import { podPages, PodPages } from './pod-pages';
import { PodSamples } from './pod-samples';
import { RoundBudgetError } from './round-budget';
import { PodSelection } from './running-pods';
import { labelSelectorAt } from '../../configuration-file/compiled';
import { ConfigurationNode } from '../../configuration-file/configuration-node';
import { Sample } from '../../prometheus/samples';
import { ACCESS_FIELDS, accessConfiguration } from '../../prometheus/source-configuration';
import { SourceError, SourceFailureReason } from '../../prometheus/source-error';
import { MetricOrigin } from '../metric-origin';
import { SampleSource, SourceExchange } from '../sample-source';

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
    open({ name, refreshMs, windowSeconds = 0 }, { clock, podPageRounds, sourceOutcomes }): SampleSource {
      const windowMs = Math.max(windowSeconds * 1000 || MIN_WINDOW_MS, 2 * refreshMs);
      const source = `pods/${name}`;
      const rounds = podPageRounds.of({ pages, pods: chosen, refreshMs, source });
      const reader: PageReader = { source, values: pages };
      rounds.join(reader);
      const served = new PodSamples(pages.isCounter, windowMs);
      const asked = `GET ${pages.url.href} of pods ${chosen.labelSelector}${chosen.namespace === undefined ? '' : ` in ${chosen.namespace}`}`;
      const failure = (reason: SourceFailureReason, problem: string) => new SourceError(source, reason, problem, `GET ${pages.url.href}`);
      return {
        sources: [source],
        asked,
        async samples(timeMs, signal, record) {
          // Who only looks moves no counter whose rate is served, and takes no page from others.
          const samples = record ? new PodSamples(pages.isCounter, windowMs) : served;
          const found = await sourceOutcomes.observed(source, asked, async () => {
            const round = await (record ? rounds.look(reader, timeMs, signal) : rounds.next(reader, signal));
            for (const answer of round.answers) record?.(exchangeOf(answer));
            samples.beginRound(clock.monotonic());
            return samplesOf(samples, round, source);
          }).catch((error) => {
            throw error instanceof RoundBudgetError ? failure('answer', error.message) : error;
          });
          if (found.length > 0 || record || !samples.awaitsSecond) return found;
          throw failure('unavailable', `a rate takes two samples of a counter; the second comes in ${refreshMs / 1000} s`);
        },
      };
    },
  };
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
