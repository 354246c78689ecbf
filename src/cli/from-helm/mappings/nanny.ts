import { containerResources } from './resources';
import { changedSecurityContext, RESTRICTED } from './security';
import { durationOfMs } from '../../typescript/duration';
import { Call, Expression } from '../../typescript/expression';
import { prefixed, same } from '../leaves';
import { Mapping, property } from '../mapping';
import { Translation } from '../translation';
import { Values } from '../values';

const NANNY = 'addonResizer.nanny';
const IMAGE = { repository: 'registry.k8s.io/autoscaling/addon-resizer', tag: '1.8.23' };
const RESOURCES = { requests: { cpu: '40m', memory: '25Mi' }, limits: { cpu: '40m', memory: '25Mi' } };
const ESTIMATES = { cpu: ['0m', '1m'], memory: ['0Mi', '2Mi'] };

export const ADDON_RESIZER: readonly Mapping[] = [
  {
    values: { 'addonResizer.enabled': false },
    properties: [property('sizing'), 'Sizing.nanny', 'NannyConfiguration.configMap'],
    note: 'Its estimates stay in the ConfigMap `<name>-nanny-config`. It counts nodes by listing them, which works with every version of Kubernetes, where the chart reads a metric that Kubernetes 1.37 hides.',
    translate: (values, to) => {
      if (!values.boolean('addonResizer.enabled')) return;
      to.set('sizing', new Call('Sizing.nanny', options(values, to)));
      to.remark('sizing', `The nanny lists nodes to count them, where the chart reads a metric that Kubernetes 1.37 hides${usesChartsImage(values) ? `, and is newer than the chart's ${IMAGE.tag}` : ''}`);
    },
  },
  {
    values: { 'addonResizer.image.repository': IMAGE.repository, 'addonResizer.image.tag': '1.8.23' },
    properties: ['NannyOptions.image'],
    note: 'As one reference. The default is newer than the chart\'s.',
  },
  {
    values: prefixed('addonResizer.securityContext', RESTRICTED),
    trees: ['addonResizer.securityContext'],
    properties: ['NannyOptions.containerSecurityContext'],
    note: 'Merged over the default, which is the chart\'s.',
  },
  {
    values: prefixed('addonResizer.resources', RESOURCES),
    trees: ['addonResizer.resources'],
    properties: ['NannyOptions.resources'],
    note: 'The default is the chart\'s.',
  },
  {
    values: { [`${NANNY}.cpu`]: '0m', [`${NANNY}.extraCpu`]: '1m' },
    properties: ['NannyOptions.cpu', 'NannyEstimate.base', 'NannyEstimate.perNode'],
    note: 'Base and share of each node. The chart\'s README calls the latter `extraCPU`, which it does not read.',
  },
  {
    values: { [`${NANNY}.memory`]: '0Mi', [`${NANNY}.extraMemory`]: '2Mi' },
    properties: ['NannyOptions.memory', 'NannyEstimate.base', 'NannyEstimate.perNode'],
    note: 'Base and share of each node.',
  },
  {
    values: { [`${NANNY}.minClusterSize`]: 100 },
    properties: ['NannyOptions.estimator', 'NannyEstimator.exponential'],
    note: 'Of the exponential estimator, the chart\'s only one.',
  },
  {
    values: { [`${NANNY}.pollPeriod`]: 300000 },
    properties: ['NannyOptions.pollPeriod'],
    note: 'Milliseconds in the chart, a `Duration` here.',
  },
  {
    values: { [`${NANNY}.threshold`]: 5 },
    properties: ['NannyOptions.threshold'],
    note: 'In percent.',
  },
];

function usesChartsImage(values: Values): boolean {
  return imageOf(values) === `${IMAGE.repository}:${IMAGE.tag}`;
}

function imageOf(values: Values): string {
  return `${values.text('addonResizer.image.repository')}:${values.text('addonResizer.image.tag')}`;
}

function options(values: Values, to: Translation): Expression {
  const unless = <T extends Expression>(value: T | undefined, usual: unknown) => same(value, usual) ? undefined : value;
  const number = (name: string) => values.number(`${NANNY}.${name}`);
  const pollPeriod = unless(number('pollPeriod'), 300_000);
  const minClusterSize = unless(number('minClusterSize'), 100);
  const resources = values.map('addonResizer.resources');
  return {
    image: usesChartsImage(values) ? undefined : imageOf(values),
    ...estimates(values),
    estimator: minClusterSize === undefined ? undefined : new Call('NannyEstimator.exponential', minClusterSize),
    threshold: unless(number('threshold'), 5),
    pollPeriod: pollPeriod === undefined ? undefined : durationOfMs(pollPeriod),
    configuration: new Call('NannyConfiguration.configMap'),
    resources: same(resources, RESOURCES) ? undefined : containerResources(resources, 'addonResizer.resources', to),
    containerSecurityContext: changedSecurityContext(values, 'addonResizer.securityContext', to),
  };
}

/** Both or none: one alone would leave the other resource unmanaged. */
function estimates(values: Values): { readonly cpu?: Expression; readonly memory?: Expression } {
  const amounts = (...names: string[]) => names.map((name) => values.text(`${NANNY}.${name}`));
  const cpu = amounts('cpu', 'extraCpu');
  const memory = amounts('memory', 'extraMemory');
  if (same({ cpu, memory }, ESTIMATES)) return {};
  const [estimateOfCpu, estimateOfMemory] = [cpu, memory].map(([base, perNode]) => ({ base, perNode }));
  return { cpu: estimateOfCpu, memory: estimateOfMemory };
}
