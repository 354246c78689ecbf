import { checkFilled } from './_filled-check';
import { Fields, Template, TemplateError } from '../_facts/go-template/template';
import { Check, refuse } from '../validation/_validation';

/** A template of Go, of which the adapter knows a part; `fields` are what it may use. */
export const templateCheck = (fields: Fields): Check => (scope, property, text) => {
  checkFilled(scope, property, text);
  try {
    new Template(text as string, fields);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    refuse(scope, {
      property, given: text, allowed: `a template of ${Object.keys(fields).join(', ')}; at character ${error.offset + 1}: ${error.message}`, mend: 'write it as in <<.Series>>, with what docs/custom-metrics.md lists',
    });
  }
};
