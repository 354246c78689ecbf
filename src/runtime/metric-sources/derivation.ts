import { Recorder, SourceExchange } from './sample-source';
import { CustomMetricInfo, ExternalMetricInfo } from '../custom-metrics/provider';
import { Selector } from '../labels/selector';

/** How the configuration comes to the values of a metric. */
export interface Derivation extends DerivationRule {
  /** What was asked just now, and what came back. */
  readonly exchanges: readonly SourceExchange[];
  /** Why nothing came back, or not from all. */
  readonly failure?: string;
}

export interface DerivationRule {
  /** `/etc/adapter/config.yaml:12: rules[0]` */
  readonly rule: string;
  /** Of which a rule makes the metric. */
  readonly series?: string;
  /** As in an exchange. */
  readonly asked: string;
  /** Holds the name of the object that a sample is of; none for external metrics. */
  readonly nameLabel?: string;
  /** Holds the namespace; none where values are for every namespace. */
  readonly namespaceLabel?: string;
}

/** Objects whose values are asked for. */
export interface CustomQuestion {
  readonly info: CustomMetricInfo;
  readonly namespace: string;
  readonly names: readonly string[];
  readonly metricSelector: Selector;
}

export interface ExternalQuestion {
  readonly info: ExternalMetricInfo;
  readonly namespace: string;
  readonly metricSelector: Selector;
}

/** Undefined is said of metrics that are not made here. Throws a StatusError where it cannot be said. */
export interface DerivedMetrics {
  deriveCustom(question: CustomQuestion, signal: AbortSignal): Promise<Derivation | undefined>;
  deriveExternal(question: ExternalQuestion, signal: AbortSignal): Promise<Derivation | undefined>;
}

/** Of which more is shown than anybody reads. */
const MAX_EXCHANGES = 100;
const MAX_ANSWER_CHARACTERS = 64 * 1024;

/** Asks once, and tells what became of it. */
export async function derivation(rule: DerivationRule, ask: (record: Recorder) => Promise<unknown>): Promise<Derivation> {
  const exchanges: SourceExchange[] = [];
  const failure = await ask((exchange) => {
    if (exchanges.length < MAX_EXCHANGES) exchanges.push({ ...exchange, answer: beginningOf(exchange.answer) });
  }).then(() => undefined, (error: Error) => error.message);
  return { ...rule, exchanges, failure };
}

/** A copy: a slice would keep all of a large answer. */
function beginningOf(answer: string): string {
  return answer.length <= MAX_ANSWER_CHARACTERS ? answer : `${Buffer.from(answer.slice(0, MAX_ANSWER_CHARACTERS)).toString()}…`;
}
