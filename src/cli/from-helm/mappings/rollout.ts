import { Call, Fields } from '../../typescript/expression';
import { Mapping, property } from '../mapping';
import { leaveRest, oneOf, percentOrAbsolute, struct } from '../shape';

const BUDGET = 'podDisruptionBudget';

export const ROLLOUT: readonly Mapping[] = [
  {
    values: { replicas: 1 },
    properties: [property('replicas'), property('highAvailability')],
    note: 'One is not written out, so that whoever scales the Deployment is not overruled.',
    translate: (values, to) => {
      const replicas = values.number('replicas');
      if (replicas !== 1) to.set('replicas', replicas);
      // A quarter, which Kubernetes lets be missing, is less than one pod of three.
      if (replicas !== undefined && replicas > 3 && Object.keys(values.map('updateStrategy')).length === 0) {
        to.remark('replicas', 'A rollout lets no pod be missing here, where the chart leaves it to Kubernetes, which lets a quarter');
      }
    },
  },
  {
    values: { revisionHistoryLimit: null },
    properties: [property('revisionHistoryLimit')],
    note: 'As it is.',
    translate: (values, to) => to.set('revisionHistoryLimit', values.number('revisionHistoryLimit')),
  },
  {
    values: { updateStrategy: {} },
    trees: ['updateStrategy'],
    properties: [property('updateStrategy'), 'UpdateStrategy.rollingUpdate', 'UpdateStrategy.recreate', 'PercentOrAbsolute.percent'],
    note: 'The default lets no pod be missing, as metrics-server\'s own manifests do; the chart leaves that to Kubernetes, which does the same for one replica.',
    translate: (values, to) => {
      const { type = 'RollingUpdate', rollingUpdate, ...rest } = values.map('updateStrategy');
      leaveRest(rest, 'updateStrategy', to);
      if (rollingUpdate !== undefined && type !== 'RollingUpdate') to.leave('updateStrategy.rollingUpdate', `Kubernetes takes it with type RollingUpdate only, not with ${type}`);
      if (type === 'Recreate') return to.set('updateStrategy', new Call('UpdateStrategy.recreate'));
      if (type !== 'RollingUpdate') return to.leave('updateStrategy.type', `${JSON.stringify(type)} is none of RollingUpdate, Recreate`);
      if (Object.keys(values.map('updateStrategy')).length === 0) return;
      const options = rollingUpdate && struct({ maxUnavailable: percentOrAbsolute, maxSurge: percentOrAbsolute })(rollingUpdate, 'updateStrategy.rollingUpdate', to);
      to.set('updateStrategy', new Call('UpdateStrategy.rollingUpdate', options as Fields | undefined));
    },
  },
  {
    values: { [`${BUDGET}.enabled`]: false, [`${BUDGET}.minAvailable`]: null, [`${BUDGET}.maxUnavailable`]: null, [`${BUDGET}.unhealthyPodEvictionPolicy`]: null },
    properties: [property('disruptionBudget'), 'DisruptionBudget.minAvailable', 'DisruptionBudget.maxUnavailable', 'DisruptionBudget.unhealthyPodEvictionPolicy'],
    note: 'A budget is synthesized where one is given. With neither number one pod stays; the chart writes a budget without any then, which lets no pod go.',
    translate: (values, to) => {
      const { enabled: _, ...budget } = values.map(BUDGET);
      if (!values.boolean(`${BUDGET}.enabled`)) return;
      if (budget.minAvailable === undefined && budget.maxUnavailable === undefined) {
        to.remark('disruptionBudget', 'One pod has to stay, where the chart\'s budget, which has no number, lets none go');
      }
      to.set('disruptionBudget', struct({
        minAvailable: percentOrAbsolute,
        maxUnavailable: percentOrAbsolute,
        unhealthyPodEvictionPolicy: oneOf('UnhealthyPodEvictionPolicy', 'IfHealthyBudget', 'AlwaysAllow'),
      })(budget, BUDGET, to));
    },
  },
];
