import { App, Chart } from 'cdk8s';
import * as ts from 'typescript';
import * as library from '../../../src';

/** Runs a program as its user does. */
export function objectsOf(program: string): any[] {
  return chartOf(program, 'MetricsServerChart').toJson();
}

/** The chart that a program exports, which is valid. */
export function chartOf(program: string, className: string): Chart {
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const modules: Record<string, unknown> = { 'cdk8s': { App, Chart, ...jest.requireActual('cdk8s') }, 'cdk8s-metrics-server': library };
  const exported: Record<string, any> = {};
  new Function('exports', 'require', outputText)(exported, (name: string) => modules[name] ?? {});
  const chart: Chart = new exported[className](new App(), 'chart');
  expect(chart.node.findAll().flatMap(({ node }) => node.validate())).toEqual([]);
  return chart;
}

/** What a program says in words, on one line. */
export function commentsOf(program: string): string {
  return program.split('\n').map((line) => /^\s*\/\/ (.*)$/.exec(line)?.[1] ?? '').join(' ');
}
