import { checkFilled } from './_filled-check';
import { Re2, Re2SyntaxError } from '../_facts/re2/re2';
import { Check, refuse } from '../validation/_validation';

/** A regular expression, by the adapter's own parser. */
export const checkExpression: Check = (scope, property, pattern) => {
  checkFilled(scope, property, pattern);
  try {
    new Re2(pattern as string);
  } catch (error) {
    if (!(error instanceof Re2SyntaxError)) throw error;
    refuse(scope, { property, given: pattern, allowed: `a regular expression as Go has them; ${error.message}`, mend: 'write it as in ^(.*)_total$' });
  }
};
