import { runCli } from '../run-cli';

const CA = '--kubelet-certificate-authority=/ca.crt';
const CLIENT = '--kubelet-client-certificate=/c/tls.crt';
const KEY = '--kubelet-client-key=/c/tls.key';
const MOUNTED = {
  extraVolumes: [{ name: 'client', secret: { secretName: 'client' } }, { name: 'config', secret: { secretName: 'config' } }],
  extraVolumeMounts: [{ name: 'client', mountPath: '/c' }, { name: 'config', mountPath: '/config' }],
};

/** What becomes of values, as JSON, which is YAML. */
function fromHelm(values: object) {
  return runCli(['from-helm', '-'], { '-': JSON.stringify(values) });
}

describe('a flag that the program does not carry is named, and the exit code is 1', () => {
  test.each<[name: string, args: readonly string[], lost: readonly number[], values?: object]>([
    ['the key of no client certificate', ['--kubelet-client-key=/k'], [0]],
    ['the key of no serving certificate', ['--tls-private-key-file=/b'], [0]],
    ['a serving certificate without its key', ['--tls-cert-file=/a'], [0]],
    ['a serving certificate beside one of the chart\'s', ['--tls-cert-file=/a', '--tls-private-key-file=/b'], [0, 1], { tls: { type: 'cert-manager' } }],
    ['a client certificate where nothing is encrypted', ['--deprecated-kubelet-completely-insecure', '--kubelet-client-certificate=/c'], [1], { defaultArgs: [] }],
    ['unverified TLS where nothing is encrypted', ['--deprecated-kubelet-completely-insecure', '--kubelet-insecure-tls'], [1], { defaultArgs: [] }],
    ['the node\'s port, which serves TLS, where nothing is encrypted', ['--deprecated-kubelet-completely-insecure', '--kubelet-use-node-status-port'], [1], { defaultArgs: [] }],
    ['a CA where nothing is verified', ['--kubelet-insecure-tls', CA], [1]],
    ['all beside a kubeconfig that is not found', ['--kubeconfig=/x', CA, CLIENT, KEY], [0, 1, 2, 3]],
    ['all beside a kubeconfig', ['--kubeconfig=/config/kubeconfig', CA, CLIENT, KEY], [1, 2, 3], MOUNTED],
    ['a CA and a key beside a client certificate that is not found', [CLIENT, KEY, CA], [0, 1, 2]],
    ['a key elsewhere than its certificate', [CLIENT, '--kubelet-client-key=/elsewhere/tls.key'], [1], MOUNTED],
    ['a time limit without a value', ['--kubelet-request-timeout'], [0]],
    ['a port without a value, which takes the next argument for it', ['--kubelet-port', '--kubelet-insecure-tls'], [0]],
    ['a flag with one dash', ['-kubelet-insecure-tls'], [0]],
    ['two words in one argument', ['--metric-resolution 30s'], [0]],
    ['a duration without a unit', ['--metric-resolution=30'], [0]],
    ['a value behind a switch', ['--kubelet-insecure-tls', 'false'], [1]],
    ['what stands behind two dashes', ['--', '--v=4'], [0, 1]],
    ['a list that ends within quotes', ['--kubelet-preferred-address-types="Hostname'], [0]],
  ])('%s', (_, args, lost, values = {}) => {
    const { code, errors, out } = fromHelm({ args, ...values });

    expect({ code, lost: errors.map((error) => /(\S+) is not translated: /.exec(error)?.[1]).sort() }).toEqual({ code: 1, lost: lost.map((i) => `args[${i}]`) });
    for (const i of lost) expect(out).toContain(`// NOT TRANSLATED: args[${i}]: `);
  });

  test.each<[name: string, args: readonly string[], said: string]>([
    ['a client certificate with its key', [CLIENT, KEY], 'kubeletAccess: KubeletAccess.clientCertificate(SecretRef.fromName(\'client\')),'],
    ['a switch that is off', ['--kubelet-insecure-tls=false', '--kubeconfig=/config/kubeconfig'], 'kubeletAccess: KubeletAccess.kubeconfig('],
    ['the cluster\'s own CA', ['--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt'], 'kubeletAccess: KubeletAccess.clusterCa(),'],
    ['a switch that is turned off again', ['--kubelet-insecure-tls', '--kubelet-insecure-tls=false', '-l', 'a=b'], 'scrapeNodeSelector: \'a=b\','],
    ['a switch that is on in other words', ['--kubelet-insecure-tls=T'], 'kubeletAccess: KubeletAccess.insecureSkipTlsVerify(),'],
    ['a value in the next argument', ['--kubelet-request-timeout', '5s'], 'kubeletRequestTimeout: Duration.seconds(5),'],
    ['a letter with its value', ['-v4', '-l', 'a=b'], 'extraArgs: [\'--v=4\'],'],
    ['items between quotes', ['--requestheader-allowed-names="a,b",c'], 'extraArgs: [\'--requestheader-allowed-names="a,b",c\'],'],
    ['a selector that a later one replaces', ['--node-selector=a=b', '-l', 'c=d'], 'scrapeNodeSelector: \'c=d\','],
  ])('but not %s', (_, args, said) => {
    const { code, errors, out } = fromHelm({ args, ...MOUNTED });

    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(out).toContain(said);
  });
});

describe('a list that is given twice', () => {
  const types = (...given: readonly string[]) => given.map((one) => `--kubelet-preferred-address-types=${one}`);

  test('has the items of the first, then those of the second, each once, as the server reads it', () => {
    const { code, out } = fromHelm({ defaultArgs: types('Hostname'), args: types('InternalIP,Hostname') });

    expect(code).toBe(0);
    expect(out).toContain('kubeletPreferredAddressTypes: [NodeAddressType.HOSTNAME, NodeAddressType.INTERNAL_IP],');
  });

  test('is said to add up, for whoever meant the second to replace the first', () => {
    const remark = 'defaultArgs[1] and args[0] add up';

    expect(fromHelm({ args: types('Hostname') }).out).toContain(remark);
    expect(fromHelm({}).out).not.toContain('add up');
  });

  test('keeps every path that needs no authorization', () => {
    const { code, out } = fromHelm({ args: ['--authorization-always-allow-paths=/metrics', '--v=2', '--authorization-always-allow-paths=/foo'] });

    expect(code).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain('\'--v=2\', \'--authorization-always-allow-paths=/healthz,/livez,/readyz,/metrics,/foo\'');
  });

  test('steps into no trap where the second brings the probes\' paths back', () => {
    const metrics = { enabled: true };
    const trap = '// Trap of the chart: `metrics.enabled` sets';

    expect(fromHelm({ metrics, args: ['--authorization-always-allow-paths=/livez', '--authorization-always-allow-paths=/readyz'] }).out).not.toContain(trap);
    expect(fromHelm({ metrics, args: ['--authorization-always-allow-paths=/livez'] }).out).toContain(trap);
  });

  test('names a type of address that no node has', () => {
    expect(fromHelm({ args: types('Internal') })).toMatchObject({ code: 1, errors: [expect.stringContaining('args[0] is not translated: "Internal" is none of Hostname,')] });
  });
});

describe('what the construct refuses', () => {
  test('is taken out of a list or a map alone, and the rest stays', () => {
    const { code, out } = fromHelm({ commonLabels: { 'app.kubernetes.io/name': 'x', 'team': 'a' }, image: { tag: 'v0.6.4' }, args: ['--v=2', '--max-requests-inflight=9'] });

    expect(code).toBe(1);
    expect(out).toContain('    //   labels: { \'app.kubernetes.io/name\': \'x\' },\n');
    expect(out).toContain('      labels: { team: \'a\' },\n');
    expect(out).toContain('    //   extraArgs: [\'--max-requests-inflight=9\'],\n');
    expect(out).toContain('      extraArgs: [\'--v=2\'],\n');
    expect(out).toContain('      image: Image.upstream(\'v0.6.4\'),\n');
  });

  test.each([
    ['--stderrthreshold=2', '--alsologtostderr'], ['--alsologtostderr', '--stderrthreshold=2'], ['--alsologtostderr'],
  ])('is taken out of the arguments alone where its release dropped it: %j, %j', (...refused) => {
    const { code, errors, out } = fromHelm({ args: ['--v=2', ...refused, '--profiling=false'] });

    expect({ code, errors }).toEqual({ code: 1, errors: refused.map((flag) => expect.stringContaining(`'${flag}'`)) });
    for (const flag of refused) expect(out).toContain(`    //   extraArgs: ['${flag}'],\n`);
    expect(out).toContain('      extraArgs: [\'--v=2\', \'--profiling=false\'],\n');
    expect(out).toContain('      image: Image.upstream(\'v0.8.1\'),\n');
  });

  test('is taken out of the options of a call alone, which is shown whole', () => {
    const { code, out } = fromHelm({ tls: { type: 'existingSecret', existingSecret: { name: 'tls' } }, apiService: { caBundle: 'QUJD' } });

    expect(code).toBe(1);
    expect(out).toContain('    //   servingCertificate: ServingCertificate.fromSecret(SecretRef.fromName(\'tls\'), { caBundle: \'QUJD\' }),\n');
    expect(out).toContain('      servingCertificate: ServingCertificate.fromSecret(SecretRef.fromName(\'tls\')),\n');
    expect(out).toContain('      image: Image.upstream(\'v0.8.1\'),\n');
  });

  test('is what asks for too much, not what stands in its way', () => {
    const { out } = fromHelm({ defaultArgs: [], args: ['--kubelet-request-timeout=60s'] });

    expect(out).toContain('    //   kubeletRequestTimeout: Duration.minutes(1),\n');
    expect(out).toContain('      metricResolution: Duration.minutes(1),\n');
  });
});

test('local storage is asked for as the values say, of the server and of the nanny', () => {
  const { out } = fromHelm({ resources: { limits: { 'ephemeral-storage': '1Gi' } } });
  expect(out).toContain("ephemeralStorage: '1Gi'");

  const { out: withNanny } = fromHelm({ addonResizer: { enabled: true, resources: { requests: { 'ephemeral-storage': '1Gi' } } } });
  expect(withNanny).toContain("ephemeralStorage: '1Gi'");
});
