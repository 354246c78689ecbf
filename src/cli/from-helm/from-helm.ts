import { accept } from './accept';
import { releaseOf, ReleaseOptions } from './chart';
import { chartObjects, chartPod } from './chart-objects';
import { flagsOf } from './command-line';
import { gitOpsOf, GitOpsTool } from './git-ops-tool';
import { leaveLostFlags } from './lost-flags';
import { chartDefaults } from './mappings';
import { moveOf } from './move';
import { programOf } from './program';
import { translate } from './translate';
import { TRAPS } from './traps';
import { withoutUmbrella } from './umbrella';
import { Values } from './values';
import { parseValues, ValuesFile } from './values-files';
import { docsUrl } from '../../_docs';
import type { Installed } from '../installed';
import { Translated } from '../translated';

/** A release of Helm's chart, as whoever moves it describes it. */
export interface HelmRelease extends ReleaseOptions {
  /** Later ones win, as with Helm. */
  readonly files: readonly ValuesFile[];
  /** Key under which an umbrella chart's values hold those of the chart. */
  readonly key?: string;
  /** Tool that will apply what the program synthesizes; kubectl without one. */
  readonly gitOps?: GitOpsTool;
}

/** @throws Mistake when a file cannot be read as the chart's values */
export function fromHelm({ files, key, gitOps, ...options }: HelmRelease, installed: Installed): Translated {
  const values = new Values(chartDefaults(), withoutUmbrella(files.map(parseValues), key));
  const release = releaseOf(options, values);
  const translation = translate(values, release);
  translation.set('gitOps', gitOpsOf(gitOps));
  const { properties, refused, objects } = accept(translation.properties, installed.library);
  leaveLostFlags(flagsOf(values), { properties, refused, objects }, translation);
  const move = moveOf(chartObjects(values, release), chartPod(values), objects, release);
  const traps = TRAPS.filter(({ isSteppedInto }) => isSteppedInto(values));
  const untranslated = translation.untranslated.map(({ value, reason }) => {
    const place = values.locate(value);
    return `${place ? `${place}: ` : ''}${value} is not translated: ${reason}`;
  });
  const program = programOf({ release, translation, properties, refused, traps, move, gitOps, guide: docsUrl('migrate-from-helm.md', installed) });
  return { program, complaints: [...untranslated, ...refused.map(({ reason }) => reason)] };
}
