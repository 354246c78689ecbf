import { Chart, Duration, JsonPatch } from 'cdk8s';
import {
  CertManagerOptions, ExtensionApiServer, FileCertificateOptions, Image, IssuerRef, MetricsServer, Rules, SecretRef, ServingCertificate, Volume,
} from '../../src';
import { CA_CERTIFICATE } from '../certificates';
import { argsOf, objectOf, testChart } from '../synthesize';
import { WARDLE } from '../wardle';

const IN_SECRET = ['--tls-cert-file=/serving-certificate/tls.crt', '--tls-private-key-file=/serving-certificate/tls.key'];

describe('by cert-manager', () => {
  test('comes from a CA of the server\'s own, which stays when the serving certificate is renewed', () => {
    const chart = chartWith(ServingCertificate.certManager());

    expect(certManagerObjects(chart)).toEqual({
      'Issuer metrics-server-self-signed': { selfSigned: {} },
      'Certificate metrics-server-ca': {
        secretName: 'metrics-server-ca',
        isCA: true,
        commonName: 'metrics-server',
        duration: '87600h',
        renewBefore: '26280h',
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Never' },
        issuerRef: { name: 'metrics-server-self-signed', kind: 'Issuer', group: 'cert-manager.io' },
      },
      'Issuer metrics-server-ca': { ca: { secretName: 'metrics-server-ca' } },
      'Certificate metrics-server-tls': {
        secretName: 'metrics-server-tls',
        dnsNames: ['metrics-server.kube-system', 'metrics-server.kube-system.svc', 'metrics-server.kube-system.svc.cluster.local'],
        usages: ['digital signature', 'server auth'],
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        issuerRef: { name: 'metrics-server-ca', kind: 'Issuer', group: 'cert-manager.io' },
      },
    });
  });

  test('is served from its Secret, mounted whole and read-only', () => {
    const chart = chartWith(ServingCertificate.certManager());

    const { volumes, containers: [container] } = objectOf(chart, 'Deployment').spec.template.spec;
    expect(container.args).toEqual(expect.arrayContaining(IN_SECRET));
    expect(container.volumeMounts).toContainEqual({ name: 'serving-certificate', mountPath: '/serving-certificate', readOnly: true });
    expect(volumes).toContainEqual({ name: 'serving-certificate', secret: { secretName: 'metrics-server-tls' } });
  });

  test('is verified: the injector is asked to fill caBundle of each APIService, and nobody else may write it', () => {
    const chart = chartWith(ServingCertificate.certManager());

    for (const name of ['v1.metrics.k8s.io', 'v1beta1.metrics.k8s.io']) {
      const { metadata, spec } = objectOf(chart, 'APIService', name);
      expect(metadata.annotations).toEqual({ 'cert-manager.io/inject-ca-from': 'kube-system/metrics-server-tls' });
      expect(spec).not.toHaveProperty('insecureSkipTLSVerify');
      expect(spec).not.toHaveProperty('caBundle');
    }
    expect(JSON.stringify(objectOf(chart, 'ClusterRole', 'system:metrics-server').rules)).not.toMatch(/apiservices|secrets/);
    expect(findings(chart)).toEqual([]);
  });

  test('leaves the injector out where it is told to, of which the rules warn', () => {
    const chart = chartWith(ServingCertificate.certManager({ injectorAnnotations: false }));

    expect(objectOf(chart, 'APIService', 'v1.metrics.k8s.io').metadata).not.toHaveProperty('annotations');
    expect(findings(chart)).toEqual(['ca-bundle-never-filled', 'ca-bundle-never-filled']);
  });

  test.each([
    [IssuerRef.issuer('team-ca'), { name: 'team-ca', kind: 'Issuer', group: 'cert-manager.io' }],
    [IssuerRef.clusterIssuer('root-ca'), { name: 'root-ca', kind: 'ClusterIssuer', group: 'cert-manager.io' }],
    [IssuerRef.external('pca', 'AWSPCAClusterIssuer', 'awspca.cert-manager.io'), { name: 'pca', kind: 'AWSPCAClusterIssuer', group: 'awspca.cert-manager.io' }],
  ])('comes from an issuer that exists, without any object beside the Certificate: %j', (issuer, issuerRef) => {
    const chart = testChart();
    const { server } = new MetricsServer(chart, 'ms', { servingCertificate: ServingCertificate.certManager({ issuer }) });

    expect(certManagerObjects(chart)).toEqual({ 'Certificate metrics-server-tls': expect.objectContaining({ issuerRef }) });
    expect([server.caIssuer, server.caCertificate, server.selfSignedIssuer]).toEqual([undefined, undefined, undefined]);
  });

  test('lasts as long, is renewed as early, and is labelled and named as it is told', () => {
    const chart = testChart();
    new ExtensionApiServer(chart, 'wardle', {
      ...WARDLE,
      labels: { team: 'zoo' },
      servingCertificate: ServingCertificate.certManager({
        duration: Duration.days(30), renewBefore: Duration.minutes(90), clusterDomain: 'corp.example', labels: { tier: 'api' }, annotations: { note: 'any text, as long as it is' },
      }),
    });

    const { metadata, spec } = objectOf(chart, 'Certificate', 'wardle-tls');
    expect(spec).toMatchObject({ duration: '720h', renewBefore: '5400s', dnsNames: ['wardle.zoo', 'wardle.zoo.svc', 'wardle.zoo.svc.corp.example'] });
    expect(metadata).toMatchObject({ labels: { team: 'zoo', tier: 'api' }, annotations: { note: 'any text, as long as it is' } });
    expect(objectOf(chart, 'Certificate', 'wardle-ca').metadata.labels).not.toHaveProperty('tier');
  });

  test('has no name of the cluster\'s domain where that is empty', () => {
    const chart = chartWith(ServingCertificate.certManager({ clusterDomain: '' }));

    expect(objectOf(chart, 'Certificate', 'metrics-server-tls').spec.dnsNames).toEqual(['metrics-server.kube-system', 'metrics-server.kube-system.svc']);
  });

  test('lets each of its objects be patched', () => {
    const chart = testChart();
    const { server } = new MetricsServer(chart, 'ms', { servingCertificate: ServingCertificate.certManager() });
    const objects = [server.certificate!, server.caIssuer!, server.caCertificate!, server.selfSignedIssuer!];
    for (const object of objects) object.addJsonPatch(JsonPatch.add('/spec/fieldOfTomorrow', 1));

    expect(Object.values(certManagerObjects(chart)).map(({ fieldOfTomorrow }) => fieldOfTomorrow)).toEqual([1, 1, 1, 1]);
  });

  test.each<[string, CertManagerOptions, string]>([
    ['duration', { duration: Duration.minutes(59) }, '1h or more'],
    ['duration', { duration: Duration.days(1095) }, 'less than 26280h'],
    ['renewBefore', { renewBefore: Duration.minutes(4) }, '300s or more'],
    ['renewBefore', { renewBefore: Duration.days(90) }, 'less than 2160h'],
    ['renewBefore', { duration: Duration.hours(2), renewBefore: Duration.hours(2) }, 'less than 2h'],
    ['clusterDomain', { clusterDomain: 'cluster.local.' }, 'lower-case letters'],
    ['annotations', { annotations: { 'a b': 'c' } }, 'as a key'],
    ['annotations', { annotations: { a: 1 as any } }, 'text'],
    ['labels', { labels: { a: 'b c' } }, 'as a value'],
    ['injectorAnnotations', { injectorAnnotations: 'yes' as any }, 'true or false'],
    ['issuer', { issuer: { name: 'ca' } as any }, 'IssuerRef.'],
    ['issuer.name', { issuer: IssuerRef.issuer('My Issuer') }, 'lower-case letters'],
    ['issuer.kind', { issuer: IssuerRef.external('a', 'certificate authority', 'example.com') }, 'a kind'],
    ['issuer.group', { issuer: IssuerRef.external('a', 'Kind', 'example.com/v1') }, 'lower-case letters'],
  ])('refuses %s of %j', (property, options, allowed) => {
    expect(() => chartWith(ServingCertificate.certManager(options)))
      .toThrow(new RegExp(`^\\[test/ms.*\\] servingCertificate\\.${property}.*: given .*; allowed: .*${allowed}.*; to mend it, `));
  });

  test('may last longer than our CA would allow where another issuer signs', () => {
    const chart = chartWith(ServingCertificate.certManager({ issuer: IssuerRef.issuer('ca'), duration: Duration.days(1095) }));

    expect(objectOf(chart, 'Certificate').spec.duration).toBe('26280h');
  });
});

describe('from a Secret', () => {
  test('is served from it, and verified against the CA that is given', () => {
    const chart = chartWith(ServingCertificate.fromSecret(SecretRef.fromName('serving'), { caBundle: CA_CERTIFICATE }));

    const { volumes, containers: [container] } = objectOf(chart, 'Deployment').spec.template.spec;
    expect(container.args).toEqual(expect.arrayContaining(IN_SECRET));
    expect(container.volumeMounts).toContainEqual({ name: 'serving-certificate', mountPath: '/serving-certificate', readOnly: true });
    expect(volumes).toContainEqual({ name: 'serving-certificate', secret: { secretName: 'serving' } });
    expect(objectOf(chart, 'APIService', 'v1.metrics.k8s.io').spec.caBundle).toBe(Buffer.from(CA_CERTIFICATE).toString('base64'));
    expect(findings(chart)).toEqual([]);
  });

  test('has its caBundle filled by someone else where none is given, of which the rules warn', () => {
    const chart = chartWith(ServingCertificate.fromSecret(SecretRef.fromName('serving')));

    expect(objectOf(chart, 'APIService', 'v1.metrics.k8s.io').spec).not.toHaveProperty('caBundle');
    expect(findings(chart)).toEqual(['ca-bundle-never-filled', 'ca-bundle-never-filled']);
  });
});

describe('from files', () => {
  const FILES: FileCertificateOptions = { certificate: '/pki/server.pem', privateKey: '/pki/server-key.pem', caBundle: CA_CERTIFICATE };

  test('is served from them', () => {
    const chart = chartWith(ServingCertificate.fromFiles(FILES));

    expect(argsOf(chart)).toEqual(expect.arrayContaining(['--tls-cert-file=/pki/server.pem', '--tls-private-key-file=/pki/server-key.pem']));
    expect(objectOf(chart, 'APIService', 'v1.metrics.k8s.io').spec.caBundle).toBe(Buffer.from(CA_CERTIFICATE).toString('base64'));
  });

  test('is served from a volume of the node\'s, mounted where they are', () => {
    const chart = chartWith(ServingCertificate.fromFiles({ ...FILES, volume: Volume.hostPath('pki', '/opt/kubernetes/ssl') }));

    const { volumes, containers: [container] } = objectOf(chart, 'Deployment').spec.template.spec;
    expect(container.volumeMounts).toContainEqual({ name: 'pki', mountPath: '/pki', readOnly: true });
    expect(volumes).toContainEqual({ name: 'pki', hostPath: { path: '/opt/kubernetes/ssl' } });
  });

  test.each<[string, Partial<FileCertificateOptions>]>([
    ['servingCertificate.volume: given ', { privateKey: '/keys/server-key.pem', volume: Volume.hostPath('pki', '/ssl') }],
    ['servingCertificate.volume: given ', { certificate: '/a', privateKey: '/b', volume: Volume.hostPath('pki', '/ssl') }],
    ['servingCertificate.volume: given ', { volume: { name: 'pki' } as any }],
    ['servingCertificate.volume.path: given ', { volume: Volume.hostPath('pki', 'ssl') }],
  ])('refuses a volume that cannot hold them: %s %j', (message, options) => {
    expect(() => chartWith(ServingCertificate.fromFiles({ ...FILES, ...options }))).toThrow(message);
  });

  test.each(['server.pem', '', '/', '/pki/', 'C:\\server.pem', '/a\0b'])('refuses the path %j', (certificate) => {
    expect(() => chartWith(ServingCertificate.fromFiles({ ...FILES, certificate }))).toThrow(/servingCertificate\.certificate: given .*an absolute|the absolute path/);
  });
});

describe('an image of metrics-server\'s', () => {
  test.each(['v0.3.6', 'v0.4.4', 'v0.6.4', 'v0.9.0'])('%s serves every certificate but one of the companion\'s own making', (tag) => {
    const make = (servingCertificate: ServingCertificate) => () => chartWith(servingCertificate, Image.upstream(tag));

    expect(argsOf(make(ServingCertificate.certManager())())).toEqual(expect.arrayContaining(IN_SECRET));
    expect(argsOf(make(ServingCertificate.fromSecret(SecretRef.fromName('serving')))())).toEqual(expect.arrayContaining(IN_SECRET));
    expect(make(ServingCertificate.fromFiles({ certificate: '/a', privateKey: '/b' }))).not.toThrow();
    expect(make(ServingCertificate.selfManaged())).toThrow('to mend it, set servingCertificate to ServingCertificate.certManager()');
  });
});

function chartWith(servingCertificate: ServingCertificate, image?: Image): Chart {
  const chart = testChart();
  new MetricsServer(chart, 'ms', { servingCertificate, image });
  return chart;
}

function certManagerObjects(chart: Chart): Record<string, any> {
  const objects = chart.toJson().filter(({ apiVersion }) => apiVersion === 'cert-manager.io/v1');
  return Object.fromEntries(objects.map(({ kind, metadata, spec }) => [`${kind} ${metadata.name}`, spec]));
}

/** Rules that concern the certificate and are broken. */
function findings(chart: Chart): string[] {
  return Rules.findings(chart).map(({ ruleId }) => ruleId).filter((rule) => /tls|ca-bundle|secrets/.test(rule));
}
