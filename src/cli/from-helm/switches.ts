import { same } from './leaves';
import { Translation } from './translation';
import { Values } from './values';

type Leaves = Readonly<Record<string, unknown>>;

/** Values that the chart reads only where another one says so. */
interface Switch {
  /** Path that they begin with. */
  readonly values: string;
  /** When it reads them. */
  readonly when: string;
  readonly isOn: (values: Values) => boolean;
}

const SWITCHES: readonly Switch[] = [
  whereTrue('apiService', 'apiService.create'),
  whereTrue('serviceAccount.annotations', 'serviceAccount.create'),
  whereTrue('serviceAccount.secrets', 'serviceAccount.create'),
  whereTrue('podDisruptionBudget', 'podDisruptionBudget.enabled'),
  whereTrue('addonResizer', 'addonResizer.enabled'),
  {
    values: 'serviceMonitor',
    when: '`metrics.enabled` and `serviceMonitor.enabled`',
    isOn: (values) => values.boolean('metrics.enabled') && values.boolean('serviceMonitor.enabled'),
  },
  whereTls('certManager', 'cert-manager'),
  whereTls('helm', 'helm'),
  whereTls('existingSecret', 'existingSecret'),
  { values: 'tls.clusterDomain', when: '`tls.type: helm` or `cert-manager`', isOn: (values) => ['helm', 'cert-manager'].includes(values.text('tls.type')) },
  whereTrue('tls.certManager.existingIssuer', 'tls.certManager.existingIssuer.enabled'),
  // Annotations of the APIService.
  whereTrue('tls.certManager.addInjectorAnnotations', 'apiService.create'),
];

/** Whether the chart reads a value, as others say. */
export function isRead(path: string, values: Values): boolean {
  return isSwitch(path) || SWITCHES.every((one) => one.isOn(values) || !isBelow(path, one.values));
}

/** Says which values the chart does not read, so that nobody misses them here. */
export function remarkUnread(given: Leaves, defaults: Leaves, values: Values, to: Translation): void {
  const changed = Object.entries(given).filter(([path, value]) => !same(value, defaults[path]));
  for (const { values: prefix, when, isOn } of SWITCHES) {
    if (isOn(values)) continue;
    const unread = changed.map(([path]) => path).filter((path) => isBelow(path, prefix) && !isSwitch(path));
    if (unread.length > 0) to.remark('', `The chart reads ${unread.join(', ')} only with ${when}, so nothing here says the same`);
  }
}

function isSwitch(path: string): boolean {
  return SWITCHES.some(({ when }) => when.includes(`\`${path}\``));
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`);
}

function whereTrue(values: string, path: string): Switch {
  return { values, when: `\`${path}\``, isOn: (all) => all.boolean(path) };
}

function whereTls(tree: string, type: string): Switch {
  return { values: `tls.${tree}`, when: `\`tls.type: ${type}\``, isOn: (values) => values.text('tls.type') === type };
}
