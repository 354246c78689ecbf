import { Flag, FlagType, METRICS_CONFIGURATION_FLAGS, SERVER_FLAGS, WITHOUT_EFFECT } from './flags';

type Row = readonly [name: string, type: FlagType, defaultValue: string, usage: string];

/** Those that say how Prometheus is reached, where the configuration has no sources. */
const SOURCE: readonly Row[] = [
  ['prometheus-url', 'string', '', 'URL of Prometheus, for a configuration without sources'],
  ['prometheus-auth-incluster', 'bool', 'false', 'Show Prometheus the pod\'s service account token, and verify it against the cluster CA'],
  ['prometheus-ca-file', 'string', '', 'File with the CA bundle that Prometheus is verified against; the system\'s if empty. Wins over --prometheus-auth-incluster'],
  ['prometheus-client-tls-cert-file', 'string', '', 'File with the client certificate shown to Prometheus'],
  ['prometheus-client-tls-key-file', 'string', '', 'File with the key of --prometheus-client-tls-cert-file'],
  ['prometheus-header', 'stringArray', '', 'Header of requests to Prometheus, as name=value. Once for each'],
  ['prometheus-token-file', 'string', '', 'File with the bearer token shown to Prometheus'],
  ['prometheus-verb', 'string', '', 'GET or POST; if empty GET, and POST for queries that are too long for a URL'],
];

export const SOURCE_FLAGS: readonly string[] = SOURCE.map(([name]) => name);

/** Flags of prometheus-adapter v0.12.0 that other servers lack. */
const OWN: readonly Flag[] = [
  ...METRICS_CONFIGURATION_FLAGS,
  ...flagsOf('Prometheus', [
    ...SOURCE,
    ['prometheus-auth-config', 'string', '', 'Refused: give the kubeconfig\'s parts by the flags beside it'],
  ]),
  ...flagsOf('Generic', [
    ['client-burst', 'int', '10', WITHOUT_EFFECT],
    ['client-qps', 'float32', '5', WITHOUT_EFFECT],
    ['discovery-interval', 'duration', '0s', WITHOUT_EFFECT],
    ['lister-kubeconfig', 'string', '', 'prometheus-adapter\'s name of --kubeconfig'],
  ]),
  ...flagsOf('Apiserver secure serving', [
    ['disable-http2', 'bool', 'false', 'prometheus-adapter\'s name of --disable-http2-serving'],
  ]),
];

/** Flags of the command `metrics-adapter`. */
export const METRICS_ADAPTER_FLAGS: readonly Flag[] = [...OWN, ...SERVER_FLAGS];

function flagsOf(section: Flag['section'], rows: readonly Row[]): Flag[] {
  return rows.map(([name, type, defaultValue, usage]) => ({ section, name, type, default: defaultValue, usage }));
}
