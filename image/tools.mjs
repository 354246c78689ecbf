/** What docker, podman and buildah are told to build the image; each tool is a function from the build to its commands. */
import { spawnSync } from 'node:child_process';

export const TOOLS = {
  docker: { probe: ['docker', 'info'], commands: dockerCommands },
  podman: { probe: ['podman', 'info'], commands: (build) => containersCommands('podman', build) },
  buildah: { probe: ['buildah', 'info'], commands: (build) => containersCommands('buildah', build) },
};

/** Why a tool cannot be used, or undefined if it can. */
export function unusable(tool) {
  const [command, ...args] = TOOLS[tool].probe;
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) return error.code === 'ENOENT' ? 'not installed' : error.message;
  if (status !== 0) return stderr.trim().split('\n').at(-1) || `${command} ${args.join(' ')} ended with ${status}`;
  return undefined;
}

/** @typedef {{ reference: string, platforms: string[], labels: string[], secrets: string[], push: boolean, epoch: string, extra: string[] }} Build */

/** @param {Build} build */
function dockerCommands({ reference, platforms, labels, secrets, push, epoch, extra }) {
  const fits = platforms.length === 1 || push || dockerKeepsIndexes();
  if (!fits) {
    console.log('docker\'s classic image store holds no index: building for this machine alone (--push builds for all platforms)');
  }
  return [['docker', 'buildx', 'build', '--file', 'image/Dockerfile', '--tag', reference,
    '--platform', fits ? platforms.join() : hostPlatform(), push ? '--push' : '--load', '--provenance=false',
    '--build-arg', `SOURCE_DATE_EPOCH=${epoch}`, ...labels, ...secrets, ...extra, '.']];
}

function dockerKeepsIndexes() {
  const { stdout } = spawnSync('docker', ['info', '--format', '{{json .DriverStatus}}'], { encoding: 'utf8' });
  return /containerd\.snapshotter/.test(stdout ?? '');
}

/**
 * One platform after the other, since their order in the index is part of its digest; without cached layers, since
 * buildah 1.28 takes those of one platform for the other.
 * @param {Build} build
 */
function containersCommands(tool, { reference, platforms, labels, secrets, push, epoch, extra }) {
  forget(tool, reference);
  const builds = platforms.map((platform) => [tool, 'build', '--file', 'image/Dockerfile', '--ignorefile', 'image/Dockerfile.dockerignore',
    '--manifest', reference, '--platform', platform, '--layers=false', '--timestamp', epoch, '--identity-label=false',
    // known to FROM without an ARG only in later releases
    '--build-arg', `BUILDPLATFORM=${hostPlatform()}`, ...labels, ...secrets, ...extra, '.']);
  const pushes = push ? [[tool, 'manifest', 'push', '--all', reference, `docker://${reference}`]] : [];
  return [...builds, ...pushes];
}

/** An index of an earlier build would be added to, and an image of that name refused. */
function forget(tool, reference) {
  const { stdout } = spawnSync(tool, ['images', '--quiet', reference], { encoding: 'utf8' });
  if (stdout.trim()) [['manifest', 'rm'], ['rmi']].some((remove) => spawnSync(tool, [...remove, reference]).status === 0);
}

export function hostPlatform() {
  return `linux/${{ x64: 'amd64' }[process.arch] ?? process.arch}`;
}
