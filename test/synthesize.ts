import { App, Chart, ChartProps } from 'cdk8s';
import { Manifest } from './golden/compare-manifests';

/** A chart to put constructs into. */
export function testChart(props: ChartProps = {}): Chart {
  return new Chart(new App(), 'test', props);
}

/** The one object of a kind, and of a name where there are several. */
export function objectOf(chart: Chart, kind: string, name?: string): Manifest {
  const found = (chart.toJson() as Manifest[]).filter((object) => object.kind === kind && (!name || object.metadata.name === name));
  expect(found.map(({ metadata }) => metadata.name)).toHaveLength(1);
  return found[0];
}

/** Arguments of the first container of a chart's Deployment. */
export function argsOf(chart: Chart): string[] {
  return objectOf(chart, 'Deployment').spec.template.spec.containers[0].args ?? [];
}
