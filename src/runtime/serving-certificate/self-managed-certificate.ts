import { FEATURES, FIELD_MANAGER } from '../../_facts/rights';
import { Clock, Random, Stop } from '../clock';
import { CertificateSource } from './certificate-source';
import { KeyPair } from './key-pair';
import { MAX_PAUSE_MS, nextStep } from './rotation';
import { localNames, serviceNames } from './serving-names';
import { dataOf, pairsOf, ServingPairs, ServingSecret } from './serving-secret';
import { ApiClient } from '../cluster/api-client';
import { ReconcileLoop } from '../cluster/reconcile-loop';
import { ObjectWatch, watchObject } from '../cluster/single-object';
import { Logger } from '../telemetry/logger';

/** How long to wait for the Secret before listening with a certificate that nobody can verify, to be live at least. */
const SECRET_GRACE_MS = 2_000;

/** How long a replica that found no Secret leaves a new one to those that may hold the CA which clients know. */
const HEAD_START_MS = 5_000;

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
  /** Whether the Secret is there, whenever it was looked for. */
  readonly onSecret?: (isThere: boolean) => void;
}

/**
 * A CA and a serving certificate of our own, kept in a Secret that the chart creates empty, so that restarts and
 * replicas agree. Writes only over the resourceVersion it has read: of two replicas that start together one wins,
 * and the other takes over what the first wrote. What the Secret has lost is served on with, and put back as soon as there is
 * a Secret to put it into: a new CA would have clients refuse us until they know it.
 */
export class SelfManagedCertificate implements CertificateSource {
  private readonly path: string;
  private readonly loop: ReconcileLoop;
  private watch: ObjectWatch | undefined;
  private secret: ServingSecret | undefined;
  private served: KeyPair | undefined;
  private caBundle: string | undefined;
  /** The Secret as it was when it last could be used. */
  private inHand: ServingSecret | undefined;
  private isAbsent = false;
  private mayWriteMs = 0;
  /** Why there is no certificate that clients can verify. */
  private missing: string | undefined;
  private onCertificate?: (pair: KeyPair) => void;
  private stopGrace: Stop | undefined;
  private stopPause: Stop | undefined;

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
    this.stopGrace = this.options.clock.after(SECRET_GRACE_MS, () => void this.serveTemporarily());
    this.lookAgainIn(MAX_PAUSE_MS);
  }

  public stop(): void {
    this.onCertificate = undefined;
    this.watch?.stop();
    this.loop.stop();
    this.stopGrace?.();
    this.stopPause?.();
  }

  public unready(): string | undefined {
    return this.missing && (this.loop.failure ?? this.missing);
  }

  private lookAgainIn(pauseMs: number): void {
    if (this.onCertificate === undefined) return;
    this.stopPause?.();
    this.stopPause = this.options.clock.after(Math.min(pauseMs, MAX_PAUSE_MS), () => {
      this.lookAgainIn(MAX_PAUSE_MS);
      this.loop.trigger();
    });
  }

  private async reconcile(): Promise<void> {
    const { secret: { namespace, name }, service, clock, logger } = this.options;
    const { secret } = this;
    this.noteAbsence(secret === undefined);
    // Never created here: the right to create Secrets by name does not exist in RBAC.
    if (secret === undefined) return;
    const names = serviceNames(service);
    const nowMs = clock.now();
    const found = pairsOf(secret, names, nowMs);
    if (found.serving !== undefined) {
      this.use(found.serving, found.trusted.join(''));
      this.inHand = secret;
    }
    if (found.serving === undefined && this.inHand === undefined && nowMs < this.mayWriteMs) return this.lookAgainIn(this.mayWriteMs - nowMs);
    const isLost = found.ca === undefined && found.serving === undefined && this.inHand !== undefined;
    const pairs = isLost ? pairsOf(this.inHand!, names, nowMs) : found;
    const step = nextStep(pairs, names, nowMs);
    if (step.atMs > nowMs && !isLost) return this.lookAgainIn(step.atMs - nowMs);
    const next = step.atMs > nowMs ? pairs as ServingPairs : await step.make();
    await this.write(secret, next);
    logger.info('Wrote the serving certificate Secret', {
      secret: `${namespace}/${name}`, newCa: next.ca !== pairs.ca, newCertificate: next.serving !== pairs.serving,
    });
  }

  /** Said once, for as long as it lasts. */
  private noteAbsence(isAbsent: boolean): void {
    const { secret: { namespace, name }, clock, logger, onSecret } = this.options;
    onSecret?.(!isAbsent);
    if (isAbsent === this.isAbsent) return;
    this.isAbsent = isAbsent;
    if (isAbsent) {
      const reason = `Secret ${namespace}/${name} does not exist; apply the chart that declares it`;
      logger.warn(this.inHand ? 'Serving on with the certificate in hand' : 'Waiting for the serving certificate Secret', { reason });
      if (!this.inHand) this.missing = reason;
    } else if (!this.inHand) {
      this.missing = `Secret ${namespace}/${name} is empty`;
      this.mayWriteMs = clock.now() + HEAD_START_MS;
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
