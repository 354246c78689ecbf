import { App, Chart } from 'cdk8s';
import { Difference, differences, identity, Manifest, NamedDifference, readManifests } from './compare-manifests';

/** Manifests of others, and how ours differ. */
export interface GoldenManifests {
  /** Files or folders with manifests. An object takes the place of an earlier one that is called the same. */
  readonly golden: readonly string[];
  /** What the image runs when a container says nothing: a `command` that begins with it says the same as `args` without it. */
  readonly entryPoint?: string;
  /** Objects that are called otherwise here; the rest of them is compared. */
  readonly renamed?: readonly Renamed[];
  /** Every other difference that is meant. One that no longer occurs fails the test as one that is not listed does. */
  readonly differences: readonly NamedDifference[];
}

/** Manifests of others, and the constructs that take their place. */
export interface GoldenSet extends GoldenManifests {
  readonly name: string;
  readonly synthesize: (chart: Chart) => void;
}

/** Kind and name of an object on either side. */
export interface Renamed {
  readonly golden: string;
  readonly ours: string;
  readonly reason: string;
}

/** Tests that the manifests are what the constructs synthesize, but for what is named. */
export function describeGoldenSet({ name, synthesize: add, ...manifests }: GoldenSet): void {
  describe(name, () => {
    test('is what the constructs synthesize, but for the named differences', () => expectGolden(manifests, synthesize()));

    test('is the same in a chart that has a namespace', () => expect(synthesize('kube-system')).toEqual(synthesize()));
  });

  function synthesize(namespace?: string): Manifest[] {
    const chart = new Chart(new App(), 'test', { namespace });
    add(chart);
    return chart.toJson();
  }
}

/** Expects our objects to be those of the manifests, but for what is named. */
export function expectGolden({ golden: files, entryPoint, renamed = [], differences: named }: GoldenManifests, ours: Manifest[]): void {
  const read = layered(files.flatMap(readManifests)).map((object) => withoutEntryPoint(object, entryPoint));
  const golden = renamed.reduce(rename, read);

  expect(differences(golden, ours).sort(byPlace)).toEqual(named.map(withoutReason).sort(byPlace));
}

/** A volume of another name, which nobody outside the pod sees. */
export function renamedVolume(
  pod: string, golden: string, ours: string, source: object, mount: { container: string; mountPath: string },
): NamedDifference[] {
  const reason = 'the name means nothing outside the pod';
  return [
    { at: `${pod}.volumes.${golden}`, golden: { name: golden, ...source }, ours: undefined, reason },
    { at: `${pod}.volumes.${ours}`, golden: undefined, ours: { name: ours, ...source }, reason },
    { at: `${pod}.containers.${mount.container}.volumeMounts.${mount.mountPath}.name`, golden, ours, reason },
  ];
}

function layered(objects: readonly Manifest[]): Manifest[] {
  return [...new Map(objects.map((object) => [identity(object), object])).values()];
}

function withoutEntryPoint(object: Manifest, entryPoint: string | undefined): Manifest {
  const copy = structuredClone(object);
  for (const container of copy.spec?.template?.spec.containers ?? []) {
    if (entryPoint === undefined || container.command?.[0] !== entryPoint) continue;
    container.args = [...container.command.slice(1), ...container.args ?? []];
    delete container.command;
  }
  return copy;
}

function rename(golden: Manifest[], { golden: theirs, ours }: Renamed): Manifest[] {
  expect(golden.map(identity)).toContain(theirs);
  const name = /[^ /]+$/.exec(ours)![0];
  return golden.map((object) => identity(object) === theirs ? { ...object, metadata: { ...object.metadata, name } } : object);
}

function withoutReason({ at, golden, ours }: NamedDifference): Difference {
  return { at, golden, ours };
}

function byPlace(a: Difference, b: Difference): number {
  return a.at < b.at ? -1 : 1;
}
