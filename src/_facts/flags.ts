/** How a flag's value is written, in pflag's terms. */
export type FlagType = 'string' | 'strings' | 'stringArray' | 'int' | 'int32Slice' | 'float' | 'float32' | 'bool' | 'duration' | 'ip' | 'Level' | 'quantity' | 'pattern=N,...' | 'namedCertKey'
  | 'colonSeparatedMultimapStringString';

/** The sections of `--help`, in their order. */
export const FLAG_SECTIONS = [
  'Metrics server',
  'Prometheus',
  'Generic',
  'Kubelet client',
  'Apiserver secure serving',
  'Apiserver authentication',
  'Apiserver authorization',
  'Apiserver audit log',
  'Features',
  'Logging',
  'Companion',
] as const;

/** A command-line flag, as metrics-server v0.9.0 knows it, or one of our own (section Companion). */
export interface Flag {
  readonly name: string;
  readonly shorthand?: string;
  readonly section: (typeof FLAG_SECTIONS)[number];
  readonly type: FlagType;
  /** As written on a command line; lists are separated by commas. */
  readonly default: string;
  readonly usage: string;
  /** First metrics-server release that knows the flag; absent when v0.3.6 knew it. */
  readonly since?: string;
}

/** A flag of v0.3.6 or older that metrics-server has dropped. The runtime takes it, with dashes and underscores, and says so. */
export interface DroppedFlag {
  /** With dashes, where it had underscores too. */
  readonly name: string;
  readonly type: 'string' | 'bool';
  /** First metrics-server release that does not take it any more. */
  readonly until: string;
}

/** What the usage of a flag says that is there only to be taken. */
export const WITHOUT_EFFECT = 'Accepted without effect';

/** metrics-server refuses a shorter `--metric-resolution`. */
export const MIN_METRIC_RESOLUTION_SECONDS = 10;

/** A scrape must fit into this share of `--metric-resolution`. */
export const KUBELET_TIMEOUT_SHARE_OF_RESOLUTION = 0.9;

/** How long figures are served after a kubelet's last good page, in resolutions: unless said otherwise, and at most. */
export const DEFAULT_METRIC_RETENTION_RESOLUTIONS = 2;
export const MAX_METRIC_RETENTION_RESOLUTIONS = 10;

/** Once the server takes no more connections, requests under way have so long: `--request-timeout` is behind most of them by then. */
export const DRAIN_SECONDS = 20;

/** Which pages kubelets are asked for. */
export const KUBELET_SOURCES = ['resource', 'summary', 'auto'] as const;
export type KubeletSource = (typeof KUBELET_SOURCES)[number];

/** Address types that a Node's status may carry. */
export const NODE_ADDRESS_TYPES = ['Hostname', 'InternalDNS', 'InternalIP', 'ExternalDNS', 'ExternalIP'] as const;

const metricsServer = flagsOf('Metrics server', [
  ['kubeconfig', 'string', '', 'Kubeconfig for the API server and the kubelets; the pod\'s service account if empty'],
  ['metric-resolution', 'duration', '1m0s', `Time between two scrapes of a kubelet, at least ${MIN_METRIC_RESOLUTION_SECONDS}s`],
  ['version', 'bool', 'false', 'Print the version and exit', 'v0.4.0'],
]);

const generic = flagsOf('Generic', [
  ['advertise-address', 'ip', '', WITHOUT_EFFECT, 'v0.8.0'],
  ['cors-allowed-origins', 'strings', '', 'Regular expressions of the origins whose browser pages may ask, each pinned at both ends of the host', 'v0.8.0'],
  ['emulated-version', 'strings', '', WITHOUT_EFFECT, 'v0.8.0'],
  ['emulation-forward-compatible', 'bool', 'false', WITHOUT_EFFECT, 'v0.8.0'],
  ['external-hostname', 'string', '', 'Host that discovery names as the server\'s', 'v0.8.0'],
  ['feature-gates', 'colonSeparatedMultimapStringString', '', WITHOUT_EFFECT, 'v0.8.0'],
  ['goaway-chance', 'float', '0', 'Share of HTTP/2 requests after which the client is told to connect anew, up to 0.02', 'v0.8.0'],
  ['livez-grace-period', 'duration', '0s', 'Time from the start in which /livez passes, whatever its checks say', 'v0.8.0'],
  ['max-mutating-requests-inflight', 'int', '200', 'As --max-requests-inflight, for requests other than reading', 'v0.8.0'],
  ['max-requests-inflight', 'int', '400', 'Requests served at the same time; more are answered 429. 0 for no limit', 'v0.8.0'],
  ['min-compatibility-version', 'strings', '', WITHOUT_EFFECT, 'v0.9.0'],
  ['min-request-timeout', 'int', '1800', WITHOUT_EFFECT, 'v0.8.0'],
  ['request-timeout', 'duration', '1m0s', 'Time a request may take before it is answered 504', 'v0.8.0'],
  ['runtime-config-emulation-forward-compatible', 'bool', 'false', WITHOUT_EFFECT, 'v0.8.0'],
  ['shutdown-delay-duration', 'duration', '0s', 'Time to keep serving, not ready, after SIGTERM', 'v0.8.0'],
  ['shutdown-send-retry-after', 'bool', 'false',
    'After --shutdown-delay-duration, go on listening while requests are under way, and answer further ones 429 with Retry-After', 'v0.8.0'],
  ['shutdown-watch-termination-grace-period', 'duration', '0s', WITHOUT_EFFECT, 'v0.8.0'],
  ['storage-initialization-timeout', 'duration', '1m0s', WITHOUT_EFFECT, 'v0.8.0'],
  ['strict-transport-security-directives', 'strings', '', 'Directives of the Strict-Transport-Security header; none without', 'v0.8.0'],
]);

const kubeletClient = flagsOf('Kubelet client', [
  ['deprecated-kubelet-completely-insecure', 'bool', 'false', 'DEPRECATED: ask kubelets over plain HTTP, without TLS and without credentials'],
  ['kubelet-certificate-authority', 'string', '', 'File with the CA bundle that kubelets\' serving certificates are verified against; the cluster CA if empty'],
  ['kubelet-client-certificate', 'string', '', 'File with the client certificate shown to kubelets', 'v0.4.0'],
  ['kubelet-client-key', 'string', '', 'File with the key of --kubelet-client-certificate', 'v0.4.0'],
  ['kubelet-insecure-tls', 'bool', 'false', 'Do not verify kubelets\' serving certificates. For tests only'],
  ['kubelet-port', 'int', '10250', 'Port that kubelets listen on'],
  ['kubelet-preferred-address-types', 'strings', NODE_ADDRESS_TYPES.join(), 'Order in which a node\'s address types are tried'],
  ['kubelet-request-timeout', 'duration', '10s', 'Time one request to a kubelet may take', 'v0.7.0'],
  ['kubelet-use-node-status-port', 'bool', 'false', 'Take the kubelet\'s port from the node\'s status; wins over --kubelet-port', 'v0.4.0'],
  ['node-selector', 'string', '', 'Label selector of the nodes to scrape and to list', 'v0.7.0', 'l'],
]);

const secureServing = flagsOf('Apiserver secure serving', [
  ['bind-address', 'ip', '0.0.0.0', 'Address to listen on; 0.0.0.0 or :: for all of both families'],
  ['cert-dir', 'string', 'apiserver.local.config/certificates', 'Directory for a generated serving certificate when no other is given'],
  ['disable-http2-serving', 'bool', 'false', 'Serve HTTP/1.1 only', 'v0.8.0'],
  ['http2-max-streams-per-connection', 'int', '0', 'Requests at the same time that an HTTP/2 connection of kube-apiserver may have; 100 if 0. Those of others have 5 at most'],
  ['permit-address-sharing', 'bool', 'false', WITHOUT_EFFECT, 'v0.4.0'],
  ['permit-port-sharing', 'bool', 'false', 'Let others listen on the same address and port (SO_REUSEPORT); Node.js 22.12 or newer', 'v0.4.0'],
  ['secure-port', 'int', '443', 'Port to serve HTTPS on'],
  ['tls-cert-file', 'string', '', 'File with the serving certificate, followed by its intermediates'],
  ['tls-cipher-suites', 'strings', '', 'Cipher suites of TLS 1.2, by Go\'s names; those of TLS 1.3 are always on. OpenSSL\'s choice if empty'],
  ['tls-curve-preferences', 'int32Slice', '', 'Key exchanges, as numbers of Go\'s crypto/tls.CurveID, in any order. OpenSSL\'s choice if empty', 'v0.9.0'],
  ['tls-min-version', 'string', '', 'Oldest version of TLS to speak, VersionTLS12 or VersionTLS13; VersionTLS12 if empty'],
  ['tls-private-key-file', 'string', '', 'File with the key of --tls-cert-file'],
  ['tls-sni-cert-key', 'namedCertKey', '',
    'Files of a further serving certificate and its key, and the host names it is for, by default its own: a.crt,a.key or b.crt,b.key:b.example.com,*.b.example.com. Once for each'],
]);

const authentication = flagsOf('Apiserver authentication', [
  ['authentication-kubeconfig', 'string', '', 'Kubeconfig allowed to create tokenreviews; the pod\'s service account if empty'],
  ['authentication-skip-lookup', 'bool', 'false', 'Do not read missing authentication settings from the cluster'],
  ['authentication-token-webhook-cache-ttl', 'duration', '10s', 'Time an answer of the TokenReview API is remembered'],
  ['authentication-tolerate-lookup-failure', 'bool', 'false', 'Start even when the cluster\'s authentication settings cannot be read; every request may then be anonymous'],
  ['client-ca-file', 'string', '', 'File with the CA bundle for client certificates; read from the cluster if empty'],
  ['requestheader-allowed-names', 'strings', '', 'Common names of client certificates that may say who the user is by header; any if empty'],
  ['requestheader-client-ca-file', 'string', '', 'File with the CA bundle for the front proxy\'s client certificate; read from the cluster if empty'],
  ['requestheader-extra-headers-prefix', 'strings', 'x-remote-extra-', 'Prefixes of headers with further attributes of the user'],
  ['requestheader-group-headers', 'strings', 'x-remote-group', 'Headers with the user\'s groups'],
  ['requestheader-uid-headers', 'strings', '', 'Headers with the user\'s UID', 'v0.8.0'],
  ['requestheader-username-headers', 'strings', 'x-remote-user', 'Headers with the user\'s name'],
]);

const authorization = flagsOf('Apiserver authorization', [
  ['authorization-always-allow-paths', 'strings', '/healthz,/readyz,/livez', 'Paths that need no authorization; a trailing * matches any continuation'],
  ['authorization-kubeconfig', 'string', '', 'Kubeconfig allowed to create subjectaccessreviews; the pod\'s service account if empty'],
  ['authorization-webhook-cache-authorized-ttl', 'duration', '10s', 'Time an allowing answer of the SubjectAccessReview API is remembered'],
  ['authorization-webhook-cache-unauthorized-ttl', 'duration', '10s', 'Time a denying answer of the SubjectAccessReview API is remembered'],
]);

const auditLog = flagsOf('Apiserver audit log', [
  ['audit-log-batch-buffer-size', 'int', '10000', 'Events that may wait in mode batch; more are lost', 'v0.6.0'],
  ['audit-log-batch-max-size', 'int', '1', 'Events of a batch at most', 'v0.6.0'],
  ['audit-log-batch-max-wait', 'duration', '0s', 'Time that an event waits for its batch to fill, in mode batch', 'v0.6.0'],
  ['audit-log-batch-throttle-burst', 'int', '0', 'Batches that may go at the same moment after a pause, with --audit-log-batch-throttle-enable', 'v0.6.0'],
  ['audit-log-batch-throttle-enable', 'bool', 'false', 'Limit the rate of batches, in mode batch', 'v0.6.0'],
  ['audit-log-batch-throttle-qps', 'float32', '0', 'Batches per second, with --audit-log-batch-throttle-enable', 'v0.6.0'],
  ['audit-log-compress', 'bool', 'false', 'Compress files that are set aside, with gzip', 'v0.6.0'],
  ['audit-log-format', 'string', 'json', 'Form of an event, json or legacy, each one line', 'v0.6.0'],
  ['audit-log-maxage', 'int', '366', 'Days that files are kept once they are set aside. 0 for ever', 'v0.6.0'],
  ['audit-log-maxbackup', 'int', '100', 'Number of files that are kept once they are set aside. 0 for all', 'v0.6.0'],
  ['audit-log-maxsize', 'int', '100', 'Megabytes of the file before it is set aside and a new one begun. 0 for any number', 'v0.6.0'],
  ['audit-log-mode', 'string', 'blocking', 'blocking: answers wait for their events; blocking-strict: requests whose event is lost are refused, too; batch: events are kept in memory and go later', 'v0.6.0'],
  ['audit-log-path', 'string', '', 'File to which events are written, - for standard output', 'v0.6.0'],
  ['audit-log-truncate-enabled', 'bool', 'false', 'Keep events and batches below the sizes that follow', 'v0.6.0'],
  ['audit-log-truncate-max-batch-size', 'int', '10485760', 'Bytes of a batch; a larger one is split', 'v0.6.0'],
  ['audit-log-truncate-max-event-size', 'int', '102400', 'Bytes of an event; a larger one loses its response or, if that does not do, is lost', 'v0.6.0'],
  ['audit-log-version', 'string', 'audit.k8s.io/v1', 'Version of the events, audit.k8s.io/v1', 'v0.6.0'],
  ['audit-policy-file', 'string', '', 'File with the policy (kind Policy of audit.k8s.io/v1) that says what is recorded; nothing without', 'v0.6.0'],
  ['audit-webhook-batch-buffer-size', 'int', '10000', 'Events that may wait in mode batch; more are lost', 'v0.6.0'],
  ['audit-webhook-batch-max-size', 'int', '400', 'Events of a batch at most', 'v0.6.0'],
  ['audit-webhook-batch-max-wait', 'duration', '30s', 'Time that an event waits for its batch to fill, in mode batch', 'v0.6.0'],
  ['audit-webhook-batch-throttle-burst', 'int', '15', 'Batches that may go at the same moment after a pause, with --audit-webhook-batch-throttle-enable', 'v0.6.0'],
  ['audit-webhook-batch-throttle-enable', 'bool', 'true', 'Limit the rate of batches, in mode batch', 'v0.6.0'],
  ['audit-webhook-batch-throttle-qps', 'float32', '10', 'Batches per second, with --audit-webhook-batch-throttle-enable', 'v0.6.0'],
  ['audit-webhook-config-file', 'string', '', 'Kubeconfig of the webhook to which events are sent', 'v0.6.0'],
  ['audit-webhook-initial-backoff', 'duration', '10s', 'Time until the second of five attempts to send a batch; half as much again for each further one', 'v0.6.0'],
  ['audit-webhook-mode', 'string', 'batch', 'blocking: answers wait for their events; blocking-strict: requests whose event is lost are refused, too; batch: events are kept in memory and go later', 'v0.6.0'],
  ['audit-webhook-truncate-enabled', 'bool', 'false', 'Keep events and batches below the sizes that follow', 'v0.6.0'],
  ['audit-webhook-truncate-max-batch-size', 'int', '10485760', 'Bytes of a batch; a larger one is split', 'v0.6.0'],
  ['audit-webhook-truncate-max-event-size', 'int', '102400', 'Bytes of an event; a larger one loses its response or, if that does not do, is lost', 'v0.6.0'],
  ['audit-webhook-version', 'string', 'audit.k8s.io/v1', 'Version of the events, audit.k8s.io/v1', 'v0.6.0'],
]);

const features = flagsOf('Features', [
  ['contention-profiling', 'bool', 'false', WITHOUT_EFFECT],
  ['debug-socket-path', 'string', '', WITHOUT_EFFECT, 'v0.7.0'],
  ['enable-priority-and-fairness', 'bool', 'true', WITHOUT_EFFECT, 'v0.8.0'],
  ['profiling', 'bool', 'true', 'Serve profiles of CPU and memory under /debug/pprof/, for go tool pprof'],
]);

const logging = flagsOf('Logging', [
  ['log-flush-frequency', 'duration', '5s', 'Time that buffered lines wait at most'],
  ['log-json-info-buffer-size', 'quantity', '0', 'Bytes of lines that --log-json-split-stream holds back, as a quantity: 512, 1k, 2Ki', 'v0.7.0'],
  ['log-json-split-stream', 'bool', 'false', 'With --logging-format=json, write to standard output what is no error; all goes to standard error without', 'v0.7.0'],
  ['log-text-info-buffer-size', 'quantity', '0', 'Bytes of lines that --log-text-split-stream holds back, as a quantity: 512, 1k, 2Ki', 'v0.8.0'],
  ['log-text-split-stream', 'bool', 'false', 'With --logging-format=text, write to standard output what is no error; all goes to standard error without', 'v0.8.0'],
  ['logging-format', 'string', 'text', 'Form of the log\'s lines, text or json', 'v0.7.0'],
  ['v', 'Level', '0', 'Verbosity of the log', undefined, 'v'],
  ['vmodule', 'pattern=N,...', '', 'Verbosity by module, which a line of text names before its message: scraper=2,reflector=4. * and ? match any characters and one'],
]);

/** The serving certificate's upkeep, which k8s.io/apiserver lacks. */
const certificateUpkeep = flagsOf('Companion', [
  ['self-managed-cert-secret', 'string', '', 'Secret, as namespace/name, in which a self-made CA and serving certificate are kept'],
  ['self-managed-cert-service', 'string', '', 'Service, as namespace/name, that the self-made certificate is for and whose APIServices get the CA'],
  ['remove-ca-bundle-of-service', 'string', '', 'Service, as namespace/name, whose APIServices shall not be verified: the caBundle that this program wrote into them before is removed'],
]);

/** Flags that metrics-server lacks. */
const companion = flagsOf('Companion', [
  ['kubelet-additional-certificate-authorities', 'strings', '', 'Files of CA bundles that kubelets\' serving certificates may be verified against too, beside --kubelet-certificate-authority or the cluster CA'],
  ['kubelet-gzip', 'bool', 'false', 'Ask kubelets for pages compressed with gzip: a fraction of the traffic, for CPU here and at each kubelet'],
  ['kubelet-proxy-from-environment', 'bool', 'false', 'Ask kubelets through the HTTP proxy that HTTPS_PROXY names, but for those that NO_PROXY lists; without, the variables have no effect'],
  ['kubelet-source', 'string', 'resource', 'Page of the kubelets that is read: resource (/metrics/resource), summary (/stats/summary; those before Kubernetes 1.14 and some virtual ones'
    + ' have no other) or auto, which is the one and, where it is not found, the other'],
  ['metric-retention', 'duration', '0s', `Time figures are served after a kubelet's last good answer, from --metric-resolution to ${MAX_METRIC_RETENTION_RESOLUTIONS} times that; `
    + `0s for ${DEFAULT_METRIC_RETENTION_RESOLUTIONS} times`],
  ['watch-container-states', 'bool', 'false', 'Watch whole pods in place of their metadata, for which containers run: one that its kubelet leaves out is then listed without figures, one that has ended is not'],
  ['upstream-compatible', 'bool', 'false', 'Answer no more than metrics-server does: lists whole whatever limit and continue say, no fieldSelector=spec.nodeName, no usage of swap'],
  ['node-events', 'bool', 'false', 'Tell as Events of the nodes that they cannot be scraped, and that they can again'],
]);

/** What says which metrics autoscalers get: of the metrics adapter, and of metrics-server where it serves them too. */
const metricsForAutoscalers: readonly Row[] = [
  ['config', 'string', '', 'File that says which custom and external metrics are served, and from where: prometheus-adapter\'s, or one with sources and metrics.'
    + ' Read again when it changes, and at SIGHUP'],
  ['metrics-max-age', 'duration', '0s', 'Age of series up to which rules find them, at least --metrics-relist-interval; that if 0s'],
  ['metrics-relist-interval', 'duration', '10m0s', 'Time between two searches for the series of rules'],
];

/** Every flag the runtime accepts. Construct and runtime read this one table. */
export const FLAGS: readonly Flag[] = [
  ...metricsServer, ...generic, ...kubeletClient, ...secureServing, ...authentication, ...authorization, ...auditLog, ...features, ...logging,
  ...companion, ...flagsOf('Companion', metricsForAutoscalers), ...certificateUpkeep,
];

/** What metrics-server calls its own, and every other server has too. */
const program = flagsOf('Generic', [
  ['kubeconfig', 'string', '', 'Kubeconfig for the API server; the pod\'s service account if empty'],
  ['version', 'bool', 'false', 'Print the version and exit'],
]);

/** Flags of every server that is built on the runtime. */
export const SERVER_FLAGS: readonly Flag[] = [
  ...program, ...generic, ...secureServing, ...authentication, ...authorization, ...auditLog, ...features, ...logging, ...certificateUpkeep,
];

/** Of the metrics adapter, as prometheus-adapter's help has them. */
export const METRICS_CONFIGURATION_FLAGS = flagsOf('Prometheus', metricsForAutoscalers);

export const DROPPED_FLAGS: readonly DroppedFlag[] = [
  // klog's.
  ...['add-dir-header', 'alsologtostderr', 'logtostderr', 'one-output', 'skip-headers', 'skip-log-headers']
    .map((name) => ({ name, type: 'bool', until: 'v0.7.0' }) as const),
  ...['log-backtrace-at', 'log-dir', 'log-file', 'log-file-max-size', 'stderrthreshold'].map((name) => ({ name, type: 'string', until: 'v0.7.0' }) as const),
  // Swagger's page, and Heapster's way to name a source.
  { name: 'enable-swagger-ui', type: 'bool', until: 'v0.4.0' },
  { name: 'source', type: 'string', until: 'v0.4.0' },
];

/** A dropped flag, which was taken with - and _ alike. */
export function droppedFlag(name: string): DroppedFlag | undefined {
  const dashed = name.replaceAll('_', '-');
  return DROPPED_FLAGS.find((flag) => flag.name === dashed);
}

/** Whether the flag is there only to be taken. */
export function isWithoutEffect({ usage }: Flag): boolean {
  return usage === WITHOUT_EFFECT;
}

type Row = readonly [name: string, type: FlagType, defaultValue: string, usage: string, since?: string, shorthand?: string];

function flagsOf(section: Flag['section'], rows: readonly Row[]): Flag[] {
  return rows.map(([name, type, defaultValue, usage, since, shorthand]) => ({ section, name, type, default: defaultValue, usage, since, shorthand }));
}
