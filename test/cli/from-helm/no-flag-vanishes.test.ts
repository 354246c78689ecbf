import * as fc from 'fast-check';
import { chartLeaves } from './chart-values';
import { commentsOf, objectsOf } from './read-program';
import { Flag, FLAGS, FlagType } from '../../../src/_facts/flags';
import { parseFlags, ParsedFlags } from '../../../src/runtime/flags/parse';
import { runCli } from '../run-cli';

const VALUES: Readonly<Partial<Record<FlagType, readonly string[]>>> = {
  'strings': ['a', 'a,b', '"a,b",c', ''],
  'int': ['4321', '0', '10250', '0x10'],
  'int32Slice': ['29', '23,24'],
  'float': ['0.01'],
  'float32': ['2.5'],
  'bool': ['true', 'false', 'T', 'F', '1', '0'],
  'duration': ['17s', '60s', '1m30s', '0s'],
  'ip': ['192.0.2.1', '0.0.0.0'],
  'Level': ['0', '4'],
  'quantity': ['2Ki'],
  'pattern=N,...': ['scraper=2'],
  'namedCertKey': ['/mounted/a.crt,/mounted/a.key'],
};
const OF_FLAG: Readonly<Record<string, readonly string[]>> = {
  'kubelet-preferred-address-types': ['ExternalDNS', 'Hostname,InternalIP', 'InternalIP, Hostname', '"Hostname",ExternalIP', ''],
  'authorization-always-allow-paths': ['/metrics', '/livez,/readyz', '/healthz,/readyz,/livez'],
  // Without 0, which is refused: whether the node's status counts is then said with it.
  'kubelet-port': ['4321', '10250', '0x10'],
  'node-selector': ['a=b', 'a in (b, c)'],
  'kubelet-certificate-authority': ['/mounted/ca.crt', '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt', '/elsewhere/ca.crt'],
  'cert-dir': ['/tmp', '/certs'],
};

const kubelet = FLAGS.filter(({ section }) => section === 'Kubelet client');
const flag = fc.oneof(fc.constantFrom(...FLAGS), fc.constantFrom(...kubelet));

/** A flag in any of the ways in which it can be written. */
const written = flag.chain((one) => fc.tuple(fc.constant(one), fc.constantFrom(...OF_FLAG[one.name] ?? VALUES[one.type] ?? ['/mounted/tls.crt', '/mounted/tls.key']), fc.nat(4)))
  .map(([{ name, shorthand, type }, value, way]) => {
    if (type === 'bool') return way === 0 ? [`--${name}`] : [`--${name}=${value}`];
    if (shorthand && way === 0) return [`-${shorthand}${value}`];
    if (shorthand && way === 1) return [`-${shorthand}`, value];
    return way === 2 ? [`--${name}`, value] : [`--${name}=${value}`];
  });

const broken = fc.constantFrom<readonly unknown[]>(
  ['-kubelet-insecure-tls'], ['--metric-resolution=20'], ['--metric-resolution 20s'], ['--kubelet-port=x'], ['positional'], ['-'], [''], [null], [7], [{ '--v': 4 }], [['--v=4']],
  ['--kubelet-insecure-tls=yes'], ['--kubelet-insecure-tls=false=true'], ['--kubelet-preferred-address-types=a"b'], ['--föö'], ['--=1'], ['---v=4'], ['--v=-1'],
);

const release = fc.record({
  tls: fc.constantFrom('metrics-server', 'helm', 'cert-manager', 'existingSecret').map((type) => ({ type, existingSecret: { name: 'tls' } })),
  defaultArgs: fc.constantFrom([], chartLeaves().get('defaultArgs') as string[]),
  image: fc.constantFrom({}, { tag: 'v0.9.0' }, { tag: 'v0.7.2' }, { tag: 'v0.4.1' }, { repository: 'registry.example/mirror', tag: 'v0.8.0' }),
  hostNetwork: fc.constantFrom({ enabled: false }, { enabled: true }),
  apiService: fc.constantFrom({}, { insecureSkipTLSVerify: false }),
  extraVolumes: fc.constant([{ name: 'mounted', secret: { secretName: 'mounted' } }]),
  extraVolumeMounts: fc.constant([{ name: 'mounted', mountPath: '/mounted' }]),
});

/** Flags that properties decide on their own, where no argument speaks of them. */
const DECIDED = [/^secure-port$/, /^shutdown-delay-duration$/, /^tls-(cert|private-key)-file$/, /^self-managed-/, /^kubelet-(port|client-key)$/];

/** Flags of files, which are mounted elsewhere. */
const FILES = FLAGS.filter(({ name, usage }) => usage.startsWith('File ') || name === 'kubeconfig').map(({ name }) => name);

test('a flag has the effect that it had, or is named: whatever stands beside it, however it is written', () => {
  fc.assert(fc.property(release, fc.array(written, { minLength: 1, maxLength: 5 }), (values, some) => {
    const args = some.flat();
    const { code, out, errors } = fromHelm({ ...values, args });
    const comments = commentsOf(out);
    const [theirs, ours] = [[...values.defaultArgs, ...args], argumentsOf(out)].map((line) => parseFlags(line));

    expect(code).toBe(errors.length > 0 ? 1 : 0);
    const given = { defaultArgs: values.defaultArgs, args };
    const lost = FLAGS.filter((one) => effect(one, theirs) !== effect(one, ours) && !isNamed(one, given, comments));
    expect({ args, lost: lost.map(({ name }) => name) }).toEqual({ args, lost: [] });
  }), { numRuns: 150 });
});

test('what metrics-server does not take for a flag is named', () => {
  fc.assert(fc.property(release, fc.array(written, { maxLength: 2 }), broken, (values, some, [wrong]) => {
    const args = [...some.flat(), wrong];
    const { code, errors } = fromHelm({ ...values, args });

    const named = expect.stringContaining(`args[${args.length - 1}] is not translated: `);
    expect({ args, code, errors }).toEqual({ args, code: 1, errors: expect.arrayContaining([named]) });
  }), { numRuns: 50 });
});

function fromHelm(values: object) {
  // JSON is YAML.
  return runCli(['from-helm', '-'], { '-': JSON.stringify(values) });
}

function argumentsOf(program: string): string[] {
  return objectsOf(program).find(({ kind }) => kind === 'Deployment').spec.template.spec.containers[0].args;
}

function effect({ name, type }: Flag, parsed: ParsedFlags): string {
  const value = parsed.get(type, name);
  // The folder for a certificate that no flag names, which properties keep in /tmp.
  if (name === 'cert-dir') return String(value === '/certs');
  if (FILES.includes(name)) return String(value !== '' && value !== '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt');
  return JSON.stringify(Array.isArray(value) ? [...new Set(value)] : value);
}

/** Whether comments speak of a flag: by its name or its place, or as a property that was refused. Of one that is not given properties decide. */
function isNamed({ name, shorthand }: Flag, given: Readonly<Record<string, readonly string[]>>, comments: string): boolean {
  const isThis = (argument: string) => new RegExp(shorthand ? `^--${name}(=|$)|^-${shorthand}` : `^--${name}(=|$)`).test(argument);
  const places = Object.entries(given).flatMap(([list, args]) => args.flatMap((argument, i) => isThis(argument) ? [`${list}[${i}]`] : []));
  if (places.length === 0) return DECIDED.some((one) => one.test(name));
  const property = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  return [name, `  ${property}: `, ...places.map((place) => ` ${place}`)].some((word) => comments.includes(word));
}
