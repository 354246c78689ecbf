import { AuthenticationSettings } from './authentication-settings';
import { AUTHENTICATION_CONFIG_MAP, settingsFromConfigMap } from './extension-apiserver-authentication';
import { Clock, Random } from '../../clock';
import { ApiClient } from '../../cluster/api-client';
import { ObjectWatch, watchObject } from '../../cluster/single-object';
import { Logger } from '../../telemetry/logger';

interface ConfigMap {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string };
  readonly data?: Readonly<Record<string, string>>;
}

export interface AuthenticationLookupOptions {
  /** What the command line says; it wins over what the cluster says. Called for each request, since files rotate. */
  readonly given: () => AuthenticationSettings;
  /** Asked for what is not given; undefined with `--authentication-skip-lookup`. */
  readonly client: ApiClient | undefined;
  /** `--authentication-tolerate-lookup-failure`: be ready without an answer. */
  readonly tolerateFailure: boolean;
  /** The client CAs in use may have changed. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Follows the ConfigMap in which kube-apiserver says how extension API servers shall authenticate, CAs that rotate included. */
export class AuthenticationLookup {
  private readonly watch: ObjectWatch | undefined;
  private found: AuthenticationSettings = {};
  /** Why requests cannot be authenticated yet; logged once when it changes. */
  private waitingFor: string | undefined;

  constructor(private readonly options: AuthenticationLookupOptions) {
    const { client, clock, random, logger } = options;
    const { namespace, name } = AUTHENTICATION_CONFIG_MAP;
    this.watch = client && watchObject<ConfigMap>({
      client,
      clock,
      random,
      logger,
      path: `/api/v1/namespaces/${namespace}/configmaps`,
      name,
      what: `ConfigMap ${namespace}/${name}`,
      onChange: (configMap) => this.take(configMap),
    });
    if (this.watch && !options.tolerateFailure) this.waitingFor = `ConfigMap ${namespace}/${name} has not been read yet`;
  }

  settings(): AuthenticationSettings {
    const given = this.options.given();
    return { clientCa: given.clientCa ?? this.found.clientCa, requestHeader: given.requestHeader ?? this.found.requestHeader };
  }

  /** CAs whose certificates clients may show. */
  clientCas(): string[] {
    const { clientCa, requestHeader } = this.settings();
    return [clientCa, requestHeader?.clientCa].filter((pem) => pem !== undefined);
  }

  /** Undefined when kube-apiserver's requests can be authenticated, otherwise what is missing. */
  unready(): string | undefined {
    return this.options.given().requestHeader ? undefined : this.waitingFor;
  }

  start(): void {
    this.watch?.start();
  }

  stop(): void {
    this.watch?.stop();
  }

  private take(configMap: ConfigMap | undefined): void {
    const { logger, tolerateFailure, onChange } = this.options;
    const { namespace, name } = AUTHENTICATION_CONFIG_MAP;
    try {
      this.found = settingsFromConfigMap(configMap?.data ?? {});
    } catch (error) {
      logger.error('Keeping the authentication settings in use', { reason: (error as Error).message });
      return;
    }
    const missing = this.settings().requestHeader ? undefined
      : `cluster doesn't provide requestheader-client-ca-file in ConfigMap ${namespace}/${name}; `
        + 'start kube-apiserver with --requestheader-client-ca-file and --proxy-client-cert-file, or pass --requestheader-client-ca-file here';
    if (missing) logger.warn('Waiting for the front proxy\'s CA', { reason: missing });
    else if (this.waitingFor !== undefined) logger.info('The front proxy\'s CA is known');
    this.waitingFor = tolerateFailure ? undefined : missing;
    onChange();
  }
}
