import { dirname } from 'path/posix';
import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { IssuerRef } from './issuer-ref';
import { CertManagerOptions, FileCertificateOptions, SecretCertificateOptions } from './serving-certificate-options';
import { checkCaBundle } from '../api-service/_ca-bundle-check';
import { goDurationInHours } from '../kubernetes/_go-duration';
import { referenceTo } from '../kubernetes/_reference-checks';
import { SecretRef } from '../kubernetes/references';
import { Volume } from '../pod/volume';
import { allOf, emptyOr, fieldsOf, instanceOf } from '../validation/_checks';
import { Check, checkAnnotations, checkBoolean, checkDuration, checkLabels, checkObjectName, checkText, refuse } from '../validation/_validation';

/** Of a CA that cert-manager keeps for one server. */
export const CA_DURATION = Duration.days(3650);
/** Whatever the CA signs before it is renewed ends before the CA does. */
export const CA_RENEW_BEFORE = Duration.days(1095);

/** cert-manager's webhook refuses less. */
const MIN_DURATION = Duration.hours(1);
const MIN_RENEW_BEFORE = Duration.minutes(5);
/** When nothing is said. */
const DEFAULT_DURATION = Duration.days(90);

const checkIssuer: Check = (scope, property, value) => {
  instanceOf(IssuerRef)(scope, property, value);
  const { name, kind, group } = value as IssuerRef;
  checkObjectName(scope, `${property}.name`, name);
  if (typeof kind !== 'string' || !/^[A-Z][A-Za-z0-9]{0,62}$/.test(kind)) {
    refuse(scope, { property: `${property}.kind`, given: kind, allowed: 'a kind: letters and digits, beginning with a capital', mend: 'write it as in AWSPCAClusterIssuer' });
  }
  checkObjectName(scope, `${property}.group`, group);
};

const checkCertManagerFields = fieldsOf<CertManagerOptions>({}, {
  issuer: checkIssuer,
  duration: checkDuration,
  renewBefore: checkDuration,
  clusterDomain: emptyOr(checkObjectName),
  injectorAnnotations: checkBoolean,
  annotations: checkAnnotations,
  labels: checkLabels,
});

export const checkCertManagerOptions = allOf(checkCertManagerFields, (scope, property, value) => {
  const { issuer, duration = DEFAULT_DURATION, renewBefore } = value as CertManagerOptions;
  checkWithin(scope, `${property}.duration`, duration, MIN_DURATION, issuer ? undefined : CA_RENEW_BEFORE, 'the CA that signs it has to outlive it');
  if (renewBefore) checkWithin(scope, `${property}.renewBefore`, renewBefore, MIN_RENEW_BEFORE, duration, 'it counts back from the end of duration');
});

export const checkSecret = referenceTo(SecretRef, checkObjectName);

export const checkSecretOptions = fieldsOf<SecretCertificateOptions>({}, { caBundle: checkCaBundle });

const checkFile: Check = allOf(checkText, (scope, property, path) => {
  if (/^(\/[^/\0]+)+$/.test(path as string)) return;
  refuse(scope, { property, given: path, allowed: 'the absolute path of a file in the container', mend: `write ${property} as in /certificates/tls.crt` });
});

const checkFileFields = fieldsOf<FileCertificateOptions>(
  { certificate: checkFile, privateKey: checkFile }, { volume: instanceOf(Volume), caBundle: checkCaBundle },
);

export const checkFileOptions = allOf(checkFileFields, (scope, property, value) => {
  const { certificate, privateKey, volume } = value as FileCertificateOptions;
  const directory = dirname(certificate);
  if (!volume || (directory !== '/' && dirname(privateKey) === directory)) return;
  refuse(scope, {
    property: `${property}.volume`,
    given: `a volume beside certificate ${certificate} and privateKey ${privateKey}`,
    allowed: 'where both are in one directory, at which it is mounted',
    mend: 'put both files into one directory, or use extraVolumes and extraVolumeMounts',
  });
});

function checkWithin(scope: IConstruct, property: string, given: Duration, least: Duration, below: Duration | undefined, reason: string): void {
  const ms = given.toMilliseconds();
  if (ms >= least.toMilliseconds() && (below === undefined || ms < below.toMilliseconds())) return;
  refuse(scope, {
    property,
    given: goDurationInHours(given),
    allowed: `${goDurationInHours(least)} or more${below ? `, and less than ${goDurationInHours(below)}: ${reason}` : ''}`,
    mend: `set ${property} within these bounds, or leave it out`,
  });
}
