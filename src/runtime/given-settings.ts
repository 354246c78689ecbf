import { Clock } from './clock';
import { flagCa } from './flag-file';
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
  const ca = (flag: string, path: string | undefined) => path === undefined ? undefined : flagCa(flag, path, clock, logger);
  const clientCa = ca('--client-ca-file', clientCaFile);
  const requestHeaderCa = ca('--requestheader-client-ca-file', requestHeader.clientCaFile);
  return () => ({
    clientCa: clientCa?.(),
    requestHeader: requestHeaderCa && { ...requestHeader, clientCa: requestHeaderCa() },
  });
}
