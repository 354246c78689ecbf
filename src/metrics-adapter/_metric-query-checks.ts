import { IConstruct } from 'constructs';
import { MetricSource } from './metric-source';
import { goDuration } from '../kubernetes/_go-duration';
import { parseQuery, Query } from '../promql/_query';
import { QueryMistake } from '../promql/_query-mistake';
import { refuse } from '../validation/_validation';

/** A rate needs two samples: by luck there are two in less than two scrapes. */
const SCRAPES_IN_RATE = 2;
/** So that it has a value still when a scrape fails or comes late. */
const ADVISED_SCRAPES = 4;

/** Reads a metric's query, which has to give the labels that say of what a value is, and rates that have values. */
export function checkMetricQuery(scope: IConstruct, query: string, identifying: readonly string[], sources: readonly MetricSource[]): Query {
  const parsed = parsedQuery(scope, query);
  const missing = identifying.filter((label) => !parsed.labels.has(label));
  if (missing.length > 0) {
    refuse(scope, {
      property: 'options.query',
      given: query,
      allowed: `a result with the labels ${identifying.join(' and ')}, which say what a value is of; this has ${labelsIn(parsed, missing)}`,
      mend: `write ${missing.join(', ')} into its by (…), as in sum by (${identifying.join(', ')}) (…), or say by nameLabel and namespaceLabel which labels they are`,
    });
  }
  const scrapeMs = Math.max(...sources.map(({ _scrapeInterval }) => _scrapeInterval.toMilliseconds()));
  const short = parsed.rateWindows.find(({ windowMs }) => windowMs < SCRAPES_IN_RATE * scrapeMs);
  if (short) {
    refuse(scope, {
      property: 'options.query',
      given: query,
      allowed: `ranges of ${goDuration(SCRAPES_IN_RATE * scrapeMs)} or more, two scrapes, in ${short.expression}`,
      mend: `write [${goDuration(ADVISED_SCRAPES * scrapeMs)}], four scrapes, so that one may fail, or set the source's scrapeInterval to what it is`,
    });
  }
  return parsed;
}

/** Of a selector's series only those are known that are taken away. */
function labelsIn({ labels: { known } }: Query, missing: readonly string[]): string {
  return known ? known.join(', ') || 'none' : `no ${missing.join(' and no ')}`;
}

function parsedQuery(scope: IConstruct, query: string): Query {
  try {
    return parseQuery(query);
  } catch (error) {
    if (!(error instanceof QueryMistake)) throw error;
    return refuse(scope, { property: 'options.query', given: query, allowed: error.allowed, mend: 'write it as in sum by (namespace, pod) (rate(http_requests_total[4m]))' });
  }
}
