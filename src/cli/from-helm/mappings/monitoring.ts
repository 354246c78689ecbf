import { Call, Reference } from '../../typescript/expression';
import { durationOf } from '../duration';
import { Mapping, property } from '../mapping';
import { asIs, list, Shape, struct, text } from '../shape';

const MONITOR = 'serviceMonitor';

/** Actions by their names in Prometheus, whose operator also takes them in capitals. */
const ACTIONS = [
  'REPLACE', 'KEEP', 'DROP', 'KEEP_EQUAL', 'DROP_EQUAL', 'HASH_MOD', 'LABEL_MAP', 'LABEL_DROP', 'LABEL_KEEP', 'LOWERCASE', 'UPPERCASE',
];

const action: Shape = (value, at, to) => {
  const known = typeof value === 'string' ? ACTIONS.find((name) => name.replace('_', '') === value.toUpperCase()) : undefined;
  if (known) return new Reference(`RelabelAction.${known}`);
  to.leave(at, `${JSON.stringify(value)} is no action of a relabeling`);
  return undefined;
};

const relabelings = list(struct({
  sourceLabels: asIs, separator: asIs, targetLabel: asIs, regex: text, modulus: asIs, replacement: text, action,
}));

export const MONITORING: readonly Mapping[] = [
  {
    values: { 'metrics.enabled': false },
    properties: [property('monitoring')],
    note: 'Nothing has to be enabled: `/metrics` is always served, to those who may read it. `monitoring` gives Prometheus that right.',
    translate: (values, to) => {
      if (values.boolean('metrics.enabled') || !values.boolean(`${MONITOR}.enabled`)) return;
      to.remark('monitoring', `${MONITOR}.enabled alone makes no ServiceMonitor in the chart, which wants metrics.enabled as well`);
    },
  },
  {
    values: { [`${MONITOR}.enabled`]: false },
    properties: [property('monitoring'), 'Monitoring.serviceMonitor'],
    note: 'With a token that `/metrics` accepts and the ClusterRole for it, which the chart\'s lacks.',
    translate: (values, to, { name, fullname }) => {
      if (!values.boolean('metrics.enabled') || !values.boolean(`${MONITOR}.enabled`)) return;
      if (name !== fullname) {
        to.remark('monitoring', `The chart's job is ${name}, the release; here it is ${fullname}, the Service. A relabeling with targetLabel 'job' and replacement '${name}' keeps it`);
      }
      const labels = values.texts(`${MONITOR}.additionalLabels`);
      const duration = (path: string) => values.text(path) ? durationOf(values.text(path), path, to) : undefined;
      const rules = (path: string) => values.list(path).length > 0 ? relabelings(values.list(path), path, to) : undefined;
      to.set('monitoring', new Call('Monitoring.serviceMonitor', {
        labels: Object.keys(labels).length > 0 ? labels : undefined,
        interval: duration(`${MONITOR}.interval`),
        scrapeTimeout: duration(`${MONITOR}.scrapeTimeout`),
        relabelings: rules(`${MONITOR}.relabelings`),
        metricRelabelings: rules(`${MONITOR}.metricRelabelings`),
      }));
    },
  },
  {
    values: { [`${MONITOR}.additionalLabels`]: {} },
    properties: ['MonitorOptions.labels'],
    note: 'Those by which Prometheus selects the ServiceMonitor.',
  },
  {
    values: { [`${MONITOR}.interval`]: '1m', [`${MONITOR}.scrapeTimeout`]: '10s' },
    properties: ['MonitorOptions.interval', 'MonitorOptions.scrapeTimeout'],
    note: 'As a `Duration`.',
  },
  {
    values: { [`${MONITOR}.metricRelabelings`]: [], [`${MONITOR}.relabelings`]: [] },
    properties: ['MonitorOptions.metricRelabelings', 'MonitorOptions.relabelings'],
    note: 'Typed; actions are a `RelabelAction`.',
  },
];
