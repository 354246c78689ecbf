/** How this machine reaches its npm registry, as the two secrets that the Dockerfile's `npm ci` reads. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as tls from 'node:tls';

/** Writes the secrets into `folder` and returns the `--secret` arguments that docker, podman and buildah share. */
export function npmSecrets(folder) {
  const config = JSON.parse(execFileSync('npm', ['config', 'list', '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  const authorities = authoritiesOf(config);
  // Of two lines with the same key npm takes the later one.
  const npmrc = [readIfExists(config.userconfig), `registry=${config.registry}`, authorities && 'cafile=/run/secrets/ca'];
  return [...secret('npmrc', npmrc.filter(Boolean).join('\n') + '\n'), ...(authorities ? secret('ca', authorities) : [])];

  function secret(id, content) {
    const file = path.join(folder, id);
    fs.writeFileSync(file, content, { mode: 0o600 });
    return ['--secret', `id=${id},src=${file}`];
  }
}

/** `cafile` replaces Node's own roots, NODE_EXTRA_CA_CERTS adds to them; undefined where Node's own do. */
function authoritiesOf({ cafile }) {
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  return readIfExists(cafile) ?? (readIfExists(extra) && [readIfExists(extra), ...tls.rootCertificates].join('\n'));
}

function readIfExists(file) {
  return file && fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}
