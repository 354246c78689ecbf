import { Container, Deployment, hasCondition, Pod, serves } from './objects';
import { commandLine, givenFlags, serverContainer } from './server-container';
import { DroppedFlag, Flag, FLAGS } from '../../_facts/flags';
import { ImageFacts, isOlder, knowsFlag, upstreamFacts } from '../../_facts/images';
import { assignments } from '../flags/syntax';
import { UsageError } from '../flags/usage-error';

/** metrics-server's own image, from wherever it was copied. */
const UPSTREAM_IMAGE = /(?:^|\/)metrics-server(?:\/metrics-server|-[a-z0-9]+):(v[\d.]+)(?:@|$)/;

/** Among the last words of a server, which a pod has where its `terminationMessagePolicy` is `FallbackToLogsOnError`. */
const NAMED = /unknown flag: (--[\w-]+)/;

/** Flags that the server in a pod ended at. None where it did not end with an error: a server that runs knows its flags. */
export function refusedFlags(pod: Pod): readonly string[] {
  const container = serverContainer(pod.spec);
  const status = pod.status?.containerStatuses?.find(({ name }) => name === container?.name);
  const end = status?.state?.terminated ?? status?.lastState?.terminated;
  if (!container || serves(pod) || !end || end.exitCode === 0) return [];
  const [, named] = NAMED.exec(end.message ?? '') ?? [];
  const refused = unknownFlags(container);
  const all = named === undefined || refused.some((one) => one.includes(named)) ? refused : [...refused, `unknown flag: ${named}`];
  return all.map((mistake) => `container ${container.name} ended with exit code ${end.exitCode}: ${mistake}`);
}

/** The same of a Deployment whose pods cannot be seen: none of one that is available. */
export function refusedFlagsOf({ spec: { template }, status }: Deployment): readonly string[] {
  const container = serverContainer(template.spec);
  return container && !hasCondition(status, 'Available') ? unknownFlags(container) : [];
}

/** In the words in which the server refuses them, and why where it is known. */
function unknownFlags(container: Container): string[] {
  const line = commandLine(container);
  const image = upstreamFacts(UPSTREAM_IMAGE.exec(container.image ?? '')?.[1] ?? '');
  const known = givenFlags(line).flatMap(({ flag }) => image === undefined ? [] : unknownTo(image, flag) ?? []);
  return [...line.flatMap(unknown), ...known.map((why) => `unknown flag: ${why}`)];
}

function unknown(argument: string): readonly string[] {
  try {
    if (argument.startsWith('-')) assignments([argument], FLAGS).next();
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.mistakes.filter((mistake) => mistake.startsWith('unknown '));
  }
}

/** What metrics-server's own releases do not know, and the companion does. */
function unknownTo(image: ImageFacts, flag: Flag | DroppedFlag): string | undefined {
  const release = `metrics-server ${image.release}`;
  if ('until' in flag) return isOlder(image.release, flag.until) ? undefined : `--${flag.name}, which metrics-server dropped in ${flag.until}; the companion image takes it`;
  if (knowsFlag(image, flag.name) !== false) return undefined;
  return flag.since ? `--${flag.name}, which ${release} does not know yet; ${flag.since} does` : `--${flag.name}, which ${release} does not know; the companion image does`;
}
