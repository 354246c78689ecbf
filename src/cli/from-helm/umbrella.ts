import { Mistake } from '../mistake';
import { CHART } from './chart';
import { MAPPINGS } from './mappings';
import { isTree } from './values';
import { ParsedValues } from './values-files';

const KNOWN = new Set(MAPPINGS.flatMap(({ values }) => Object.keys(values)).map((leaf) => leaf.split('.')[0]));

/** Values for all charts of an umbrella. */
export const GLOBAL = 'global';

const isKnown = (name: string) => KNOWN.has(name);

/**
 * The chart's own values, out of those of an umbrella chart that has it as a dependency: they stand under the chart's name, or under the
 * alias that `key` names.
 *
 * @throws Mistake when the values seem to stand under another key, not under `key`, or in an object that is applied
 */
export function withoutUmbrella(files: readonly ParsedValues[], key: string | undefined): readonly ParsedValues[] {
  if (key !== undefined && !files.some(({ values }) => isTree(values[key]))) {
    throw new Mistake(`from-helm: --key: given ${JSON.stringify(key)}; allowed: a key at the top of the values that holds a map`);
  }
  return files.map((file) => key === undefined ? detected(file) : below(file, key));
}

function detected(file: ParsedValues): ParsedValues {
  const { values } = file;
  if (typeof values.apiVersion === 'string' && typeof values.kind === 'string') {
    throw new Mistake(`${file.locate(['kind'])}: given an object of kind ${JSON.stringify(values.kind)}; allowed: the chart's values alone, in a file of their own`);
  }
  if (isTree(values[CHART.name])) return below(file, CHART.name);
  const names = Object.keys(values).filter((name) => name !== GLOBAL);
  const alias = names.find((name) => isTree(values[name]) && Object.keys(values[name]).some(isKnown));
  if (alias !== undefined && !names.some(isKnown)) {
    throw new Mistake(`${file.locate([alias])}: ${alias} seems to hold the chart's values, as in those of an umbrella chart: say --key ${alias}`);
  }
  return file;
}

function below(file: ParsedValues, key: string): ParsedValues {
  const values = file.values[key];
  return { values: isTree(values) ? values : {}, locate: (path) => file.locate([key, ...path]) };
}
