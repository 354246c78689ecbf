import { ImageFacts, upstreamFacts } from '../../../_facts/images';
import { Call, Expression, Reference } from '../../typescript/expression';
import { CHART, Release } from '../chart';
import { Mapping, property } from '../mapping';
import { secretRef } from '../pod-shapes';
import { servesVerified } from '../serving';
import { list } from '../shape';
import { Translation } from '../translation';
import { Values } from '../values';

const REPOSITORY = 'registry.k8s.io/metrics-server/metrics-server';
const NEWEST_RELEASE = 'v0.9.0';
const RELEASE = /^v?(0\.[4-9]\.\d{1,3})(?![\d.])/;

const PULL_POLICIES: Readonly<Record<string, string>> = { Always: 'ALWAYS', IfNotPresent: 'IF_NOT_PRESENT', Never: 'NEVER' };

export const IMAGE: readonly Mapping[] = [
  {
    values: { 'image.repository': REPOSITORY, 'image.tag': '' },
    properties: [property('image'), 'Image.upstream', 'Image.custom', 'Image.companion'],
    note: 'The chart\'s default is metrics-server v0.8.1; of another release of the chart `--app-version` says it. The companion image of this package does the same and keeps its own certificate: leave `image` and `servingCertificate` out.',
    translate: (values, to, release) => to.set('image', image(values, to, release)),
  },
  {
    values: { 'image.pullPolicy': 'IfNotPresent' },
    properties: [property('imagePullPolicy')],
    note: 'Of the server\'s image; the nanny\'s is left to Kubernetes, as in the chart.',
    translate: (values, to, release) => {
      const policy = values.text('image.pullPolicy');
      // Kubernetes' own default.
      if (policy === '' && tagOf(values, release) === 'latest') return to.set('imagePullPolicy', new Reference('ImagePullPolicy.ALWAYS'));
      if (policy === 'IfNotPresent' || policy === '') return;
      if (!Object.hasOwn(PULL_POLICIES, policy)) return to.leave('image.pullPolicy', `Kubernetes knows ${Object.keys(PULL_POLICIES).join(', ')}`);
      to.set('imagePullPolicy', new Reference(`ImagePullPolicy.${PULL_POLICIES[policy]}`));
    },
  },
  {
    values: { imagePullSecrets: [] },
    properties: [property('imagePullSecrets'), 'SecretRef.fromName'],
    note: 'One reference for each name.',
    translate: (values, to) => {
      const secrets = values.list('imagePullSecrets');
      if (secrets.length > 0) to.set('imagePullSecrets', list(secretRef)(secrets, 'imagePullSecrets', to));
    },
  },
];

/** Whether the values name an image of their own. */
export function namesImage(values: Values): boolean {
  return values.text('image.repository') !== REPOSITORY || values.text('image.tag') !== '';
}

/** What the image does when no flag says otherwise. */
export function imageFacts(values: Values, release: Release): ImageFacts {
  return upstreamFacts(releaseOfTag(tagOf(values, release)) ?? NEWEST_RELEASE)!;
}

function image(values: Values, to: Translation, release: Release): Expression {
  if (servesVerified(values) && !namesImage(values)) return new Call('Image.companion');
  const repository = values.text('image.repository');
  const tag = tagOf(values, release);
  if (values.text('image.tag') === '' && release.appVersion === undefined) {
    to.remark('image', `The values have no image.tag: ${tag} is the image of chart ${CHART.version}. Where the release runs another, say --app-version`);
  }
  const known = releaseOfTag(tag);
  if (repository === REPOSITORY && tag === known) return new Call('Image.upstream', tag);
  if (!known) to.remark('image', `${tag} is no release that is known here: it is taken to understand the flags of ${NEWEST_RELEASE}`);
  return new Call('Image.custom', `${repository}:${tag}`, { compatibleWith: new Call('Image.upstream', known ?? NEWEST_RELEASE) });
}

function tagOf(values: Values, { appVersion = CHART.appVersion }: Release): string {
  return values.text('image.tag') || `v${appVersion}`;
}

/** metrics-server's release that a tag is or begins with. */
function releaseOfTag(tag: string): string | undefined {
  const [, release] = RELEASE.exec(tag) ?? [];
  return release && `v${release}`;
}
