import { Check, checkText, refuse } from '../validation/_validation';

export const checkFilled: Check = (scope, property, value) => {
  checkText(scope, property, value);
  if (value === '') refuse(scope, { property, given: value, allowed: 'text that is not empty', mend: `write ${property} as prometheus-adapter's configuration has it` });
};
