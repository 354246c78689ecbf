import { parseSeriesSelector, SeriesSelectorError } from '../_facts/series-selector';
import { Check, checkText, refuse } from '../validation/_validation';

export const checkSeriesSelector: Check = (scope, property, selector) => {
  checkText(scope, property, selector);
  try {
    parseSeriesSelector(selector as string);
  } catch (error) {
    if (!(error instanceof SeriesSelectorError)) throw error;
    refuse(scope, {
      property, given: selector, allowed: `a selector of series; at character ${error.offset + 1} ${error.message}`, mend: 'write it as in http_requests_total{code!~"5.."}',
    });
  }
};
