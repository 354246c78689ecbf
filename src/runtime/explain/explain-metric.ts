import { readFileSync } from 'node:fs';
import { Explanation } from './explanation';
import { explanationText } from './explanation-text';
import { EXPLAIN_FLAGS, EXPLAIN_USAGE } from './flags';
import { Flag, FLAGS } from '../../_facts/flags';
import { METRICS_ADAPTER_FLAGS } from '../../_facts/metrics-adapter-flags';
import { customMetricsGroup } from '../api/custom-metrics/group-version';
import { externalMetricsGroup } from '../api/external-metrics/external-metrics-api';
import { Clock } from '../clock';
import { METRICS_PAGE } from './metrics-page';
import { ApiClient } from '../cluster/api-client';
import { ApiError } from '../cluster/api-error';
import { ClusterConfig } from '../cluster/cluster-config';
import { asText } from '../cluster/grant-commands';
import { inClusterConfig } from '../cluster/in-cluster';
import { kubeconfigConfig } from '../cluster/kubeconfig';
import { TransportError } from '../cluster/transport-error';
import { ParsedFlags, parseFlags } from '../flags/parse';
import { UsageError } from '../flags/usage-error';
import { VERSION } from '../version';

export interface ExplainSurroundings {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  /** Command line of the first process, empty when it cannot be read. */
  readonly processOne: () => readonly string[];
  readonly out: (text: string) => void;
}

/** A source may take its time. */
const TIMEOUT_MS = 60_000;

/**
 * `metrics-server explain`: asks a running metrics-adapter. Returns the exit code: 1 when an autoscaler is told a failure.
 *
 * @throws UsageError, KubeconfigError and InClusterConfigError for mistakes of whoever asks, a UsageError for what the server refuses, too
 */
export async function explainMetric(argv: readonly string[], { clock, env, processOne, out }: ExplainSurroundings): Promise<number> {
  const flags = parseFlags(argv, EXPLAIN_FLAGS);
  if (flags.get('bool', 'help')) {
    out(EXPLAIN_USAGE);
    return 0;
  }
  const [metric = ''] = argv;
  if (!/^[^-/][^/]*$/.test(metric)) throw new UsageError(['the name of the metric comes first: metrics-server explain http_requests -n shop']);
  const output = flags.get('string', 'output');
  if (output !== 'text' && output !== 'json') throw new UsageError([`--output=${output} is no form of the explanation; give text or json`]);
  const kubeconfig = flags.get('string', 'kubeconfig');
  const asker = kubeconfig === '' ? inClusterConfig(env, undefined, clock) : await kubeconfigConfig(kubeconfig, clock);
  const config = serverConfig(flags, asker, processOne());
  const request = { path: pathOf(metric, flags), query: queryOf(flags), timeoutMs: TIMEOUT_MS };
  const client = new ApiClient({ config, clock, userAgent: `metrics-server-explain/${VERSION}` });
  try {
    const explanation = await client.request<Explanation>(request).catch(refused);
    out(output === 'json' ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation));
    return explanation.failure === undefined ? 0 : 1;
  } finally {
    client.close();
  }
}

function pathOf(metric: string, flags: ParsedFlags): string {
  const [namespace, resource, name] = ['namespace', 'resource', 'name'].map((flag) => encodeURIComponent(flags.get('string', flag)));
  const inNamespace = `namespaces/${namespace}`;
  if (flags.get('bool', 'external')) return `${METRICS_PAGE}${externalMetricsGroup}/${inNamespace}/${encodeURIComponent(metric)}`;
  const object = resource === 'metrics' ? `${inNamespace}/metrics` : `${namespace === '' ? '' : `${inNamespace}/`}${resource}/${name}`;
  return `${METRICS_PAGE}${customMetricsGroup}/${object}/${encodeURIComponent(metric)}`;
}

function queryOf(flags: ParsedFlags): Record<string, string | undefined> {
  return {
    output: 'json', labelSelector: flags.get('string', 'selector') || undefined, metricLabelSelector: flags.get('string', 'metric-selector') || undefined,
  };
}

/** The adapter itself, asked as the one who asks kube-apiserver: the adapter has it verify tokens and certificates. */
function serverConfig(flags: ParsedFlags, asker: ClusterConfig, processOne: readonly string[]): ClusterConfig {
  const named = flags.get('string', 'server');
  const server = named === '' ? ownServer(processOne) : named;
  if (!URL.canParse(server) || !server.startsWith('https://')) throw new UsageError([`--server=${server} is no address; give one such as https://localhost:8443`]);
  const caFile = flags.get('string', 'certificate-authority');
  return {
    server: new URL(server),
    insecureSkipTlsVerify: caFile === '' && (named === '' || flags.get('bool', 'insecure-skip-tls-verify')),
    certificateAuthority: () => caFile === '' ? undefined : readFileSync(caFile, 'utf8'),
    credentials: () => asker.credentials(),
    invalidate: () => asker.invalidate(),
  };
}

/** Of the pod that this runs in, where a metrics-adapter runs, or a metrics-server that serves metrics for autoscalers too. */
function ownServer(processOne: readonly string[]): string {
  const [program, command] = [processOne.findIndex((argument) => /(?:^|\/)metrics-server$/.test(argument)), processOne.indexOf('metrics-adapter')];
  const parse = (before: number, flags: readonly Flag[]): ParsedFlags | undefined => (
    before < 0 ? undefined : parseFlags(processOne.slice(before + 1).filter(Boolean), flags)
  );
  const flags = command < 0 ? parse(program, FLAGS) : parse(command, METRICS_ADAPTER_FLAGS);
  if (!flags?.isSet('config')) {
    throw new UsageError([
      '--server is missing, and no metrics-adapter runs here, nor a metrics-server with --config; '
      + 'run this in its pod (kubectl exec), or give --server and --kubeconfig after kubectl port-forward',
    ]);
  }
  return `https://127.0.0.1:${flags.get('int', 'secure-port')}`;
}

/** Whatever the server says is for whoever asks to mend. */
function refused(error: unknown): never {
  if (error instanceof ApiError && error.code === 403) {
    throw new UsageError([`${error.message}; allow it by ${grantCommands(/User "([^"]+)"/.exec(error.message)?.[1] ?? 'NAME')}`]);
  }
  if (error instanceof ApiError || error instanceof TransportError) throw new UsageError([error.message]);
  throw error;
}

const ROLE = 'metrics-debug-metrics';

/** Of its own name: the role for another page of `/debug/` has other rights. */
function grantCommands(user: string): string {
  const [, serviceAccount] = /^system:serviceaccount:([^:]+:[^:]+)$/.exec(user) ?? [];
  const subject = serviceAccount === undefined ? `'--user=${user}'` : `--serviceaccount=${serviceAccount}`;
  return asText([
    `kubectl create clusterrole ${ROLE} --verb=get '--non-resource-url=${METRICS_PAGE}*'`,
    `kubectl create clusterrolebinding ${ROLE} --clusterrole=${ROLE} ${subject}`,
  ]);
}
