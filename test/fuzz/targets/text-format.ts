import { parseSeriesSelector } from '../../../src/_facts/series-selector';
import { selectedSeries } from '../../runtime/metric-sources/pods/selected-series';
import { FuzzTarget } from '../target';

const MAX_SERIES = 1000;
const MAX_LABEL_CHARACTERS = 4096;
const selector = parseSeriesSelector('jobs_total{queue=~"(m.*|.*l)+",state!~"x|y"}');

/** A pod's page of metrics. */
export const textFormat: FuzzTarget = {
  name: 'text-format',
  words: ['jobs_total', '# TYPE jobs_total counter\n', '{queue="mail"}', 'queue=', 'state=', '="', '",', '\\n', '\\"', ' # {trace_id="x"} 1', ' 1795276230000', '1e-320', '__proto__="x"', '\r\n', '\t'],
  check(input) {
    let read;
    try {
      read = selectedSeries(input, selector, 97);
    } catch (error) {
      if (!/^(?:line \d+ (?:is not of the text format: |has )|it has more than )[^\n]{1,200}$/.test((error as Error).message)) throw error;
      return;
    }
    if (read.length > MAX_SERIES) throw new Error(`${read.length} series`);
    for (const { labels, value } of read) {
      if (typeof value !== 'number') throw new Error(`a value of ${typeof value}`);
      if (!selector.matches(labels)) throw new Error(`not chosen: ${JSON.stringify(labels)}`);
      if (Object.entries(labels).flat().some((text) => text.length > MAX_LABEL_CHARACTERS)) throw new Error('a label without end');
    }
  },
};
