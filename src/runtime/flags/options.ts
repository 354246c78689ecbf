import { AuditOptions, auditOptions } from './audit-options';
import { openSslCiphers, openSslCurves, TlsVersion, tlsVersion } from './go-tls';
import { MetricsConfigurationOptions, metricsConfigurationOptions } from './metrics-configuration-options';
import { NamedCertKey } from './named-cert-key';
import { ParsedFlags } from './parse';
import { UsageError } from './usage-error';
import { mistakesIn, serverMistakesIn } from './validate';
import { DEFAULT_METRIC_RETENTION_RESOLUTIONS, KubeletSource, NODE_ADDRESS_TYPES } from '../../_facts/flags';
import { Re2 } from '../../_facts/re2/re2';
import { parseSelector, Selector } from '../labels/selector';
import { ModuleVerbosity } from '../telemetry/module-verbosity';

/** A setting of HTTP/2 has 32 bits. */
const MAX_STREAMS = 2 ** 32 - 1;

export type NodeAddressType = (typeof NODE_ADDRESS_TYPES)[number];

/** What the command line of any server asks for, checked. File names and the like are undefined when empty. */
export interface ServerOptions {
  readonly kubeconfig?: string;
  readonly generic: GenericOptions;
  readonly serving: ServingOptions;
  readonly authentication: AuthenticationOptions;
  readonly authorization: AuthorizationOptions;
  readonly selfManagedCertificate?: SelfManagedCertificateOptions;
  /** The Service whose APIServices shall not be verified any more. */
  readonly removeCaBundleOfService?: NamespacedName;
  readonly audit: AuditOptions;
  readonly log: LogOptions;
}

/** What the command line of metrics-server asks for besides. */
export interface Options extends ServerOptions {
  readonly metricResolutionMs: number;
  /** How long figures are served after a kubelet's last good page. */
  readonly metricRetentionMs: number;
  readonly watchContainerStates: boolean;
  /** Answer no more than metrics-server does. */
  readonly upstreamCompatible: boolean;
  readonly kubelet: KubeletOptions;
  /** Tell by Events of the nodes. */
  readonly nodeEvents: boolean;
  /** For custom and external metrics, which are not served without. */
  readonly metricsConfiguration?: MetricsConfigurationOptions;
}

export interface LogOptions {
  readonly format: 'text' | 'json';
  readonly verbosity: number;
  readonly moduleVerbosities: readonly ModuleVerbosity[];
  /** What is no error goes to standard output. */
  readonly splitsStreams: boolean;
  readonly infoBufferBytes: number;
  readonly flushIntervalMs: number;
}

export interface GenericOptions {
  /** 0 for no limit. */
  readonly maxRequestsInflight: number;
  /** 0 for no limit. */
  readonly maxMutatingRequestsInflight: number;
  readonly requestTimeoutMs: number;
  readonly shutdownDelayMs: number;
  readonly shutdownSendRetryAfter: boolean;
  readonly livezGracePeriodMs: number;
  readonly externalHostname?: string;
  /** Of HTTP/2 requests. */
  readonly goawayChance: number;
  /** The header's value. */
  readonly strictTransportSecurity?: string;
  readonly corsAllowedOrigins: readonly Re2[];
  readonly profiling: boolean;
}

export interface KubeletOptions {
  readonly insecureTls: boolean;
  /** Plain HTTP without credentials. */
  readonly completelyInsecure: boolean;
  readonly useNodeStatusPort: boolean;
  readonly port: number;
  /** Perhaps of a type that no node has. */
  readonly preferredAddressTypes: readonly NodeAddressType[];
  readonly certificateAuthority?: string;
  readonly additionalCertificateAuthorities: readonly string[];
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly requestTimeoutMs: number;
  readonly nodeSelector: Selector;
  readonly source: KubeletSource;
  /** Pages are asked for compressed. */
  readonly gzip: boolean;
  readonly proxyFromEnvironment: boolean;
}

export interface ServingOptions {
  /** An IP; 0.0.0.0 and :: both stand for every address of both families. */
  readonly bindAddress: string;
  readonly securePort: number;
  readonly permitPortSharing: boolean;
  /** Undefined for memory. */
  readonly certDir?: string;
  readonly tlsCertFile?: string;
  readonly tlsPrivateKeyFile?: string;
  /** Further certificates, for clients that ask for their names. */
  readonly namedCertificates: readonly NamedCertKey[];
  readonly tls: TlsOptions;
  readonly http2: Http2Options;
}

/** In OpenSSL's terms; what is undefined is left to it. */
export interface TlsOptions {
  readonly minVersion: TlsVersion;
  readonly ciphers?: string;
  readonly curves?: string;
}

export interface Http2Options {
  readonly disabled: boolean;
  /** The server's own number if undefined. */
  readonly maxStreamsPerConnection?: number;
}

export interface AuthenticationOptions {
  readonly kubeconfig?: string;
  readonly skipLookup: boolean;
  readonly tolerateLookupFailure: boolean;
  readonly tokenCacheTtlMs: number;
  readonly clientCaFile?: string;
  readonly requestHeader: RequestHeaderOptions;
}

export interface RequestHeaderOptions {
  readonly clientCaFile?: string;
  /** Any name when empty. */
  readonly allowedNames: readonly string[];
  readonly usernameHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly uidHeaders: readonly string[];
  readonly extraHeadersPrefixes: readonly string[];
}

export interface AuthorizationOptions {
  readonly kubeconfig?: string;
  readonly alwaysAllowPaths: readonly string[];
  readonly allowCacheTtlMs: number;
  readonly denyCacheTtlMs: number;
}

export interface SelfManagedCertificateOptions {
  readonly secret: NamespacedName;
  readonly service: NamespacedName;
}

export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The options that a command line gives.
 *
 * @throws UsageError with a line for every mistake
 */
export function optionsFrom(parsed: ParsedFlags): Options {
  refuse(mistakesIn(parsed));
  return {
    ...serverOptions(parsed),
    metricResolutionMs: parsed.get('duration', 'metric-resolution'),
    metricRetentionMs: parsed.get('duration', 'metric-retention') || DEFAULT_METRIC_RETENTION_RESOLUTIONS * parsed.get('duration', 'metric-resolution'),
    watchContainerStates: parsed.get('bool', 'watch-container-states'),
    upstreamCompatible: parsed.get('bool', 'upstream-compatible'),
    kubelet: kubeletOptions(parsed),
    nodeEvents: parsed.get('bool', 'node-events'),
    metricsConfiguration: parsed.isSet('config') ? metricsConfigurationOptions(parsed) : undefined,
  };
}

/** The same of a server that scrapes nothing. */
export function serverOptionsFrom(parsed: ParsedFlags): ServerOptions {
  refuse(serverMistakesIn(parsed));
  return serverOptions(parsed);
}

function refuse(mistakes: string[]): void {
  if (mistakes.length > 0) throw new UsageError(mistakes);
}

function serverOptions(parsed: ParsedFlags): ServerOptions {
  return {
    kubeconfig: optional(parsed, 'kubeconfig'),
    generic: {
      maxRequestsInflight: parsed.get('int', 'max-requests-inflight'),
      requestTimeoutMs: parsed.get('duration', 'request-timeout'),
      maxMutatingRequestsInflight: parsed.get('int', 'max-mutating-requests-inflight'),
      shutdownDelayMs: parsed.get('duration', 'shutdown-delay-duration'),
      shutdownSendRetryAfter: parsed.get('bool', 'shutdown-send-retry-after'),
      livezGracePeriodMs: parsed.get('duration', 'livez-grace-period'),
      externalHostname: optional(parsed, 'external-hostname'),
      goawayChance: parsed.get('float', 'goaway-chance'),
      strictTransportSecurity: parsed.get('strings', 'strict-transport-security-directives').join('; ') || undefined,
      profiling: parsed.get('bool', 'profiling'),
      corsAllowedOrigins: parsed.get('strings', 'cors-allowed-origins').map((origin) => new Re2(origin)),
    },
    serving: servingOptions(parsed),
    authentication: authenticationOptions(parsed),
    authorization: {
      kubeconfig: optional(parsed, 'authorization-kubeconfig'),
      alwaysAllowPaths: parsed.get('strings', 'authorization-always-allow-paths'),
      allowCacheTtlMs: parsed.get('duration', 'authorization-webhook-cache-authorized-ttl'),
      denyCacheTtlMs: parsed.get('duration', 'authorization-webhook-cache-unauthorized-ttl'),
    },
    selfManagedCertificate: selfManagedCertificateOptions(parsed),
    removeCaBundleOfService: optionalNamespacedName(parsed, 'remove-ca-bundle-of-service'),
    audit: auditOptions(parsed),
    log: logOptions(parsed),
  };
}

/** What the flags of the log say. */
export function logOptions(parsed: ParsedFlags): LogOptions {
  const format = parsed.get('string', 'logging-format') as LogOptions['format'];
  return {
    format,
    verbosity: parsed.get('Level', 'v'),
    moduleVerbosities: parsed.get('pattern=N,...', 'vmodule'),
    splitsStreams: parsed.get('bool', `log-${format}-split-stream`),
    infoBufferBytes: parsed.get('quantity', `log-${format}-info-buffer-size`),
    flushIntervalMs: parsed.get('duration', 'log-flush-frequency'),
  };
}

function kubeletOptions(parsed: ParsedFlags): KubeletOptions {
  return {
    insecureTls: parsed.get('bool', 'kubelet-insecure-tls'),
    completelyInsecure: parsed.get('bool', 'deprecated-kubelet-completely-insecure'),
    useNodeStatusPort: parsed.get('bool', 'kubelet-use-node-status-port'),
    port: parsed.get('int', 'kubelet-port'),
    preferredAddressTypes: parsed.get('strings', 'kubelet-preferred-address-types') as readonly NodeAddressType[],
    certificateAuthority: optional(parsed, 'kubelet-certificate-authority'),
    additionalCertificateAuthorities: parsed.get('strings', 'kubelet-additional-certificate-authorities'),
    clientCertificate: optional(parsed, 'kubelet-client-certificate'),
    clientKey: optional(parsed, 'kubelet-client-key'),
    requestTimeoutMs: parsed.get('duration', 'kubelet-request-timeout'),
    nodeSelector: parseSelector(parsed.get('string', 'node-selector')),
    source: parsed.get('string', 'kubelet-source') as KubeletSource,
    gzip: parsed.get('bool', 'kubelet-gzip'),
    proxyFromEnvironment: parsed.get('bool', 'kubelet-proxy-from-environment'),
  };
}

function servingOptions(parsed: ParsedFlags): ServingOptions {
  const ciphers = parsed.get('strings', 'tls-cipher-suites');
  const curves = parsed.get('int32Slice', 'tls-curve-preferences');
  return {
    bindAddress: parsed.get('ip', 'bind-address'),
    securePort: parsed.get('int', 'secure-port'),
    permitPortSharing: parsed.get('bool', 'permit-port-sharing'),
    certDir: optional(parsed, 'cert-dir'),
    tlsCertFile: optional(parsed, 'tls-cert-file'),
    tlsPrivateKeyFile: optional(parsed, 'tls-private-key-file'),
    namedCertificates: parsed.get('namedCertKey', 'tls-sni-cert-key'),
    tls: {
      minVersion: tlsVersion(parsed.get('string', 'tls-min-version')) ?? 'TLSv1.2',
      ciphers: ciphers.length > 0 ? openSslCiphers(ciphers) : undefined,
      curves: curves.length > 0 ? openSslCurves(curves) : undefined,
    },
    http2: {
      disabled: parsed.get('bool', 'disable-http2-serving'),
      maxStreamsPerConnection: Math.min(Math.max(0, parsed.get('int', 'http2-max-streams-per-connection')), MAX_STREAMS) || undefined,
    },
  };
}

function authenticationOptions(parsed: ParsedFlags): AuthenticationOptions {
  return {
    kubeconfig: optional(parsed, 'authentication-kubeconfig'),
    skipLookup: parsed.get('bool', 'authentication-skip-lookup'),
    tolerateLookupFailure: parsed.get('bool', 'authentication-tolerate-lookup-failure'),
    tokenCacheTtlMs: parsed.get('duration', 'authentication-token-webhook-cache-ttl'),
    clientCaFile: optional(parsed, 'client-ca-file'),
    requestHeader: {
      clientCaFile: optional(parsed, 'requestheader-client-ca-file'),
      allowedNames: parsed.get('strings', 'requestheader-allowed-names'),
      usernameHeaders: parsed.get('strings', 'requestheader-username-headers'),
      groupHeaders: parsed.get('strings', 'requestheader-group-headers'),
      uidHeaders: parsed.get('strings', 'requestheader-uid-headers'),
      extraHeadersPrefixes: parsed.get('strings', 'requestheader-extra-headers-prefix'),
    },
  };
}

function selfManagedCertificateOptions(parsed: ParsedFlags): SelfManagedCertificateOptions | undefined {
  const secret = optionalNamespacedName(parsed, 'self-managed-cert-secret');
  const service = optionalNamespacedName(parsed, 'self-managed-cert-service');
  return secret && service ? { secret, service } : undefined;
}

function optionalNamespacedName(parsed: ParsedFlags, flag: string): NamespacedName | undefined {
  const text = optional(parsed, flag);
  if (text === undefined) return undefined;
  const [namespace, name] = text.split('/');
  return { namespace, name };
}

function optional(parsed: ParsedFlags, name: string): string | undefined {
  return parsed.get('string', name) || undefined;
}
