import { IConstruct } from 'constructs';
import { SourceAccess } from './_source-access';
import { MetricSource } from './metric-source';
import { PolicyRule } from '../_facts/rights';
import { LabelSet } from '../promql/_label-set';

/** What a metric is declared to be of. */
export type DescribedKind = 'pods' | 'objects' | 'nothing';

/** What an origin has to fit to. */
export interface OriginPlace {
  readonly scope: IConstruct;
  /** Those that give documents. */
  readonly httpSources: readonly MetricSource[];
  /** Name of the metric itself. */
  readonly name: string;
  /** Names of all metrics that are declared before it. */
  readonly declared: readonly string[];
  /** Labels that say what a value is of. */
  readonly identifying: readonly string[];
}

/** Where values come from: everything that follows for configuration, rights and checks. */
export interface Origin {
  /** Only of these can its values be; undefined for any. Then the labels are its own, and none can be named. */
  readonly of?: DescribedKind;
  /** Other metrics that it is made of. */
  readonly references?: readonly string[];
  /** The right that the adapter needs to read it, in a namespace or in all of them. */
  readonly right?: { readonly namespace?: string; readonly rule: PolicyRule };
  /** How it is asked, if not of a source. */
  readonly access?: SourceAccess;
  /** Refuses what cannot be. */
  check(place: OriginPlace, property: string, namespace: string): void;
  /** Labels that values may have. Once it is checked. */
  labels(identifying: readonly string[]): LabelSet;
  /** Fields of the metric in the adapter's configuration. */
  configuration(): object;
}
