import { FlagUse, flagsOf, lastFlag } from './_command-line';
import { asText, record } from './_manifest';
import { FLAGS } from '../_facts/flags';
import { ImageFacts, upstreamFacts } from '../_facts/images';

/** A container of a workload, with what rules ask of it. */
export interface ContainerUse {
  readonly name: string;
  readonly image: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly flags: readonly FlagUse[];
  /** Path within its object, such as `spec.template.spec.containers[0]`. */
  readonly path: string;
}

export function containerUse(container: unknown, path: string): ContainerUse {
  const spec = record(container);
  const { name, image } = spec;
  return { name: asText(name ?? ''), image: asText(image ?? ''), spec, flags: flagsOf(spec), path };
}

/** Parts of an image reference: registry and repository, tag, digest. */
export function imageParts(reference: string): { readonly repository: string; readonly tag?: string; readonly digest?: string } {
  const [name, digest] = reference.split('@');
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? { repository: name.slice(0, colon), tag: name.slice(colon + 1), digest } : { repository: name, digest };
}

/** Facts of the metrics-server release that a container's image is tagged with; those of the newest for any other tag. */
export function releaseFacts({ image }: ContainerUse): ImageFacts {
  return upstreamFacts(imageParts(image).tag ?? '') ?? upstreamFacts('v0.9.0')!;
}

export function isNanny({ image, spec }: ContainerUse): boolean {
  return lastSegment(image) === 'addon-resizer' || (Array.isArray(spec.command) && spec.command[0] === '/pod_nanny');
}

/** Whether an image goes by metrics-server's name, as mirrors of it do too. */
export function isNamedMetricsServer({ image }: ContainerUse): boolean {
  return /^metrics-server(-(amd64|arm|arm64|ppc64le|s390x))?$/.test(lastSegment(image));
}

function lastSegment(image: string): string {
  return imageParts(image).repository.split('/').at(-1)!;
}

/** Whether the companion image serves what its sources know, and asks no kubelets. */
export function isMetricsAdapter({ spec: { command, args } }: ContainerUse): boolean {
  return [command, args].flat().includes('metrics-adapter');
}

/** Port that a server built on k8s.io/apiserver, or on this package's runtime, listens on. */
export function servingPort({ flags }: ContainerUse): number {
  return Number(lastFlag(flags, 'secure-port')?.value ?? FLAGS.find(({ name }) => name === 'secure-port')!.default);
}
