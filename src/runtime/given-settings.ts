import { Clock } from './clock';
import { flagCaFile } from './flag-file';
import { AuthenticationOptions } from './flags/options';
import { AuthenticationSettings } from './server/authentication/authentication-settings';
import { Logger } from './telemetry/logger';

/**
 * Authentication settings of the command line. With `--requestheader-client-ca-file` the header names come from flags
 * too, not from the cluster. The returned function re-reads the files.
 *
 * @throws UsageError when a file cannot be read or holds no certificate
 */
export function givenSettings({ clientCaFile, requestHeader }: AuthenticationOptions, clock: Clock, logger: Logger): () => AuthenticationSettings {
  const clientCa = rotatingCa('--client-ca-file', clientCaFile, clock, logger);
  const requestHeaderCa = rotatingCa('--requestheader-client-ca-file', requestHeader.clientCaFile, clock, logger);
  return () => ({
    clientCa: clientCa?.(),
    requestHeader: requestHeaderCa && { ...requestHeader, clientCa: requestHeaderCa() },
  });
}

/** Reads the CA bundle as it is now, or the last good one, which is logged once. */
function rotatingCa(flag: string, path: string | undefined, clock: Clock, logger: Logger): (() => string) | undefined {
  if (path === undefined) return undefined;
  const file = flagCaFile(flag, path, clock);
  let failure: string | undefined;
  return () => {
    const pem = file.read();
    if (file.failure !== failure) {
      failure = file.failure;
      if (failure !== undefined) logger.warn('Keeping the CA certificates in use', { flag, path, reason: failure });
    }
    return pem;
  };
}
