import { Clock } from './clock';
import { CachedFile } from './cluster/cached-file';
import { UsageError } from './flags/usage-error';
import { certificatesIn } from './server/authentication/certificates-in';

/** How soon a file that rotates is noticed. */
const MAX_AGE_MS = 5_000;

/**
 * The file that a flag names, re-read as it rotates.
 *
 * @throws UsageError when it cannot be read now
 */
export function flagFile(flag: string, path: string, clock: Clock): CachedFile {
  const file = new CachedFile(path, clock, MAX_AGE_MS);
  try {
    file.read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError([`${flag}=${path} cannot be read (${code ?? message}); check the path and its permissions`]);
  }
  return file;
}

/**
 * The CA bundle that a flag names, re-read as it rotates; one that cannot be read never replaces the one in use.
 *
 * @throws UsageError when it cannot be read now
 */
export function flagCaFile(flag: string, path: string, clock: Clock): CachedFile {
  flagFile(flag, path, clock);
  const file = new CachedFile(path, clock, MAX_AGE_MS, certificatesIn);
  try {
    file.read();
  } catch (error) {
    throw new UsageError([`${flag}=${path} ${(error as Error).message}; give a file with CA certificates in PEM`]);
  }
  return file;
}
