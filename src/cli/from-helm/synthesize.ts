import { App, Chart, Duration } from 'cdk8s';
import { API_SERVICES_CHART } from './git-ops-tool';
import type * as Library from '../../index';
import { evaluate } from '../typescript/evaluate';
import { Expression } from '../typescript/expression';

/** What the properties synthesize, or why the construct refuses them. */
export interface Synthesized {
  readonly objects?: readonly any[];
  readonly refusal?: string;
}

export function synthesize(properties: ReadonlyMap<string, Expression>, library: typeof Library): Synthesized {
  const app = new App();
  const chart = new Chart(app, 'chart');
  const apiServices = new Chart(app, 'api-services');
  try {
    new library.MetricsServer(chart, 'metrics-server', evaluate(Object.fromEntries(properties), { ...library, Duration, [API_SERVICES_CHART]: apiServices }));
    const [mistake] = app.node.findAll().flatMap(({ node }) => node.validate());
    return mistake === undefined ? { objects: [...chart.toJson(), ...apiServices.toJson()] } : { refusal: mistake };
  } catch (error) {
    return { refusal: (error as Error).message };
  }
}
