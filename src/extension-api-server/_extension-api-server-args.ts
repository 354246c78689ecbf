import { IConstruct } from 'constructs';
import { Shutdown } from './_shutdown';
import { goDuration } from '../kubernetes/_go-duration';
import { checkFlagsNotTaken, flagName } from '../pod/_args-checks';
import { ServingCertificateParts } from '../serving-certificate/_serving-certificate';

/** Refuses arguments that cannot stand beside those that are there. */
export type CheckArgs = (scope: IConstruct, property: string, args: readonly string[]) => void;

/** Port that servers built on k8s.io/apiserver take when nothing is said. */
const FLAG_DEFAULT_SECURE_PORT = 443;

const SHUTDOWN_DELAY = 'shutdown-delay-duration';

/** Arguments that every extension API server understands, and that of the delay where somebody wants one. */
export function extensionApiServerArgs(certificate: ServingCertificateParts, securePort: number, { delay }: Shutdown): string[] {
  return [
    ...certificate.args,
    ...securePort === FLAG_DEFAULT_SECURE_PORT ? [] : [`--secure-port=${securePort}`],
    ...delay ? [`--${SHUTDOWN_DELAY}=${goDuration(delay.toMilliseconds())}`] : [],
  ];
}

/** Refuses flags that are a property's. */
export function checkArgsBeside(certificate: ServingCertificateParts, { delay }: Shutdown): CheckArgs {
  const propertyOfFlag = new Map([
    ['secure-port', 'securePort'], ...flagsOf(certificate).map((flag) => [flag, 'servingCertificate'] as const), ...delay ? [[SHUTDOWN_DELAY, 'shutdownDelay'] as const] : [],
  ]);
  return (scope, property, args) => checkFlagsNotTaken(scope, property, args, propertyOfFlag);
}

/** Flags that are the serving certificate's, beside those it writes: a server that is verified serves no other certificate. */
function flagsOf({ args, insecureSkipTlsVerify }: ServingCertificateParts): string[] {
  return [...args.map(flagName), ...insecureSkipTlsVerify ? [] : ['cert-dir', 'tls-cert-file', 'tls-private-key-file']];
}
