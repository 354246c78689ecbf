import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS } from '../../../src/_facts/flags';
import { helpText } from '../../../src/runtime/flags/help';

/** One flag's line: shorthand, name, type word and default; usage texts are free. */
interface Line {
  readonly section: string;
  readonly name: string;
  readonly shorthand: string | undefined;
  readonly type: string | undefined;
  readonly default: string | undefined;
}

function linesOf(help: string): Line[] {
  let section = '';
  return help.split('\n').flatMap((line) => {
    section = /^(.*) flags:$/.exec(line)?.[1] ?? section;
    const match = /^ {2}(?:-(\w), | {4})--([\w-]+)(?: (\S+))? {3,}\S.*?(?: \(default (.*)\))?$/.exec(line);
    return match ? [{ section, name: match[2], shorthand: match[1], type: match[3], default: match[4] }] : [];
  });
}

const upstream = linesOf(readFileSync(join(__dirname, '../../golden/metrics-server-v0.9.0/help.txt'), 'utf8'));
const ours = linesOf(helpText());

test('upstream\'s capture is understood whole', () => {
  expect(upstream).toHaveLength(103);
});

test.each(FLAGS.filter(({ section }) => section !== 'Companion').map(({ name }) => name))(
  '--%s stands in the same section, with the same shorthand, type and default as in metrics-server', (name) => {
    expect(ours.find((line) => line.name === name)).toEqual(upstream.find((line) => line.name === name));
  },
);

test('none of upstream\'s is missing', () => {
  expect(upstream.map(({ name }) => name).filter((name) => !FLAGS.some((flag) => flag.name === name))).toEqual([]);
});

test('upstream\'s flags come in upstream\'s order, our own last', () => {
  const known = new Set(FLAGS.map(({ name }) => name));
  const own = FLAGS.filter(({ section }) => section === 'Companion').map(({ name }) => name).sort();
  expect(ours.map(({ name }) => name)).toEqual([...upstream.map(({ name }) => name).filter((name) => known.has(name)), ...own]);
});

test('columns are aligned within a section', () => {
  const sections = helpText().split(/\n(?=.* flags:\n)/).slice(1);
  expect(sections).toHaveLength(10);
  for (const section of sections) {
    const columns = section.split('\n').filter((line) => line.includes('--')).map((line) => /^ {2}.*?--\S+(?: \S+)? {3,}/.exec(line)![0].length);
    expect(new Set(columns).size).toBe(1);
  }
});

test('the last section', () => {
  expect(helpText().slice(helpText().indexOf('Companion flags:'))).toBe(`Companion flags:

      --config string                                        File that says which custom and external metrics are served, and from where: prometheus-adapter's, or one with sources and metrics. Read again when it changes, and at SIGHUP
      --kubelet-additional-certificate-authorities strings   Files of CA bundles that kubelets' serving certificates may be verified against too, beside --kubelet-certificate-authority or the cluster CA
      --kubelet-gzip                                         Ask kubelets for pages compressed with gzip: a fraction of the traffic, for CPU here and at each kubelet
      --kubelet-proxy-from-environment                       Ask kubelets through the HTTP proxy that HTTPS_PROXY names, but for those that NO_PROXY lists; without, the variables have no effect
      --kubelet-source string                                Page of the kubelets that is read: resource (/metrics/resource), summary (/stats/summary; those before Kubernetes 1.14 and some virtual ones have no other) or auto, which is the one and, where it is not found, the other (default "resource")
      --metric-retention duration                            Time figures are served after a kubelet's last good answer, from --metric-resolution to 10 times that; 0s for 2 times
      --metrics-max-age duration                             Age of series up to which rules find them, at least --metrics-relist-interval; that if 0s
      --metrics-relist-interval duration                     Time between two searches for the series of rules (default 10m0s)
      --node-events                                          Tell as Events of the nodes that they cannot be scraped, and that they can again
      --remove-ca-bundle-of-service string                   Service, as namespace/name, whose APIServices shall not be verified: the caBundle that this program wrote into them before is removed
      --self-managed-cert-secret string                      Secret, as namespace/name, in which a self-made CA and serving certificate are kept
      --self-managed-cert-service string                     Service, as namespace/name, that the self-made certificate is for and whose APIServices get the CA
      --upstream-compatible                                  Answer no more than metrics-server does: lists whole whatever limit and continue say, no fieldSelector=spec.nodeName, no usage of swap
      --watch-container-states                               Watch whole pods in place of their metadata, for which containers run: one that its kubelet leaves out is then listed without figures, one that has ended is not
`);
});
