import { FEATURES, FIELD_MANAGER } from '../../_facts/rights';
import { Clock, Random, Stop } from '../clock';
import { CertificateSource } from './certificate-source';
import { KeyPair } from './key-pair';
import { ReconcileLoop } from './reconcile-loop';
import { nextPairs } from './rotation';
import { localNames, serviceNames } from './serving-names';
import { dataOf, pairsOf, ServingPairs, ServingSecret } from './serving-secret';
import { ApiClient } from '../cluster/api-client';
import { ObjectWatch, watchObject } from '../cluster/single-object';
import { Logger } from '../telemetry/logger';

/** How long to wait for the Secret before listening with a certificate that nobody can verify, to be live at least. */
const SECRET_GRACE_MS = 2_000;

/** How often the certificate's age is looked at when nothing else happens. */
const CHECK_MS = 3_600_000;

interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

export interface SelfManagedCertificateOptions {
  readonly secret: NamespacedName;
  readonly service: NamespacedName;
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The CA bundle that clients must trust, whenever it changes. */
  readonly onCaBundle: (pem: string) => void;
}

/**
 * A CA and a serving certificate of our own, kept in a Secret that the chart creates empty, so that restarts and
 * replicas agree. Writes only over the resourceVersion it has read: of two replicas that start together one wins,
 * and the other takes over what the first wrote.
 */
export class SelfManagedCertificate implements CertificateSource {
  private readonly path: string;
  private readonly loop: ReconcileLoop;
  private watch: ObjectWatch | undefined;
  private secret: ServingSecret | undefined;
  private served: KeyPair | undefined;
  private caBundle: string | undefined;
  /** Why there is no certificate that clients can verify. */
  private missing: string | undefined;
  private onCertificate?: (pair: KeyPair) => void;
  private stopTimers: Stop[] = [];

  constructor(private readonly options: SelfManagedCertificateOptions) {
    const { secret, clock, random, logger } = options;
    this.path = `/api/v1/namespaces/${secret.namespace}/secrets`;
    this.missing = `Secret ${secret.namespace}/${secret.name} has not been read yet`;
    this.loop = new ReconcileLoop({
      feature: FEATURES.servingCertificateSecret(secret.namespace, secret.name),
      what: `Self-managed certificate in Secret ${secret.namespace}/${secret.name}`,
      reconcile: () => this.reconcile(),
      clock,
      random,
      logger,
    });
  }

  public async start(onCertificate: (pair: KeyPair) => void): Promise<void> {
    this.onCertificate = onCertificate;
    this.watch = watchObject<ServingSecret>({
      ...this.options,
      path: this.path,
      name: this.options.secret.name,
      what: 'serving certificate Secret',
      feature: FEATURES.servingCertificateSecret(this.options.secret.namespace, this.options.secret.name),
      onChange: (secret) => {
        this.secret = secret;
        this.loop.trigger();
      },
    });
    this.watch.start();
    this.stopTimers.push(this.options.clock.after(SECRET_GRACE_MS, () => void this.serveTemporarily()));
    this.checkAge();
  }

  public stop(): void {
    this.onCertificate = undefined;
    this.watch?.stop();
    this.loop.stop();
    this.stopTimers.forEach((stop) => stop());
  }

  public unready(): string | undefined {
    return this.missing && (this.loop.failure ?? this.missing);
  }

  private checkAge(): void {
    this.stopTimers[1] = this.options.clock.after(CHECK_MS, () => {
      this.loop.trigger();
      this.checkAge();
    });
  }

  private async reconcile(): Promise<void> {
    const { secret: { namespace, name }, service, clock, logger } = this.options;
    if (this.secret === undefined) {
      // Never created here: the right to create Secrets by name does not exist in RBAC.
      const missing = `Secret ${namespace}/${name} does not exist; apply the chart that declares it`;
      if (this.served === undefined && this.missing !== missing) {
        logger.warn('Waiting for the serving certificate Secret', { reason: missing });
        this.missing = missing;
      }
      return;
    }
    const names = serviceNames(service);
    const { secret } = this;
    const pairs = pairsOf(secret, names, clock.now());
    if (pairs.serving !== undefined) {
      this.use(pairs.serving, pairs.trusted.join(''));
    }
    const next = await nextPairs(pairs, names, clock.now());
    if (next !== undefined) {
      await this.write(secret, next);
      logger.info('Wrote the serving certificate Secret', {
        secret: `${namespace}/${name}`, newCa: next.ca !== pairs.ca, newCertificate: next.serving !== pairs.serving,
      });
    }
  }

  /** What is written counts when the watch brings it, as with what another replica writes. */
  private async write({ metadata: { resourceVersion } }: ServingSecret, pairs: ServingPairs): Promise<void> {
    await this.options.client.request({
      method: 'PATCH',
      path: `${this.path}/${this.options.secret.name}`,
      query: { fieldManager: FIELD_MANAGER },
      contentType: 'application/merge-patch+json',
      body: { metadata: { resourceVersion }, data: dataOf(pairs) },
    });
  }

  private use(serving: KeyPair, caBundle: string): void {
    // First serve, then announce: a client that has the new CA must not meet a certificate that it did not sign.
    if (serving.certificate !== this.served?.certificate) {
      this.onCertificate?.(serving);
      this.served = serving;
    }
    if (caBundle !== this.caBundle) {
      this.options.onCaBundle(caBundle);
      this.caBundle = caBundle;
    }
    this.missing = undefined;
  }

  private async serveTemporarily(): Promise<void> {
    if (this.served !== undefined) {
      return;
    }
    const { createCertificateAuthority, issueServingCertificate } = await import('./issue');
    const nowMs = this.options.clock.now();
    const pair = await issueServingCertificate(await createCertificateAuthority('temporary', nowMs), localNames('0.0.0.0'), nowMs);
    if (this.served === undefined) {
      this.onCertificate?.(pair);
    }
  }
}
