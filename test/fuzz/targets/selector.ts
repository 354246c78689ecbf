import { parseSelector, SelectorSyntaxError } from '../../../src/runtime/labels/selector';
import { exactName, parseFieldSelector } from '../../../src/runtime/server/field-selector';
import { parseListOptions } from '../../../src/runtime/server/list-options';
import { StatusError } from '../../../src/runtime/server/status';
import { FuzzTarget } from '../target';

const LABELS = { 'app': 'web', 'tier': '3', 'a.example.com/b': '', '__proto__': 'x' };

/** Label and field selectors, and the query they come in. */
export const selector: FuzzTarget = {
  name: 'selector',
  words: [' in (', ' notin (', ')', ',', '!', '=', '==', '!=', '>', '<', '\\,', '\\=', '%00', '&', 'labelSelector=', 'fieldSelector=', 'limit=', 'continue=', 'metadata.name='],
  check(input) {
    const text = input.toString('utf8');
    checkLabels(text);
    checkFields(text);
    try {
      parseListOptions(new URLSearchParams(text));
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  },
};

function checkLabels(text: string): void {
  try {
    const parsed = parseSelector(text);
    const again = parseSelector(parsed.toString());
    if (parsed.toString() !== again.toString()) throw new Error(`${parsed} is read as ${again}`);
    if (parsed.matches(LABELS) !== again.matches(LABELS)) throw new Error(`${parsed} does not choose what it says`);
  } catch (error) {
    if (!(error instanceof SelectorSyntaxError)) throw error;
  }
}

function checkFields(text: string): void {
  try {
    exactName(parseFieldSelector(text));
  } catch (error) {
    if (!/^invalid (field )?selector: /.test((error as Error).message)) throw error;
  }
}
