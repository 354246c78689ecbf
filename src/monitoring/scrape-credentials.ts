import { Construct, IConstruct } from 'constructs';
import { ScrapeCredentialsParts, ScrapeTarget } from './_scrape-credentials';
import { MetricsReader } from './metrics-reader';
import { namespaced } from '../kubernetes/_k8s';
import { checkSameNamespace, referenceTo } from '../kubernetes/_reference-checks';
import { ISecretRef, IServiceAccountRef, SecretRef, ServiceAccountRef } from '../kubernetes/references';
import { allOf, fieldsOf, instanceOf } from '../validation/_checks';
import { checkDataKey, checkLabelName, checkObjectName, refuse } from '../validation/_validation';

/** Options of `ScrapeCredentials.bearerToken()`. */
export interface ScrapeTokenOptions {
  /** Whose token it is. This reader is given the right to read `/metrics`. */
  readonly reader: MetricsReader;
  /**
   * Key of the Secret's data that holds the token.
   *
   * @default token
   */
  readonly key?: string;
}

/** Options of `ScrapeCredentials.clientCertificate()`. */
export interface ScrapeCertificateOptions {
  /** Whose certificate it is. This reader is given the right to read `/metrics`. */
  readonly reader: MetricsReader;
  /**
   * Key of the Secret's data that holds the certificate, in PEM.
   *
   * @default tls.crt
   */
  readonly certificateKey?: string;
  /**
   * Key of the Secret's data that holds the private key, in PEM.
   *
   * @default tls.key
   */
  readonly privateKeyKey?: string;
}

/** Where a kubelet puts the token of a pod's ServiceAccount. */
const POD_TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

const checkReader = allOf(instanceOf(MetricsReader), (scope, property, reader) => (reader as MetricsReader)._check(scope, property));
const checkTokenOptions = fieldsOf<ScrapeTokenOptions>({ reader: checkReader }, { key: checkDataKey });
const checkCertificateOptions = fieldsOf<ScrapeCertificateOptions>(
  { reader: checkReader }, { certificateKey: checkDataKey, privateKeyKey: checkDataKey },
);
const checkSecret = referenceTo(SecretRef, checkObjectName);
const checkServiceAccount = referenceTo(ServiceAccountRef, checkObjectName);

/**
 * What a scraper shows to be let at `/metrics`, which a server authorizes as it does everything else. Whoever it is gets a ClusterRole with
 * `get` on the nonResourceURL `/metrics`.
 *
 * @example
 * new MetricsServer(this, 'metrics-server', {
 *   monitoring: Monitoring.serviceMonitor({
 *     credentials: ScrapeCredentials.prometheusServiceAccount('prometheus-k8s', 'monitoring'),
 *   }),
 * });
 */
export abstract class ScrapeCredentials {
  /**
   * A token of a ServiceAccount, which kube-controller-manager writes into a Secret that is synthesized for it, of type
   * `kubernetes.io/service-account-token`, beside the ServiceMonitor or PodMonitor. It stays valid until the Secret is deleted,
   * of which the rule `scraper-token-never-expires` warns; `prometheusServiceAccount()` has a token that is renewed.
   *
   * @param serviceAccount ServiceAccount in the same namespace. If left out, one is synthesized that can do nothing else.
   */
  public static serviceAccountToken(serviceAccount?: IServiceAccountRef): ScrapeCredentials {
    return new ServiceAccountToken(serviceAccount);
  }

  /**
   * The token that Prometheus' own pod has, which the kubelet renews. Only for a ServiceMonitor, and not where Prometheus has
   * `arbitraryFSAccessThroughSMs.deny`.
   *
   * @param name Name of Prometheus' ServiceAccount
   * @param namespace Namespace of Prometheus
   */
  public static prometheusServiceAccount(name: string, namespace: string): ScrapeCredentials {
    return new PrometheusServiceAccount(name, namespace);
  }

  /**
   * A bearer token in a Secret that exists already.
   *
   * @param secret Secret, in the namespace of the ServiceMonitor or PodMonitor
   * @param options Whose token it is, and under which key
   */
  public static bearerToken(secret: ISecretRef, options: ScrapeTokenOptions): ScrapeCredentials {
    return new BearerToken(secret, options);
  }

  /**
   * A client certificate in a Secret that exists already, signed by the CA that kube-apiserver has as `--client-ca-file`.
   *
   * @param secret Secret, in the namespace of the ServiceMonitor or PodMonitor
   * @param options Whose certificate it is, and under which keys
   */
  public static clientCertificate(secret: ISecretRef, options: ScrapeCertificateOptions): ScrapeCredentials {
    return new ClientCertificate(secret, options);
  }

  protected constructor() {}

  /** @internal */
  public abstract _check(scope: IConstruct, property: string, target: ScrapeTarget): void;

  /** @internal */
  public abstract _bind(scope: Construct, target: ScrapeTarget): ScrapeCredentialsParts;
}

class ServiceAccountToken extends ScrapeCredentials {
  constructor(private readonly serviceAccount?: IServiceAccountRef) {
    super();
  }

  public _check(scope: IConstruct, property: string, { namespace }: ScrapeTarget): void {
    if (this.serviceAccount === undefined) return;
    checkServiceAccount(scope, `${property}.serviceAccount`, this.serviceAccount);
    checkSameNamespace(scope, `${property}.serviceAccount`, this.serviceAccount, namespace);
  }

  public _bind(scope: Construct, { name, namespace, labels }: ScrapeTarget): ScrapeCredentialsParts {
    const serviceAccountName = this.serviceAccount?.name ?? `${name}-scraper`;
    const secretName = `${name}-scraper-token`;
    const serviceAccount = this.serviceAccount ? undefined : namespaced(
      scope, 'ScraperServiceAccount', { apiVersion: 'v1', kind: 'ServiceAccount' }, { name: serviceAccountName, namespace, labels }, { automountServiceAccountToken: false },
    );
    const tokenSecret = namespaced(
      scope, 'ScraperToken', { apiVersion: 'v1', kind: 'Secret' },
      { name: secretName, namespace, labels, annotations: { 'kubernetes.io/service-account.name': serviceAccountName } },
      // No data: kube-controller-manager owns it.
      { type: 'kubernetes.io/service-account-token' },
    );
    // A token Secret whose ServiceAccount is not there yet is deleted again.
    if (serviceAccount) tokenSecret.addDependency(serviceAccount);
    return { reader: { name: serviceAccountName, namespace }, endpoint: authorization(secretName, 'token'), serviceAccount, tokenSecret };
  }
}

class PrometheusServiceAccount extends ScrapeCredentials {
  constructor(private readonly name: string, private readonly namespace: string) {
    super();
  }

  public _check(scope: IConstruct, property: string, { kind }: ScrapeTarget): void {
    checkObjectName(scope, `${property}.name`, this.name);
    checkLabelName(scope, `${property}.namespace`, this.namespace);
    if (kind === 'ServiceMonitor') return;
    refuse(scope, {
      property,
      given: 'ScrapeCredentials.prometheusServiceAccount() with a PodMonitor, which cannot name a file of Prometheus\'',
      allowed: 'a Secret\'s token or certificate',
      mend: 'write Monitoring.serviceMonitor(…), or take ScrapeCredentials.serviceAccountToken()',
    });
  }

  public _bind(): ScrapeCredentialsParts {
    return { reader: { name: this.name, namespace: this.namespace }, endpoint: { bearerTokenFile: POD_TOKEN_FILE } };
  }
}

class BearerToken extends ScrapeCredentials {
  constructor(private readonly secret: ISecretRef, private readonly options: ScrapeTokenOptions) {
    super();
  }

  public _check(scope: IConstruct, property: string, { namespace }: ScrapeTarget): void {
    checkGivenSecret(scope, property, this.secret, namespace);
    checkTokenOptions(scope, `${property}.options`, this.options);
  }

  public _bind(): ScrapeCredentialsParts {
    const { reader, key = 'token' } = this.options;
    return { reader: reader._subject, endpoint: authorization(this.secret.name, key) };
  }
}

class ClientCertificate extends ScrapeCredentials {
  constructor(private readonly secret: ISecretRef, private readonly options: ScrapeCertificateOptions) {
    super();
  }

  public _check(scope: IConstruct, property: string, { namespace }: ScrapeTarget): void {
    checkGivenSecret(scope, property, this.secret, namespace);
    checkCertificateOptions(scope, `${property}.options`, this.options);
  }

  public _bind(): ScrapeCredentialsParts {
    const { reader, certificateKey = 'tls.crt', privateKeyKey = 'tls.key' } = this.options;
    const { name } = this.secret;
    return { reader: reader._subject, tlsConfig: { cert: { secret: { name, key: certificateKey } }, keySecret: { name, key: privateKeyKey } } };
  }
}

function authorization(name: string, key: string): object {
  return { authorization: { credentials: { name, key } } };
}

function checkGivenSecret(scope: IConstruct, property: string, secret: unknown, namespace: string): void {
  checkSecret(scope, `${property}.secret`, secret);
  checkSameNamespace(scope, `${property}.secret`, secret, namespace);
}
