import { IConstruct } from 'constructs';
import { METRICS_ADAPTER_FLAGS, SOURCE_FLAGS } from '../_facts/metrics-adapter-flags';
import { nearest } from '../_facts/nearest';
import { CheckArgs } from '../extension-api-server/_extension-api-server-args';
import { Shutdown } from '../extension-api-server/_shutdown';
import { goDuration } from '../kubernetes/_go-duration';
import { checkFlagsNotTaken, checkFlagSyntax, flagName } from '../pod/_args-checks';
import { refuse } from '../validation/_validation';

export const CONFIGURATION_DIRECTORY = '/etc/adapter';
export const CONFIGURATION_KEY = 'config.yaml';
export const CONFIGURATION_ARG = `--config=${CONFIGURATION_DIRECTORY}/${CONFIGURATION_KEY}`;

/**
 * kube-apiserver's for its own webhooks, and the kubelet's. k8s.io/apiserver's 10s for servers such as this one are over whenever an autoscaler asks again, after 15 s,
 * so that each question would cost the API server a review and the adapter half as much again. Refusals stay at 10s.
 */
const AUTHORIZED_TTL = { flag: 'authorization-webhook-cache-authorized-ttl', value: '5m' };

/** Flags that properties write, or that say what sources say. */
const PROPERTY_OF_FLAG: ReadonlyMap<string, string> = new Map([
  ...['config', 'prometheus-auth-config', ...SOURCE_FLAGS].map((flag) => [flag, 'sources'] as const),
  ...['self-managed-cert-secret', 'self-managed-cert-service', 'remove-ca-bundle-of-service'].map((flag) => [flag, 'servingCertificate'] as const),
  ['shutdown-delay-duration', 'shutdownDelay'],
]);

export function metricsAdapterArgs(scope: IConstruct, extraArgs: readonly string[] = [], { delay }: Shutdown): string[] {
  checkExtraArgs(scope, 'extraArgs', extraArgs);
  return [
    CONFIGURATION_ARG,
    ...authorizedTtlBeside(extraArgs),
    ...delay ? [`--shutdown-delay-duration=${goDuration(delay.toMilliseconds())}`] : [],
    ...extraArgs,
  ];
}

/** Unless these arguments say it themselves. */
export function authorizedTtlBeside(args: readonly string[]): string[] {
  return args.some((arg) => arg.startsWith('--') && flagName(arg) === AUTHORIZED_TTL.flag) ? [] : [`--${AUTHORIZED_TTL.flag}=${AUTHORIZED_TTL.value}`];
}

/** Refuses what a property says, and flags that the adapter does not know: it would end at once. */
export const checkExtraArgs: CheckArgs = (scope, property, args) => {
  checkFlagSyntax(scope, property, args);
  checkFlagsNotTaken(scope, property, args, PROPERTY_OF_FLAG);
  const known = METRICS_ADAPTER_FLAGS.map(({ name }) => name);
  // Shorthands such as -v are the adapter's business.
  const unknown = args.findIndex((arg) => arg.startsWith('--') && !known.includes(flagName(arg)));
  if (unknown < 0) return;
  const name = flagName(args[unknown]);
  const meant = nearest(name, known.filter((flag) => !PROPERTY_OF_FLAG.has(flag)));
  refuse(scope, {
    property: `${property}[${unknown}]`,
    given: args[unknown],
    allowed: `flags of metrics-adapter; see its --help${meant ? `; did you mean --${meant}?` : ''}`,
    mend: meant ? `write --${meant}, or remove --${name}` : `correct or remove --${name}`,
  });
};
