import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CHECKS } from './checks';
import { ClusterExamination } from './cluster-examination';
import { ClusterReader } from './cluster-reader';
import { diagnose, exitCodeOf } from './diagnosis';
import { DOCTOR_FLAGS, DOCTOR_USAGE } from './flags';
import { NamespacedName } from './objects';
import { jsonReport, textReport } from './report';
import { serverFlagsOf } from './server-options';
import { FLAGS } from '../../_facts/flags';
import { Clock, Random } from '../clock';
import { ApiClient } from '../cluster/api-client';
import { ClusterConfig } from '../cluster/cluster-config';
import { inClusterConfig, InClusterConfigError } from '../cluster/in-cluster';
import { mergedKubeconfig } from '../cluster/kubeconfig';
import { Options } from '../flags/options';
import { HELP, ParsedFlags, parseFlags } from '../flags/parse';
import { positionalArguments } from '../flags/syntax';
import { UsageError } from '../flags/usage-error';
import { goQuote } from '../go-quote';
import { kubeletClient } from '../kubelets';
import { silentLogger } from '../telemetry/logger';
import { VERSION } from '../version';

export interface DoctorSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly env: NodeJS.ProcessEnv;
  /** Command line of the first process, empty when it cannot be read. */
  readonly processOne: () => readonly string[];
  /** Ends the examination; what is not looked at by then is said to be unknown. */
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
}

/**
 * `metrics-server doctor`: looks at everything between kubelets and kubectl top. Returns the exit code.
 *
 * @throws UsageError, KubeconfigError and InClusterConfigError for mistakes of whoever asks
 */
export async function doctor(argv: readonly string[], { clock, random, env, processOne, signal, out }: DoctorSurroundings): Promise<number> {
  const flags = parseFlags(argv, [...FLAGS, ...DOCTOR_FLAGS]);
  if (flags.get('bool', 'help')) {
    out(DOCTOR_USAGE);
    return 0;
  }
  const [stray] = positionalArguments(argv, [...FLAGS, ...DOCTOR_FLAGS, HELP]);
  if (stray !== undefined) throw new UsageError([`doctor takes flags only, but ${goQuote(stray)} is given; --help lists them`]);
  const report = reportOf(flags);
  const service = serviceOf(flags);
  const timeoutMs = flags.get('duration', 'timeout');
  if (timeoutMs <= 0) throw new UsageError([`--timeout=${flags.text('timeout')} is no time for anything; give a duration such as 1m`]);
  const { config, inCluster } = await configOf(flags, env, clock);
  const tryOut = ({ kubelet }: Options) => kubeletClient(kubelet, config, clock, silentLogger).close();
  // Mistakes in flags of the server are told before anything is asked.
  serverFlagsOf({ argv, source: undefined, inCluster, tryOut });
  const deadline = new AbortController();
  const stop = clock.after(timeoutMs, () => deadline.abort(new Error(`time is up after ${timeoutMs / 1000} s (--timeout)`)));
  const either = AbortSignal.any([signal, deadline.signal]);
  // Each request listens to it.
  setMaxListeners(0, either);
  const client = new ApiClient({ config, clock, userAgent: `metrics-server-doctor/${VERSION} (${process.platform}/${process.arch})` });
  try {
    const reader = new ClusterReader(client, either);
    const kubeletsTimeoutMs = timeoutMs / 2;
    const examination = new ClusterExamination({
      reader, config, inCluster, service, argv, clock, random, signal: either, kubeletsTimeoutMs, processOne: inCluster ? processOne() : [], tryOut,
    });
    const diagnoses = await diagnose(CHECKS, examination, either);
    out(report(diagnoses));
    return exitCodeOf(diagnoses);
  } finally {
    stop();
    client.close();
  }
}

function reportOf(flags: ParsedFlags): typeof textReport {
  const output = flags.get('string', 'output');
  if (output === 'json') return jsonReport;
  if (output === 'text') return textReport;
  throw new UsageError([`--output=${output} is no form of the report; give text or json`]);
}

function serviceOf(flags: ParsedFlags): NamespacedName | undefined {
  const text = flags.get('string', 'service');
  if (text === '') return undefined;
  const [, namespace, name] = /^([a-z0-9-]+)\/([a-z0-9-]+)$/.exec(text) ?? [];
  if (name === undefined) throw new UsageError([`--service=${text} names no Service; give namespace/name`]);
  return { namespace, name };
}

interface Asker {
  readonly config: ClusterConfig;
  readonly inCluster: boolean;
}

/** A kubeconfig or a context that is named, else the pod's service account, else the kubeconfig that kubectl would take. */
async function configOf(flags: ParsedFlags, env: NodeJS.ProcessEnv, clock: Clock): Promise<Asker> {
  const named = flags.get('string', 'kubeconfig');
  const context = flags.get('string', 'context') || undefined;
  // The pod's network is the pod's, whoever it asks as.
  const inCluster = env.KUBERNETES_SERVICE_HOST !== undefined;
  if (named !== '') return { config: await mergedKubeconfig([named], context, clock), inCluster };
  const usual = usualKubeconfigs(env);
  if (context !== undefined) return { config: await mergedKubeconfig(usual, context, clock), inCluster };
  try {
    return { config: inClusterConfig(env, undefined, clock), inCluster };
  } catch (error) {
    if (!(error instanceof InClusterConfigError) || !usual.some((file) => existsSync(file))) throw error;
    return { config: await mergedKubeconfig(usual, undefined, clock), inCluster };
  }
}

/** Files of $KUBECONFIG that are not there are passed over, as long as one is. */
function usualKubeconfigs({ KUBECONFIG = '' }: NodeJS.ProcessEnv): readonly string[] {
  const listed = KUBECONFIG.split(delimiter).filter((file) => file !== '');
  if (listed.length === 0) return [join(homedir(), '.kube', 'config')];
  const present = listed.filter((file) => existsSync(file));
  return present.length > 0 ? present : listed;
}
