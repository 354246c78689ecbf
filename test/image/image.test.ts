import { execFileSync, spawnSync } from 'child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { SourceMap, SourceMapPayload } from 'module';
import { tmpdir } from 'os';
import { join } from 'path';
import { RunningContainer } from './running-container';
import { podmanOptions, synthesizedPod } from './synthesized-pod';
import { eventually } from '../e2e/control-plane/eventually';
import { createCertificateAuthority } from '../simulated-cluster/pki';

const NAME = 'localhost/cdk8s-metrics-server/metrics-server';
const IMAGE = `${NAME}:buildah`;
const IMAGE_BY_PODMAN = `${NAME}:podman`;
const MINUTE_MS = 60_000;

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const pod = synthesizedPod();

beforeAll(() => {
  build('buildah', IMAGE);
  build('podman', IMAGE_BY_PODMAN);
}, 5 * MINUTE_MS);

// What is rebuilt each time would add up in the cache.
afterAll(() => {
  const references = [IMAGE, IMAGE_BY_PODMAN];
  const ids = new Set(references.flatMap((reference) => index(reference).map(({ digest }) => imageId(digest))));
  references.forEach((reference) => podman('manifest', 'rm', reference));
  podman('rmi', ...ids);
});

/** As `npm run image` does it, without a registry for the bases and without a network of the build's own. */
function build(tool: string, tag: string): void {
  const args = ['image/build.mjs', '--tool', tool, '--tag', tag, '--', '--no-cache', '--pull-never', '--network=host'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`building with ${tool} failed:\n${stdout}${stderr}`);
}

function index(reference: string): { platform: string; digest: string }[] {
  const { manifests } = JSON.parse(execFileSync('buildah', ['manifest', 'inspect', reference], { encoding: 'utf8' }));
  return manifests.map(({ platform, digest }: any) => ({ platform: `${platform.os}/${platform.architecture}`, digest }));
}

/** podman picks this machine's platform from an index, whatever `--platform` says. */
function imageId(digest: string): string {
  const images = podman('image', 'ls', '--all', '--no-trunc', '--format={{.Digest}} {{.ID}}').split('\n').map((line) => line.split(' '));
  return images.find(([imageDigest]) => imageDigest === digest)![1];
}

function podman(...args: string[]): string {
  return execFileSync('podman', args, { encoding: 'utf8' }).trim();
}

describe('npm run image', () => {
  test('builds one index of both platforms', () => {
    expect(index(IMAGE).map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
  });

  test('makes the same digests again, and with the other tool', () => {
    const first = index(IMAGE);
    expect(index(IMAGE_BY_PODMAN)).toEqual(first);
    build('buildah', IMAGE);
    expect(index(IMAGE)).toEqual(first);
  }, 5 * MINUTE_MS);

  test('says in one line what it tried, on a machine without a tool', () => {
    const { status, stderr } = spawnSync(process.execPath, ['image/build.mjs'], { encoding: 'utf8', env: { PATH: '' } });
    expect(stderr).toBe('No tool to build the image with; install docker (with buildx), podman or buildah '
      + '(docker: not installed; podman: not installed; buildah: not installed)\n');
    expect(status).toBe(2);
  });
});

describe('the image', () => {
  let root: string;
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const sourceMap = (): SourceMapPayload => JSON.parse(read('/app/index.js.map'));

  beforeAll(() => { root = podman('image', 'mount', IMAGE); });
  afterAll(() => podman('image', 'unmount', IMAGE));

  test('says what it is, and runs as a user without rights', () => {
    const { Config } = JSON.parse(podman('image', 'inspect', IMAGE))[0];
    expect(Config).toMatchObject({ User: '65532:65532', WorkingDir: '/', Entrypoint: ['/metrics-server'] });
    expect(Config.Labels).toEqual({
      'org.opencontainers.image.title': 'metrics-server',
      'org.opencontainers.image.description': expect.any(String),
      'org.opencontainers.image.version': manifest.version,
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.source': manifest.repository.url.replace(/\.git$/, ''),
    });
  });

  test('carries the licence of every package in the bundle', () => {
    const noticed = [...read('/licenses/THIRD-PARTY-NOTICES').matchAll(/^-{80}\n(\S+) .*\n\n(?=\S)/gm)].map((match) => match[1]);
    const bundled = sourceMap().sources.flatMap((source) => /.*\/node_modules\/((@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
    expect(new Set(noticed)).toEqual(new Set(bundled));
    expect(noticed).toEqual(expect.arrayContaining(['yaml', '@peculiar/x509']));
    expect(read('/licenses/LICENSE')).toBe(readFileSync('LICENSE', 'utf8'));
  });

  test('maps its one file back to the sources', () => {
    // esbuild writes each source's name as a comment above what became of it
    const comment = read('/app/index.js').split('\n').indexOf('// src/runtime/main.ts');
    expect(comment).toBeGreaterThan(0);
    expect(new SourceMap(sourceMap()).findEntry(comment + 1, 0)).toMatchObject({ originalSource: expect.stringMatching(/\/src\/runtime\/main\.ts$/) });
  });

  test('fits every architecture: the pod asks for none', () => {
    expect(JSON.stringify(pod)).not.toMatch(/kubernetes\.io\/arch|amd64|arm64/);
  });
});

describe('a container of the image', () => {
  let serviceAccount: string;
  let container: RunningContainer | undefined;

  beforeAll(async () => {
    serviceAccount = mkdtempSync(join(tmpdir(), 'service-account-'));
    chmodSync(serviceAccount, 0o755);
    writeFileSync(join(serviceAccount, 'token'), 'a-token');
    writeFileSync(join(serviceAccount, 'ca.crt'), (await createCertificateAuthority('kubernetes')).certificate);
    writeFileSync(join(serviceAccount, 'namespace'), 'kube-system');
  });

  afterEach(() => {
    container?.remove();
    container = undefined;
  });

  afterAll(() => rmSync(serviceAccount, { recursive: true }));

  /** The pod's container on a node where no API server answers. */
  async function start(command: (args: string[]) => string[], options: string[] = []): Promise<RunningContainer> {
    container = await RunningContainer.start([
      ...podmanOptions(pod),
      '--volume', `${serviceAccount}:/var/run/secrets/kubernetes.io/serviceaccount:ro`,
      '--env=KUBERNETES_SERVICE_HOST=127.0.0.1', '--env=KUBERNETES_SERVICE_PORT=1',
      ...options,
    ], (port) => command([...pod.containers[0].args.filter((arg) => !/^--(secure-port|shutdown-delay-duration)=/.test(arg)), `--secure-port=${port}`, '--bind-address=127.0.0.1']));
    return container;
  }

  const asArgs = (args: string[]) => [IMAGE, ...args];
  const asCommand = (args: string[]) => [`--entrypoint=${JSON.stringify(['/metrics-server', ...args])}`, IMAGE];

  async function expectLive(running: RunningContainer, timeoutMs = 15_000): Promise<void> {
    await eventually(async () => expect(await running.get('/livez')).toEqual({ status: 200, body: 'ok' }), timeoutMs).catch((error) => {
      throw new Error(`${error.message}\nIts log:\n${running.log()}`);
    });
  }

  test.each([
    ['args', '1000', asArgs, []],
    ['args', '65532', asArgs, ['--user=65532']],
    ['command: [/metrics-server, …]', '1000', asCommand, []],
    ['command: [/metrics-server, …]', '65532', asCommand, ['--user=65532']],
  ])('given %s, is live as UID %s within the pod\'s security context and ends on SIGTERM', async (_, uid, command, options) => {
    const running = await start(command, options);
    await expectLive(running);
    expect(running.status('Uid')).toBe(`${uid} ${uid} ${uid} ${uid}`);
    expect(running.status('CapBnd')).toBe('0000000000000000');
    expect(running.status('CapEff')).toBe('0000000000000000');
    expect(running.status('NoNewPrivs')).toBe('1');
    expect(running.status('Seccomp')).toBe('2');
    const { exitCode, tookMs } = running.stop();
    expect(exitCode).toBe(0);
    expect(tookMs).toBeLessThan(3_000);
  });

  test('prints the version of the package', async () => {
    const running = await start(() => [IMAGE, '--version']);
    expect(await running.ended()).toBe(0);
    expect(running.log()).toContain(manifest.version);
  });

  test('can write nowhere but to the pod\'s volumes', async () => {
    const script = '["/", "/app", "/home/nonroot", "/tmp"].map((f) => { try { fs.writeFileSync(f + "/file", ""); } catch ({ code }) { return code; } })';
    const running = await start(() => ['--entrypoint=/nodejs/bin/node', IMAGE, '--print', script], ['--user=0']);
    await running.ended();
    expect(running.log().trim()).toBe("[ 'EROFS', 'EROFS', 'EROFS', undefined ]");
  });

  test('is live on arm64 (emulated)', async () => {
    const qemu = execFileSync('sh', ['-c', 'command -v qemu-aarch64-static'], { encoding: 'utf8' }).trim();
    const arm64 = index(IMAGE).find(({ platform }) => platform === 'linux/arm64')!.digest;
    const emulated = (args: string[]) => [
      `--entrypoint=${JSON.stringify(['/qemu', '/nodejs/bin/node', '/metrics-server', ...args])}`, imageId(arm64),
    ];
    const running = await start(emulated, ['--volume', `${qemu}:/qemu:ro`]);
    await expectLive(running, MINUTE_MS);
    expect(running.stop().exitCode).toBe(0);
  });
});
