import { Mistake } from '../mistake';
import { CHART } from './chart';
import { MAPPINGS } from './mappings';
import { isTree } from './values';
import { ParsedValues } from './values-files';

const KNOWN = new Set(MAPPINGS.flatMap(({ values }) => Object.keys(values)).map((leaf) => leaf.split('.')[0]));
const isKnown = (name: string) => KNOWN.has(name);

/**
 * The chart's own values, out of those of an umbrella chart that has it as a dependency: they stand under the chart's name, or under the
 * alias that `key` names. `global` is for all charts of an umbrella, and this one reads nothing from it.
 *
 * @throws Mistake when the values seem to stand under another key, or not under `key`
 */
export function withoutUmbrella(files: readonly ParsedValues[], key: string | undefined): readonly ParsedValues[] {
  if (key !== undefined && !files.some(({ values }) => isTree(values[key]))) {
    throw new Mistake(`from-helm: --key: given ${JSON.stringify(key)}; allowed: a key at the top of the values that holds a map`);
  }
  return files.map((file) => key === undefined ? detected(file) : below(file, key));
}

function detected(file: ParsedValues): ParsedValues {
  const { global, ...values } = file.values;
  if (isTree(values[CHART.name])) return below(file, CHART.name);
  const names = Object.keys(values);
  const alias = names.find((name) => isTree(values[name]) && Object.keys(values[name]).some(isKnown));
  if (alias !== undefined && !names.some(isKnown)) {
    throw new Mistake(`${file.locate([alias])}: ${alias} seems to hold the chart's values, as in those of an umbrella chart: say --key ${alias}`);
  }
  return { ...file, values };
}

function below(file: ParsedValues, key: string): ParsedValues {
  const values = file.values[key];
  const { global, ...own } = isTree(values) ? values : {};
  return { values: own, locate: (path) => file.locate([key, ...path]) };
}
