import { readFileSync } from 'node:fs';
import { Clock } from './clock';
import { CachedFile } from './cluster/cached-file';
import { AuthenticationOptions } from './flags/options';
import { UsageError } from './flags/usage-error';
import { AuthenticationSettings } from './server/authentication/authentication-settings';

/** How soon a CA file that rotates is noticed. */
const CA_FILE_MAX_AGE_MS = 5_000;

/**
 * Authentication settings of the command line. With `--requestheader-client-ca-file` the header names come from flags
 * too, not from the cluster. The returned function re-reads the files.
 *
 * @throws UsageError when a file cannot be read
 */
export function givenSettings({ clientCaFile, requestHeader }: AuthenticationOptions, clock: Clock): () => AuthenticationSettings {
  const clientCa = file(clientCaFile, '--client-ca-file', clock);
  const requestHeaderCa = file(requestHeader.clientCaFile, '--requestheader-client-ca-file', clock);
  return () => ({
    clientCa: clientCa?.read(),
    requestHeader: requestHeaderCa && { ...requestHeader, clientCa: requestHeaderCa.read() },
  });
}

function file(path: string | undefined, flag: string, clock: Clock): CachedFile | undefined {
  if (path === undefined) return undefined;
  try {
    readFileSync(path);
  } catch (error) {
    throw new UsageError([`${flag}=${path} cannot be read (${(error as NodeJS.ErrnoException).code}); check the path and its permissions`]);
  }
  return new CachedFile(path, clock, CA_FILE_MAX_AGE_MS);
}
