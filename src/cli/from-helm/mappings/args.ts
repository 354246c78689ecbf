import { imageFacts } from './image';
import { certificateAuthority, clientCertificate, kubeconfig } from './kubelet-files';
import { ImageFacts } from '../../../_facts/images';
import { Call, Expression } from '../../typescript/expression';
import { Flag, flagsOf, lastFlag } from '../command-line';
import { durationOf, parsedMs } from '../duration';
import { Mapping, property } from '../mapping';
import { certificateFiles } from '../serving';
import { member } from '../shape';
import { Translation } from '../translation';
import { Values } from '../values';

/** What the server does when no flag says otherwise. */
const FLAG_DEFAULTS = { addressTypes: 'Hostname,InternalDNS,InternalIP,ExternalDNS,ExternalIP', resolution: '60s' };
const PROBE_PATHS = ['/healthz', '/livez', '/readyz'];

/** Flags that another mapping has read. */
const READ_ELSEWHERE = ['secure-port', 'kubelet-client-key'];

export const ARGS: readonly Mapping[] = [
  {
    values: {
      defaultArgs: ['--cert-dir=/tmp', '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname', '--kubelet-use-node-status-port', '--metric-resolution=15s'],
      args: [],
    },
    properties: [
      'metricResolution', 'kubeletAccess', 'kubeletPort', 'kubeletUseNodeStatusPort', 'kubeletPreferredAddressTypes', 'kubeletRequestTimeout', 'scrapeNodeSelector',
      'servingCertificate', 'securePort', 'extraArgs',
    ].map(property),
    note: 'A property for each flag that this package knows; any other goes to `extraArgs`. The defaults are those of `defaultArgs`.',
    translate: (values, to) => {
      const flags = flagsOf(values);
      scraping(flags, imageFacts(values), to);
      to.set('kubeletAccess', kubeletAccess(flags, values, to));
      certDir(flags, values, to);
      const extra = [...new Set(flags)].filter(({ name }) => !Object.hasOwn(BY_PROPERTY, name)).flatMap((flag) => extraArg(flag, flags, to));
      if (extra.length > 0) to.set('extraArgs', extra);
    },
  },
];

/** Flags that properties write. */
const BY_PROPERTY: Readonly<Record<string, string>> = {
  'metric-resolution': 'metricResolution',
  'kubelet-request-timeout': 'kubeletRequestTimeout',
  'kubelet-preferred-address-types': 'kubeletPreferredAddressTypes',
  'kubelet-port': 'kubeletPort',
  'kubelet-use-node-status-port': 'kubeletUseNodeStatusPort',
  'node-selector': 'scrapeNodeSelector',
  'l': 'scrapeNodeSelector',
  'kubelet-insecure-tls': 'kubeletAccess',
  'deprecated-kubelet-completely-insecure': 'kubeletAccess',
  'kubelet-certificate-authority': 'kubeletAccess',
  'kubelet-client-certificate': 'kubeletAccess',
  'kubeconfig': 'kubeletAccess',
  'tls-cert-file': 'servingCertificate',
  'tls-private-key-file': 'servingCertificate',
  'cert-dir': 'servingCertificate',
  ...Object.fromEntries(READ_ELSEWHERE.map((name) => [name, ''])),
};

/** Says what differs from what the properties' defaults say for the image. */
function scraping(flags: readonly Flag[], image: ImageFacts, to: Translation): void {
  const value = (name: string) => lastFlag(flags, name)?.value;
  const resolution = value('metric-resolution') ?? FLAG_DEFAULTS.resolution;
  if (parsedMs(resolution) !== (image.metricResolutionSeconds ?? 60) * 1000) {
    to.set('metricResolution', durationOf(resolution, lastFlag(flags, 'metric-resolution')?.from ?? 'defaultArgs', to));
  }
  const timeout = lastFlag(flags, 'kubelet-request-timeout');
  if (timeout?.value) to.set('kubeletRequestTimeout', durationOf(timeout.value, timeout.from, to));
  const types = (value('kubelet-preferred-address-types') ?? FLAG_DEFAULTS.addressTypes).split(',');
  if (types.join() !== image.addressTypes?.join()) to.set('kubeletPreferredAddressTypes', types.map((type) => member('NodeAddressType', type.trim())));
  const port = value('kubelet-port');
  if (port !== undefined) to.set('kubeletPort', Number(port));
  const fromStatus = isOn(lastFlag(flags, 'kubelet-use-node-status-port'));
  // A port of one's own stands against the node's status, unless both are asked for.
  if (fromStatus ? port !== undefined : port === undefined && !isOn(lastFlag(flags, 'deprecated-kubelet-completely-insecure'))) {
    to.set('kubeletUseNodeStatusPort', fromStatus);
  }
  to.set('scrapeNodeSelector', value('node-selector') ?? value('l'));
}

/** In the order in which metrics-server decides. */
function kubeletAccess(flags: readonly Flag[], values: Values, to: Translation): Expression | undefined {
  if (isOn(lastFlag(flags, 'deprecated-kubelet-completely-insecure'))) return new Call('KubeletAccess.readOnlyPort');
  if (isOn(lastFlag(flags, 'kubelet-insecure-tls'))) return new Call('KubeletAccess.insecureSkipTlsVerify');
  const config = lastFlag(flags, 'kubeconfig');
  if (config) return kubeconfig(config, values, to);
  const client = lastFlag(flags, 'kubelet-client-certificate');
  const authority = lastFlag(flags, 'kubelet-certificate-authority');
  if (client) return clientCertificate(client, authority, values, to);
  return authority && certificateAuthority(authority, values, to);
}

function certDir(flags: readonly Flag[], values: Values, to: Translation): void {
  const directory = lastFlag(flags, 'cert-dir');
  if (!directory || directory.value === '/tmp' || certificateFiles(values)) return;
  to.leave(directory.from, `the server's own certificate is written to /tmp, not to ${directory.value}`);
}

/** An argument that no property writes. */
function extraArg(flag: Flag, flags: readonly Flag[], to: Translation): Expression[] {
  if (!flag.argument.startsWith('-')) {
    to.leave(flag.from, `${JSON.stringify(flag.argument)} is no flag: metrics-server ignores it`);
    return [];
  }
  if (flag.name !== 'authorization-always-allow-paths') return [flag.argument];
  if (flag !== lastFlag(flags, flag.name)) return [];
  // With these the probes are answered whether or not kube-apiserver can be asked.
  const paths = [...new Set([...PROBE_PATHS, ...(flag.value ?? '').split(',').filter(Boolean)])];
  if (paths.includes('/metrics')) to.remark('extraArgs', '/metrics stays open to everyone, as args say; without that, monitoring gives Prometheus the right to read it');
  return paths.length > PROBE_PATHS.length ? [`--${flag.name}=${paths.join()}`] : [];
}

function isOn(flag: Flag | undefined): boolean {
  return flag !== undefined && !['false', 'f', 'F', 'FALSE', 'False', '0'].includes(flag.value ?? '');
}
