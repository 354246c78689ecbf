import { App, Chart, Duration } from 'cdk8s';
import type * as Library from '../../index';
import { evaluate } from '../typescript/evaluate';
import { Expression } from '../typescript/expression';

/** What the properties synthesize, or why the construct refuses them. */
export interface Synthesized {
  readonly objects?: readonly any[];
  readonly refusal?: string;
}

export function synthesize(properties: ReadonlyMap<string, Expression>, library: typeof Library): Synthesized {
  const chart = new Chart(new App(), 'chart');
  try {
    new library.MetricsServer(chart, 'metrics-server', evaluate(Object.fromEntries(properties), { ...library, Duration }));
    const [mistake] = chart.node.findAll().flatMap(({ node }) => node.validate());
    return mistake === undefined ? { objects: chart.toJson() } : { refusal: mistake };
  } catch (error) {
    return { refusal: (error as Error).message };
  }
}
