import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { TestAuthority, TestCertificate } from './certificates';
import { RecordingLogger } from './fixtures';
import { ClusterConfig } from '../../../src/runtime/cluster/cluster-config';
import { kubeconfigConfig, KubeconfigError, mergedKubeconfig } from '../../../src/runtime/cluster/kubeconfig';
import { ManualClock } from '../manual-clock';
import { TempDir } from './temp-dir';

const base64 = (text: string) => Buffer.from(text).toString('base64');

let dir: TempDir;
let clock: ManualClock;
let ca: string;
let otherCa: string;
let pair: TestCertificate;
let renewed: TestCertificate;

beforeAll(async () => {
  const authority = await TestAuthority.create('clients');
  ca = authority.certificate;
  otherCa = (await TestAuthority.create('others')).certificate;
  [pair, renewed] = await Promise.all(['one', 'two'].map((name) => authority.issue(name)));
});

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
});

afterEach(() => dir.remove());

function write(cluster: object, user: object, context: object = {}): string {
  return dir.write('config', stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    'current-context': 'dev',
    'contexts': [{ name: 'dev', context: { cluster: 'c', user: 'u', ...context } }],
    'clusters': [{ name: 'other', cluster: {} }, { name: 'c', cluster: { server: 'https://api.example:6443', ...cluster } }],
    'users': [{ name: 'u', user }],
  }));
}

async function read(cluster: object, user: object = {}, context: object = {}): Promise<ClusterConfig> {
  return kubeconfigConfig(write(cluster, user, context), clock);
}

describe('several kubeconfigs are one, as kubectl merges them', () => {
  const part = (name: string, content: object) => dir.write(name, stringify(content));
  const cluster = (name: string, host: string, fields: object = {}) => ({ name, cluster: { server: `https://${host}:6443`, ...fields } });
  const context = (name: string, of: string) => ({ name, context: { cluster: of, user: 'u' } });
  let files: string[];
  beforeEach(() => {
    dir.write('ca.crt', ca);
    files = [
      part('one', { contexts: [context('dev', 'c')], clusters: [cluster('c', 'first')], users: [{ name: 'u', user: { token: 'one' } }] }),
      part('two', {
        'current-context': 'prod', 'contexts': [context('dev', 'nope'), context('prod', 'd')], 'clusters': [cluster('c', 'second'), cluster('d', 'prod', { 'certificate-authority': 'ca.crt' })],
      }),
      part('three', { 'current-context': 'dev', 'users': [{ name: 'u', user: { token: 'three' } }] }),
    ];
  });

  test('the first current context counts, and the first of each name, wherever it stands', async () => {
    const config = await mergedKubeconfig(files, undefined, clock);
    expect([config.server.hostname, config.certificateAuthority(), await config.credentials()]).toEqual(['prod', ca, { bearerToken: 'one' }]);
  });

  test('a context that is named counts before', async () => {
    expect((await mergedKubeconfig(files, 'dev', clock)).server.hostname).toBe('first');
    expect(await (await mergedKubeconfig([files[1], files[2]], undefined, clock)).credentials()).toEqual({ bearerToken: 'three' });
    await expect(mergedKubeconfig(files, 'none', clock)).rejects.toThrow(`kubeconfig ${files[0]}: has no context 'none'; it has dev`);
  });

  test('one that is not there is told', async () => {
    await expect(mergedKubeconfig([`${dir.path}/none`], undefined, clock)).rejects.toThrow('none: cannot be read (ENOENT); check the path and its permissions');
  });
});

describe('a kubeconfig', () => {
  test('gives the server of its current context', async () => {
    const config = await read({ 'tls-server-name': 'kubernetes', 'certificate-authority-data': base64(ca) }, { token: 't' }, { namespace: 'apps' });
    expect(config.server.href).toBe('https://api.example:6443/');
    expect(config).toMatchObject({ tlsServerName: 'kubernetes', insecureSkipTlsVerify: false, namespace: 'apps' });
    expect(config.certificateAuthority()).toBe(ca);
    expect(await config.credentials()).toEqual({ bearerToken: 't' });
  });

  test('without a user is anonymous, without a CA trusts that of the system', async () => {
    const config = await read({ 'insecure-skip-tls-verify': true }, {}, { user: '' });
    expect(await config.credentials()).toEqual({});
    expect(config.certificateAuthority()).toBeUndefined();
    expect(config.insecureSkipTlsVerify).toBe(true);
  });

  test('gives a client certificate from its own text', async () => {
    const config = await read({}, { 'client-certificate-data': base64(pair.certificate), 'client-key-data': base64(pair.key) });
    expect(await config.credentials()).toEqual({ clientCertificate: pair });
  });

  test('gives files beside it, and follows their rotation', async () => {
    dir.write('ca.crt', ca);
    dir.write('client.crt', pair.certificate);
    dir.write('client.key', pair.key);
    dir.write('token', 'one\n');
    const config = await read(
      { 'certificate-authority': 'ca.crt' }, { 'client-certificate': './client.crt', 'client-key': `${dir.path}/client.key`, 'tokenFile': 'token' },
    );
    expect(config.certificateAuthority()).toBe(ca);
    expect(await config.credentials()).toEqual({ clientCertificate: pair, bearerToken: 'one' });
    dir.write('token', 'two');
    config.invalidate();
    expect(await config.credentials()).toEqual({ clientCertificate: pair, bearerToken: 'two' });
  });

  test('keeps a client certificate while the files that it names do not fit together, which is said once', async () => {
    const logger = new RecordingLogger();
    dir.write('client.crt', pair.certificate);
    dir.write('client.key', pair.key);
    const path = write({}, { 'client-certificate': 'client.crt', 'client-key': 'client.key' });
    const config = await kubeconfigConfig(path, clock, logger);
    dir.write('client.crt', renewed.certificate);
    clock.advance(60_000);
    for (let time = 0; time < 2; time++) expect(await config.credentials()).toEqual({ clientCertificate: pair });
    expect(logger.lines).toEqual([expect.stringMatching(`^W Keeping the client certificate in use path=${path} reason=.*key values mismatch$`)]);
    dir.write('client.key', renewed.key);
    expect(await config.credentials()).toEqual({ clientCertificate: renewed });
  });

  test('keeps the CA certificates while the file that it names is half-written or garbage, which is said once, and goes on when it is whole again', async () => {
    const logger = new RecordingLogger();
    const file = dir.write('ca.crt', ca);
    const config = await kubeconfigConfig(write({ 'certificate-authority': 'ca.crt' }, {}), clock, logger);
    for (const [text, reason] of [
      [otherCa.slice(0, 100), 'holds a certificate that cannot be read, number 1 of 1'],
      [`${otherCa}\n${ca.slice(0, 100)}`, 'holds a certificate that cannot be read, number 2 of 2'],
      ['garbage', 'holds no certificate in PEM'],
      ['', `${file} is empty`],
    ]) {
      dir.write('ca.crt', text);
      clock.advance(60_000);
      for (let time = 0; time < 3; time++) expect(config.certificateAuthority()).toBe(ca);
      expect(logger.lines.splice(0)).toEqual([`W Keeping the CA certificates in use path=${file} reason=${reason}`]);
    }
    dir.write('ca.crt', otherCa);
    expect(config.certificateAuthority()).toBe(otherCa);
    expect(logger.lines).toEqual([]);
  });

  test('that is written anew counts after 5 s, as a whole; one that cannot be used does not, which is said once', async () => {
    const logger = new RecordingLogger();
    const path = write({ 'certificate-authority-data': base64(ca) }, { token: 'one' });
    const config = await kubeconfigConfig(path, clock, logger);
    write({ 'server': 'https://elsewhere:6443', 'tls-server-name': 'kubernetes', 'insecure-skip-tls-verify': true }, { token: 'two' }, { namespace: 'apps' });
    clock.advance(4_999);
    expect(await config.credentials()).toEqual({ bearerToken: 'one' });
    clock.advance(1);
    expect([config.server.host, config.certificateAuthority()]).toEqual(['api.example:6443', ca]);
    expect(await config.credentials()).toEqual({ bearerToken: 'two' });
    expect(config).toMatchObject({ tlsServerName: 'kubernetes', insecureSkipTlsVerify: true, namespace: 'apps' });
    expect([config.server.host, config.certificateAuthority()]).toEqual(['elsewhere:6443', undefined]);
    write({}, { token: 5 });
    for (let time = 0; time < 3; time++) {
      clock.advance(5_000);
      expect(await config.credentials()).toEqual({ bearerToken: 'two' });
    }
    expect(logger.lines).toEqual([`W Keeping the kubeconfig in use path=${path} reason=kubeconfig ${path}: user 'u' has a token that is no string; put it in quotes`]);
  });

  test('is read at once after a 401', async () => {
    const config = await read({}, { token: 'one' });
    await read({}, { token: 'two' });
    config.invalidate();
    expect(await config.credentials()).toEqual({ bearerToken: 'two' });
  });

  test('gives username and password', async () => {
    expect(await (await read({}, { username: 'u', password: 'p' })).credentials()).toEqual({ basic: { username: 'u', password: 'p' } });
  });

  test('gives what its plug-in says, run where the file is', async () => {
    dir.write('plugin', '#!/bin/sh\necho "{\\"kind\\":\\"ExecCredential\\",\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"status\\":{\\"token\\":\\"$1-$WHO\\"}}"\n', 0o700);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin', args: ['a'], env: [{ name: 'WHO', value: 'b' }], interactiveMode: 'Never' };
    expect(await (await read({}, { exec })).credentials()).toEqual({ bearerToken: 'a-b' });
  });
});

describe('a kubeconfig that cannot be used says in one line what to do', () => {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'x' };

  test.each([
    ['a proxy', { 'proxy-url': 'http://p' }, {}, "cluster 'c' has a proxy-url, and proxies are not supported; remove it, or reach the API server without a proxy"],
    ['no server', { server: '' }, {}, "cluster 'c' has no server; add it"],
    ['a server that is no URL', { server: 'api:x' }, {}, "cluster 'c' has server 'api:x'; give an https URL such as https://10.0.0.1:6443"],
    ['CA and insecure', { 'insecure-skip-tls-verify': true, 'certificate-authority': 'ca.crt' }, {}, "cluster 'c' has certificate-authority beside insecure-skip-tls-verify: true; remove one of them"],
    ['a CA that is no PEM', { 'certificate-authority-data': '???' }, {}, "cluster 'c' has a certificate-authority-data that holds no certificate in PEM; it must be base64 of CA certificates in PEM"],
    ['a certificate without key', {}, { 'client-certificate': 'ca.crt' }, "user 'u' has a client-certificate without client-key; give both"],
    ['a number as token', {}, { token: 5 }, "user 'u' has a token that is no string; put it in quotes"],
    ['an old plug-in', {}, { exec: { ...exec, apiVersion: 'client.authentication.k8s.io/v1alpha1' } }, "user 'u' exec has apiVersion client.authentication.k8s.io/v1alpha1; supported are client.authentication.k8s.io/v1 and client.authentication.k8s.io/v1beta1"],
    ['a plug-in that asks', {}, { exec: { ...exec, interactiveMode: 'Always' } }, "user 'u' exec has interactiveMode Always, and there is nobody to ask; use a plug-in that works with Never or IfAvailable"],
    ['an auth provider', {}, { 'auth-provider': { name: 'gcp' } }, "user 'u' has auth-provider; replace it by an exec credential plug-in"],
    ['impersonation', {}, { as: 'admin' }, "user 'u' has as; impersonation is not supported: use credentials of the identity itself"],
  ])('%s', async (_, cluster, user, message) => {
    dir.write('ca.crt', ca);
    const path = write(cluster, user);
    await expect(kubeconfigConfig(path, clock)).rejects.toThrow(new KubeconfigError(`kubeconfig ${path}: ${message}`));
  });

  test('a client certificate with another\'s key', async () => {
    const path = write({}, { 'client-certificate-data': base64(pair.certificate), 'client-key-data': base64(renewed.key) });
    await expect(kubeconfigConfig(path, clock)).rejects.toThrow(
      /user 'u' has a client-certificate and a client-key that cannot be used \(.*key values mismatch\); give a certificate and its key, both in PEM$/);
  });

  test('a file that is not there', async () => {
    const path = `${dir.path}/none`;
    await expect(kubeconfigConfig(path, clock)).rejects.toThrow(new KubeconfigError(`kubeconfig ${path}: cannot be read (ENOENT); check the path and its permissions`));
  });

  test('a certificate file that is not there', async () => {
    const path = write({ 'certificate-authority': 'none.crt' }, {});
    await expect(kubeconfigConfig(path, clock)).rejects.toThrow(
      `kubeconfig ${path}: cluster 'c' names certificate-authority ${dir.path}/none.crt, which cannot be read (ENOENT); check the path and its permissions`);
  });

  test.each([['garbage', 'holds no certificate in PEM'], ['', 'is empty']])('a certificate file with the text %j', async (text, problem) => {
    const file = dir.write('ca.crt', text);
    const path = write({ 'certificate-authority': 'ca.crt' }, {});
    await expect(kubeconfigConfig(path, clock)).rejects.toThrow(`kubeconfig ${path}: cluster 'c' names certificate-authority ${file}, which ${problem}; correct it`);
  });

  test('a context that is not there', async () => {
    await expect(read({}, {}, { cluster: 'nope' })).rejects.toThrow("has no cluster 'nope'; it has other, c");
  });

  test('no current context', async () => {
    const path = dir.write('config', 'kind: Config\n');
    await expect(kubeconfigConfig(path, clock)).rejects.toThrow(`has no current-context; set one with: kubectl --kubeconfig ${path} config use-context NAME`);
  });

  test.each([['a: [', /is no YAML: .+ at line 1, column \d+; correct that line$/], ['- 1', /holds no kubeconfig; it must be a YAML object with kind Config$/]])(
    'the text %j', async (text, message) => {
      await expect(kubeconfigConfig(dir.write('config', text), clock)).rejects.toThrow(message);
    });

  test('a context whose name is a line break, in one line', async () => {
    const text = 'current-context: "\\n"\ncontexts: [{name: "t\\x7f"}]\n';
    await expect(kubeconfigConfig(dir.write('config', text), clock)).rejects.toThrow(/^[^\n]*has no context '\\n'[^\n]*$/);
  });

  test('a list as a key, without a word from the parser beside the one line', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    await expect(kubeconfigConfig(dir.write('config', '? [a, b]\n: c\n'), clock)).rejects.toThrow('has no current-context');
    expect(emitWarning).not.toHaveBeenCalled();
    emitWarning.mockRestore();
  });

  test('whatever it holds', async () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(fc.constantFrom(null, true, 5, '', 'x', 'c', 'u', 'dev', 'https://h'), fc.array(tie('any'), { maxLength: 2 }), tie('object')),
      object: fc.dictionary(fc.constantFrom('name', 'cluster', 'user', 'context', 'server', 'token', 'exec', 'command', 'env', 'args', 'extensions'), tie('any'), { maxKeys: 4 }),
    })).any;
    await fc.assert(fc.asyncProperty(fc.record({ 'current-context': value, 'contexts': value, 'clusters': value, 'users': value }), value, value, async (root, cluster, user) => {
      for (const text of [stringify(root), stringify({
        'current-context': 'dev',
        'contexts': [{ name: 'dev', context: { cluster: 'c', user: 'u' } }],
        'clusters': [{ name: 'c', cluster }],
        'users': [{ name: 'u', user }],
      })]) {
        const error: unknown = await kubeconfigConfig(dir.write('config', text), clock).catch((reason: unknown) => reason);
        if (error instanceof Error) {
          expect(error).toBeInstanceOf(KubeconfigError);
          expect(error.message).not.toContain('\n');
        }
      }
    }), { numRuns: 200 });
  });
});
