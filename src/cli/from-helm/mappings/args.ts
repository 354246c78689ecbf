import { imageFacts } from './image';
import { ACCESS_FLAGS, kubeletAccess } from './kubelet-access';
import { NODE_ADDRESS_TYPES } from '../../../_facts/flags';
import { ImageFacts } from '../../../_facts/images';
import { Expression } from '../../typescript/expression';
import { commandLine, Flag, isOn, itemsOf, lastFlag, listOf } from '../command-line';
import { durationOf, parsedMs } from '../duration';
import { Mapping, property } from '../mapping';
import { certificateFiles } from '../serving';
import { oneOf } from '../shape';
import { Translation } from '../translation';
import { Values } from '../values';

/** What the server does when no flag says otherwise. */
const DEFAULT_RESOLUTION = '60s';
const PROBE_PATHS = ['/healthz', '/livez', '/readyz'];

const EXTRA = 'extraArgs';

export const ARGS: readonly Mapping[] = [
  {
    values: {
      defaultArgs: ['--cert-dir=/tmp', '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname', '--kubelet-use-node-status-port', '--metric-resolution=15s'],
      args: [],
    },
    properties: [
      'metricResolution', 'kubeletAccess', 'kubeletPort', 'kubeletUseNodeStatusPort', 'kubeletPreferredAddressTypes', 'kubeletRequestTimeout', 'scrapeNodeSelector',
      'shutdownDelay', 'servingCertificate', 'securePort', 'extraArgs',
    ].map(property),
    note: 'A property for each flag that this package knows; any other goes to `extraArgs`. The defaults are those of `defaultArgs`.',
    translate: (values, to, release) => {
      const { flags, unread } = commandLine(values);
      scraping(flags, imageFacts(values, release), to);
      to.set('kubeletAccess', kubeletAccess(flags, values, to));
      certificate(flags, values, to);
      const extra = flags.filter(({ name }) => propertyOf(name) === EXTRA).flatMap((flag) => extraArg(flag, flags, to));
      if (extra.length > 0) to.set(EXTRA, extra);
      for (const { from, reason } of unread) to.leave(from, reason);
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
  'shutdown-delay-duration': 'shutdownDelay',
  ...Object.fromEntries(ACCESS_FLAGS.map((name) => [name, 'kubeletAccess'])),
  'tls-cert-file': 'servingCertificate',
  'tls-private-key-file': 'servingCertificate',
  'cert-dir': 'servingCertificate',
  'secure-port': 'securePort',
};

/** What says a flag. */
export function propertyOf(flag: string): string {
  return Object.hasOwn(BY_PROPERTY, flag) ? BY_PROPERTY[flag] : EXTRA;
}

/** Says what differs from what the properties' defaults say for the image. */
function scraping(flags: readonly Flag[], image: ImageFacts, to: Translation): void {
  const value = (name: string) => lastFlag(flags, name)?.value;
  const resolution = value('metric-resolution') ?? DEFAULT_RESOLUTION;
  if (parsedMs(resolution) !== (image.metricResolutionSeconds ?? 60) * 1000) {
    to.set('metricResolution', durationOf(resolution, lastFlag(flags, 'metric-resolution')?.from ?? 'defaultArgs', to));
  }
  const timeout = lastFlag(flags, 'kubelet-request-timeout');
  if (timeout) to.set('kubeletRequestTimeout', durationOf(timeout.value ?? '', timeout.from, to));
  addressTypes(flags, image, to);
  const port = value('kubelet-port');
  if (port !== undefined) to.set('kubeletPort', Number(port));
  const status = lastFlag(flags, 'kubelet-use-node-status-port');
  const fromStatus = isOn(status);
  if (isOn(lastFlag(flags, 'deprecated-kubelet-completely-insecure'))) {
    if (fromStatus) to.leave(status!.from, 'kubelets serve TLS at the port of their node\'s status; KubeletAccess.readOnlyPort() asks at kubeletPort, 10255 unless given');
  } else if (fromStatus === (port !== undefined)) {
    // A port of one's own stands against the node's status, unless both are asked for.
    to.set('kubeletUseNodeStatusPort', fromStatus);
  }
  to.set('scrapeNodeSelector', lastFlag(flags, 'node-selector')?.value);
  const delay = lastFlag(flags, 'shutdown-delay-duration');
  if (delay) to.set('shutdownDelay', durationOf(delay.value ?? '', delay.from, to));
}

function addressTypes(flags: readonly Flag[], image: ImageFacts, to: Translation): void {
  const name = 'kubelet-preferred-address-types';
  const given = flags.filter((flag) => flag.name === name);
  if (given.length > 1) to.remark('kubeletPreferredAddressTypes', `The lists of ${given.map(({ from }) => from).join(' and ')} add up, as the server reads them: no later one replaces an earlier one`);
  const types = listOf(flags, name) ?? NODE_ADDRESS_TYPES;
  if (types.join() === image.addressTypes?.join()) return;
  const from = (type: string) => given.find((flag) => itemsOf(flag).includes(type))?.from ?? 'defaultArgs';
  const known = types.map((type) => oneOf('NodeAddressType', ...NODE_ADDRESS_TYPES)(type, from(type), to)).filter((type) => type !== undefined);
  to.set('kubeletPreferredAddressTypes', known);
}

/** Of the server's own certificate, what `servingCertificate` does not say. */
function certificate(flags: readonly Flag[], values: Values, to: Translation): void {
  const type = values.text('tls.type');
  const directory = lastFlag(flags, 'cert-dir');
  if (type !== 'metrics-server') {
    const files = flags.filter(({ name }) => name === 'tls-cert-file' || name === 'tls-private-key-file');
    for (const { name, from } of files) to.leave(from, `--${name}: with tls.type ${type} the certificate is another`);
  }
  if (!directory || directory.value === '/tmp') return;
  if (type === 'metrics-server' && certificateFiles(values)) {
    to.remark('servingCertificate', `The directory of ${directory.from}, ${directory.value}, is for a certificate that the server makes itself: with --tls-cert-file it makes none`);
  } else {
    to.leave(directory.from, `the server's own certificate is written to /tmp, not to ${directory.value}`);
  }
}

/** An argument that no property writes. */
function extraArg(flag: Flag, flags: readonly Flag[], to: Translation): Expression[] {
  if (flag.name !== 'authorization-always-allow-paths') return [flag.argument];
  if (flag !== lastFlag(flags, flag.name)) return [];
  // With these the probes are answered whether or not kube-apiserver can be asked.
  const paths = [...new Set([...PROBE_PATHS, ...listOf(flags, flag.name)!])];
  if (paths.includes('/metrics')) to.remark(EXTRA, '/metrics stays open to everyone, as args say; without that, monitoring gives Prometheus the right to read it');
  if (paths.length > PROBE_PATHS.length) return [`--${flag.name}=${paths.join()}`];
  to.remark(EXTRA, `${PROBE_PATHS.join(', ')} are open to everyone without ${flag.from}: whoever asks for health needs no right`);
  return [];
}
