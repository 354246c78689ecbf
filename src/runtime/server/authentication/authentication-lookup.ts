import { AuthenticationSettings } from './authentication-settings';
import { AUTHENTICATION_CONFIG_MAP, settingsFromConfigMap } from './extension-apiserver-authentication';
import { FEATURES } from '../../../_facts/rights';
import { Clock, Random, Stop } from '../../clock';
import { ApiClient } from '../../cluster/api-client';
import { ObjectWatch, watchObject } from '../../cluster/single-object';
import { Logger } from '../../telemetry/logger';

interface ConfigMap {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** How soon files that rotate are noticed. */
const POLL_MS = 5_000;

export interface AuthenticationLookupOptions {
  /** What the command line says; it wins over what the cluster says. Called every few seconds, since files rotate. */
  readonly given: () => AuthenticationSettings;
  /** Asked for what is not given; undefined with `--authentication-skip-lookup`. */
  readonly client: ApiClient | undefined;
  /** `--authentication-tolerate-lookup-failure`: be ready without an answer. */
  readonly tolerateFailure: boolean;
  /** The client CAs may have changed. The settings count when it has returned. */
  readonly onChange: (clientCas: readonly string[]) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const NO_REQUEST_HEADER_CA =
  `cluster doesn't provide requestheader-client-ca-file in ConfigMap ${AUTHENTICATION_CONFIG_MAP.namespace}/${AUTHENTICATION_CONFIG_MAP.name}; `
  + 'start kube-apiserver with --requestheader-client-ca-file and --proxy-client-cert-file, or pass --requestheader-client-ca-file here';

/**
 * Follows the ConfigMap in which kube-apiserver says how extension API servers shall authenticate, and the files of the
 * command line, CAs that rotate included. Settings that cannot be used never replace those that can.
 */
export class AuthenticationLookup {
  private readonly watch: ObjectWatch | undefined;
  private given: AuthenticationSettings;
  private found: AuthenticationSettings = {};
  private stopPoll: Stop | undefined;
  /** Why kube-apiserver's requests cannot be authenticated yet. */
  private missing: string | undefined;
  /** What was last logged as a failure. */
  private failure: string | undefined;
  /** Why files that rotated are not used, logged once. */
  private refusal: string | undefined;

  constructor(private readonly options: AuthenticationLookupOptions) {
    const { client, clock, random, logger } = options;
    this.given = options.given();
    const { namespace, name } = AUTHENTICATION_CONFIG_MAP;
    this.watch = client && watchObject<ConfigMap>({
      client,
      clock,
      random,
      logger,
      path: `/api/v1/namespaces/${namespace}/configmaps`,
      name,
      what: `ConfigMap ${namespace}/${name}`,
      feature: FEATURES.authenticationSettings(),
      onChange: (configMap) => this.take(configMap),
    });
    if (this.watch) this.missing = `ConfigMap ${namespace}/${name} has not been read yet`;
  }

  settings(): AuthenticationSettings {
    return preferred(this.given, this.found);
  }

  /** CAs whose certificates clients may show. */
  clientCas(): string[] {
    return clientCasOf(this.settings());
  }

  /** Undefined when kube-apiserver's requests can be authenticated, or need not be, otherwise what is missing. */
  unready(): string | undefined {
    return this.options.tolerateFailure || this.given.requestHeader ? undefined : this.missing;
  }

  start(): void {
    this.watch?.start();
    this.poll();
  }

  stop(): void {
    this.watch?.stop();
    this.stopPoll?.();
  }

  private poll(): void {
    this.stopPoll = this.options.clock.after(POLL_MS, () => {
      try {
        this.takeGiven(this.options.given());
        this.refusal = undefined;
      } catch (error) {
        const reason = (error as Error).message;
        if (reason !== this.refusal) this.options.logger.warn('Keeping the client CAs in use', { reason });
        this.refusal = reason;
      }
      this.poll();
    });
  }

  private takeGiven(given: AuthenticationSettings): void {
    const clientCas = clientCasOf(preferred(given, this.found));
    // A new TLS context each time would be for nothing.
    if (clientCas.join() !== this.clientCas().join()) this.options.onChange(clientCas);
    this.given = given;
  }

  private take(configMap: ConfigMap | undefined): void {
    let unusable: string | undefined;
    try {
      // What is there no more stays in use, as with k8s.io/apiserver: kube-apiserver writes it again when it is gone.
      const found = preferred(settingsFromConfigMap(configMap?.data ?? {}), this.found);
      this.options.onChange(clientCasOf(preferred(this.given, found)));
      this.found = found;
    } catch (error) {
      unusable = (error as Error).message;
    }
    this.missing = this.settings().requestHeader ? undefined : unusable ?? NO_REQUEST_HEADER_CA;
    this.report(unusable ?? this.missing);
  }

  /** Logs once, however often the ConfigMap changes. */
  private report(failure: string | undefined): void {
    if (failure === this.failure) return;
    this.failure = failure;
    if (failure !== undefined) this.options.logger.warn('The cluster does not say how to authenticate requests', { reason: failure });
    else this.options.logger.info('The cluster says how to authenticate requests');
  }
}

/** Client CA and request headers each from the first that has them. */
function preferred(first: AuthenticationSettings, second: AuthenticationSettings): AuthenticationSettings {
  return { clientCa: first.clientCa ?? second.clientCa, requestHeader: first.requestHeader ?? second.requestHeader };
}

function clientCasOf({ clientCa, requestHeader }: AuthenticationSettings): string[] {
  return [clientCa, requestHeader?.clientCa].filter((pem) => pem !== undefined);
}
