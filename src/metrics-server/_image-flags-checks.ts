import { IConstruct } from 'constructs';
import { droppedFlag, FLAGS } from '../_facts/flags';
import { ImageFacts, isOlder, knowsFlag } from '../_facts/images';
import { nearest } from '../_facts/nearest';
import { flagName } from '../pod/_args-checks';
import { refuse } from '../validation/_validation';

/** Refuses a flag of the table that the image is too old for, or that only the companion image has. */
export function checkFlagOf(scope: IConstruct, image: ImageFacts, property: string, name: string, given: string): void {
  const flag = FLAGS.find((f) => f.name === name);
  if (!flag || knowsFlag(image, name)) return;
  refuse(scope, {
    property,
    given: `${given}, which needs --${name}, with metrics-server ${image.release}`,
    allowed: flag.section === 'Companion' ? 'with the companion image only' : `with metrics-server ${flag.since} or newer`,
    mend: `leave ${property} out, or choose such an image`,
  });
}

/** Refuses arguments with flags that the image does not know: it would end at once, with exit code 2. */
export function checkFlagsKnown(
  scope: IConstruct, image: ImageFacts, property: string, args: readonly string[], propertyOfFlag: ReadonlyMap<string, string>,
): void {
  args.forEach((arg, i) => {
    // Shorthands such as -v are the image's business.
    if (!arg.startsWith('--')) return;
    const name = flagName(arg);
    checkFlagOf(scope, image, `${property}[${i}]`, name, arg);
    if (isKnown(image, name)) return;
    const meant = nearest(name, FLAGS.filter((flag) => knowsFlag(image, flag.name)).map((flag) => flag.name));
    refuse(scope, {
      property: `${property}[${i}]`,
      given: arg,
      allowed: (image.companion ? 'flags of the companion image; see its --help' : `flags of metrics-server ${image.release}`) + (meant ? `; did you mean --${meant}?` : ''),
      mend: `${mendOf(meant, propertyOfFlag)} or remove --${name}`,
    });
  });
}

function isKnown(image: ImageFacts, name: string): boolean {
  if (FLAGS.some((flag) => flag.name === name)) return true;
  const dropped = droppedFlag(name);
  return dropped !== undefined && !image.companion && isOlder(image.release, dropped.until);
}

function mendOf(meant: string | undefined, propertyOfFlag: ReadonlyMap<string, string>): string {
  if (meant === undefined) return 'correct';
  return propertyOfFlag.has(meant) ? `set ${propertyOfFlag.get(meant)}, which is for --${meant},` : `write --${meant},`;
}
