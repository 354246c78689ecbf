import { Clock } from './clock';
import { caFile } from './cluster/ca-file';
import { CachedFile } from './cluster/cached-file';
import { UsageError } from './flags/usage-error';
import { Logger } from './telemetry/logger';

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
 * Reads the CA bundle that a flag names, as it is now or as it was last good, which is logged once.
 *
 * @throws UsageError when it cannot be read now
 */
export function flagCa(flag: string, path: string, clock: Clock, logger: Logger): () => string {
  flagFile(flag, path, clock);
  const file = caFile({ flag, path, maxAgeMs: MAX_AGE_MS, clock, logger });
  try {
    file.read();
  } catch (error) {
    throw new UsageError([`${flag}=${path} ${(error as Error).message}; give a file with CA certificates in PEM`]);
  }
  return () => file.read();
}
