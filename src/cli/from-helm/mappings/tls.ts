import { Call, Expression } from '../../typescript/expression';
import { durationOf } from '../duration';
import { Mapping, property, texts } from '../mapping';
import { certificateFiles, servesVerified } from '../serving';
import { Translation } from '../translation';
import { Values } from '../values';
import { namesImage } from './image';

const CERT_MANAGER = 'tls.certManager';
const ISSUER = `${CERT_MANAGER}.existingIssuer`;

const SERVING = property('servingCertificate');

export const API_SERVICE: readonly Mapping[] = [
  {
    values: { 'apiService.create': true },
    properties: [property('apiServices')],
    note: 'Without them someone else registers the API.',
    translate: (values, to) => {
      if (!values.boolean('apiService.create')) to.set('apiServices', false);
    },
  },
  texts('apiService.annotations', 'apiServiceAnnotations', 'Of all APIServices.'),
  {
    values: { 'apiService.insecureSkipTLSVerify': true },
    properties: [SERVING, 'ServingCertificate.insecureSkipTlsVerify', 'ServingCertificate.selfManaged'],
    note: 'Follows from the certificate: what can be verified is verified. With `tls.type: metrics-server` and `false`, the companion image keeps a certificate that can be.',
  },
  {
    values: { 'apiService.caBundle': '' },
    properties: [SERVING, 'ServingCertificate.fromSecret', 'ServingCertificate.fromFiles'],
    note: '`caBundle` of `fromSecret()` and `fromFiles()`. The other kinds bring their own CA.',
  },
];

export const TLS: readonly Mapping[] = [
  {
    values: { 'tls.type': 'metrics-server' },
    properties: [SERVING, ...['insecureSkipTlsVerify', 'selfManaged', 'certManager', 'fromSecret', 'fromFiles'].map((kind) => `ServingCertificate.${kind}`)],
    note: '`metrics-server`: `insecureSkipTlsVerify()`, or `fromFiles()` with `--tls-cert-file` in `args`; `helm`: `selfManaged()`; `cert-manager`: `certManager()`; `existingSecret`: `fromSecret()`.',
    translate: (values, to) => to.set('servingCertificate', servingCertificate(values, to)),
  },
  {
    values: { 'tls.clusterDomain': 'cluster.local' },
    properties: ['CertManagerOptions.clusterDomain'],
    note: 'For a name in the certificate that kube-apiserver never asks for; a self-managed certificate does without.',
  },
  {
    values: { [`${CERT_MANAGER}.addInjectorAnnotations`]: true },
    properties: ['CertManagerOptions.injectorAnnotations'],
    note: 'As it is.',
  },
  {
    values: { [`${ISSUER}.enabled`]: false, [`${ISSUER}.kind`]: 'Issuer', [`${ISSUER}.name`]: 'my-issuer' },
    properties: ['CertManagerOptions.issuer', 'IssuerRef.issuer', 'IssuerRef.clusterIssuer'],
    note: 'Without one, a CA that cert-manager keeps for the server signs. The chart\'s certificate signs itself, so each renewal changes what kube-apiserver trusts.',
  },
  {
    values: { [`${CERT_MANAGER}.duration`]: '', [`${CERT_MANAGER}.renewBefore`]: '' },
    properties: ['CertManagerOptions.duration', 'CertManagerOptions.renewBefore'],
    note: 'As a `Duration`.',
  },
  {
    values: { [`${CERT_MANAGER}.annotations`]: {}, [`${CERT_MANAGER}.labels`]: {} },
    properties: ['CertManagerOptions.annotations', 'CertManagerOptions.labels'],
    note: 'Of the serving certificate\'s Certificate.',
  },
  {
    values: { 'tls.helm.lookup': true, 'tls.helm.certDurationDays': 365 },
    properties: ['ServingCertificate.selfManaged'],
    note: 'None of its own: the companion image renews its certificate in time, and kube-apiserver trusts the old and the new one meanwhile.',
  },
  {
    values: { 'tls.existingSecret.name': '' },
    properties: ['ServingCertificate.fromSecret', 'SecretRef.fromName'],
    note: 'With the CA in `caBundle`: the chart cannot look it up.',
  },
  {
    values: { 'tls.existingSecret.lookup': true },
    properties: ['SecretCertificateOptions.caBundle'],
    note: 'The chart means to fill `caBundle` from the Secret, and never does. A synth reads no cluster: give the CA, or let cert-manager inject it.',
  },
];

function servingCertificate(values: Values, to: Translation): Expression {
  const type = values.text('tls.type');
  if (type === 'cert-manager') return certManager(values, to);
  if (type === 'existingSecret') return existingSecret(values, to);
  if (type !== 'helm' && type !== 'metrics-server') to.leave('tls.type', `${JSON.stringify(type)} is none of metrics-server, helm, cert-manager, existingSecret`);
  const files = type === 'metrics-server' ? certificateFiles(values) : undefined;
  if (files) return fromFiles(files, values, to);
  if (!servesVerified(values)) return insecure(values, to);
  leaveOfHelm(values, to);
  if (!namesImage(values)) return new Call('ServingCertificate.selfManaged');
  to.leave('tls.type', `the image that the values name cannot keep a certificate that kube-apiserver verifies, as ${type} is to mean here; cert-manager can`);
  return new Call('ServingCertificate.certManager');
}

/** What is said of a certificate that the companion image makes for itself instead. */
function leaveOfHelm(values: Values, to: Translation): void {
  const own = 'the companion image makes its certificate, renews it and fills caBundle';
  if (values.text('apiService.caBundle')) to.leave('apiService.caBundle', own);
  if (values.text('tls.type') !== 'helm') return;
  for (const [value, usual] of Object.entries({ 'tls.helm.certDurationDays': 365, 'tls.helm.lookup': true, 'tls.clusterDomain': 'cluster.local' })) {
    if (values.at(value) !== usual) to.leave(value, own);
  }
}

function insecure(values: Values, to: Translation): Expression {
  if (values.text('apiService.caBundle')) {
    to.leave('apiService.caBundle', 'the server signs a new certificate at each start, which no CA can verify; ServingCertificate.certManager() or the companion image can be verified');
  }
  to.remark('servingCertificate', 'kube-apiserver does not verify this one. The companion image keeps one that it does: leave image and servingCertificate out');
  return new Call('ServingCertificate.insecureSkipTlsVerify');
}

function certManager(values: Values, to: Translation): Expression {
  if (values.text('apiService.caBundle')) to.leave('apiService.caBundle', 'cert-manager\'s injector writes the CA');
  const duration = (path: string) => values.text(path) ? durationOf(values.text(path), path, to) : undefined;
  const given = (path: string) => Object.keys(values.map(path)).length > 0 ? values.texts(path) : undefined;
  const domain = values.text('tls.clusterDomain');
  const options = {
    issuer: issuer(values, to),
    duration: duration(`${CERT_MANAGER}.duration`),
    renewBefore: duration(`${CERT_MANAGER}.renewBefore`),
    clusterDomain: domain === 'cluster.local' ? undefined : domain,
    injectorAnnotations: values.boolean(`${CERT_MANAGER}.addInjectorAnnotations`) ? undefined : false,
    annotations: given(`${CERT_MANAGER}.annotations`),
    labels: given(`${CERT_MANAGER}.labels`),
  };
  return new Call('ServingCertificate.certManager', Object.values(options).some((option) => option !== undefined) ? options : undefined);
}

function issuer(values: Values, to: Translation): Expression | undefined {
  if (!values.boolean(`${ISSUER}.enabled`)) return undefined;
  const kind = values.text(`${ISSUER}.kind`);
  const name = values.text(`${ISSUER}.name`);
  if (kind !== 'Issuer' && kind !== 'ClusterIssuer') to.leave(`${ISSUER}.kind`, `the chart's issuers are cert-manager's own: Issuer or ClusterIssuer, not ${kind}`);
  return new Call(kind === 'ClusterIssuer' ? 'IssuerRef.clusterIssuer' : 'IssuerRef.issuer', name);
}

function existingSecret(values: Values, to: Translation): Expression {
  const secret = new Call('SecretRef.fromName', values.text('tls.existingSecret.name'));
  const caBundle = values.text('apiService.caBundle');
  if (caBundle) return new Call('ServingCertificate.fromSecret', secret, { caBundle });
  if (!values.boolean('apiService.insecureSkipTLSVerify')) {
    if (values.boolean('tls.existingSecret.lookup')) to.leave('tls.existingSecret.lookup', 'the CA has to be given: fromSecret(…, { caBundle })');
    return new Call('ServingCertificate.fromSecret', secret);
  }
  to.leave('tls.existingSecret.name', 'the values do not hold the CA to verify it against, and skip verification: with the CA, write ServingCertificate.fromSecret(…, { caBundle })');
  return new Call('ServingCertificate.insecureSkipTlsVerify');
}

function fromFiles(files: { readonly certificate: string; readonly privateKey: string }, values: Values, to: Translation): Expression {
  const caBundle = values.text('apiService.caBundle');
  if (caBundle || !values.boolean('apiService.insecureSkipTLSVerify')) return new Call('ServingCertificate.fromFiles', { ...files, caBundle: caBundle || undefined });
  to.leave('args', 'the values do not hold the CA of --tls-cert-file, and skip verification: with the CA, write ServingCertificate.fromFiles({ …, caBundle })');
  return new Call('ServingCertificate.insecureSkipTlsVerify');
}
