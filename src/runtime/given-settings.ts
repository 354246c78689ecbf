import { Clock } from './clock';
import { flagCaFile } from './flag-file';
import { AuthenticationOptions } from './flags/options';
import { AuthenticationSettings } from './server/authentication/authentication-settings';

/**
 * Authentication settings of the command line. With `--requestheader-client-ca-file` the header names come from flags
 * too, not from the cluster. The returned function re-reads the files.
 *
 * @throws UsageError when a file cannot be read or holds no certificate
 */
export function givenSettings({ clientCaFile, requestHeader }: AuthenticationOptions, clock: Clock): () => AuthenticationSettings {
  const clientCa = clientCaFile === undefined ? undefined : flagCaFile('--client-ca-file', clientCaFile, clock);
  const requestHeaderCa = requestHeader.clientCaFile === undefined ? undefined
    : flagCaFile('--requestheader-client-ca-file', requestHeader.clientCaFile, clock);
  return () => ({
    clientCa: clientCa?.read(),
    requestHeader: requestHeaderCa && { ...requestHeader, clientCa: requestHeaderCa.read() },
  });
}
