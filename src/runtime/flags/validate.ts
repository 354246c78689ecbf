import { isIP } from 'node:net';
import { auditMistakes } from './audit-options';
import { CIPHER_SUITES, CURVE_IDS, tlsVersion, TLS_VERSIONS } from './go-tls';
import { metricsConfigurationMistakes } from './metrics-configuration-options';
import { ParsedFlags } from './parse';
import {
  DEFAULT_METRIC_RETENTION_RESOLUTIONS, KUBELET_SOURCES, KUBELET_TIMEOUT_SHARE_OF_RESOLUTION, MAX_METRIC_RETENTION_RESOLUTIONS,
  MIN_METRIC_RESOLUTION_SECONDS,
} from '../../_facts/flags';
import { Re2, Re2SyntaxError } from '../../_facts/re2/re2';
import { goQuote } from '../go-quote';
import { parseSelector, SelectorSyntaxError } from '../labels/selector';

/** Everything that is wrong with the values of a command line, one line each; where metrics-server checks it too, its words come first. */
export function mistakesIn(parsed: ParsedFlags): string[] {
  return [...METRICS_SERVER_RULES.flatMap((rule) => rule(parsed)), ...serverMistakesIn(parsed)];
}

/** The same for a server that scrapes nothing. */
export function serverMistakesIn(parsed: ParsedFlags): string[] {
  return SERVER_RULES.flatMap((rule) => rule(parsed));
}

/** What a rule finds wrong, if anything. */
type Rule = (parsed: ParsedFlags) => string[];

const METRICS_SERVER_RULES: readonly Rule[] = [
  kubeletCredentials,
  exclusive('kubelet-client-key', 'deprecated-kubelet-completely-insecure'),
  exclusive('kubelet-client-certificate', 'deprecated-kubelet-completely-insecure'),
  exclusive('kubelet-insecure-tls', 'deprecated-kubelet-completely-insecure'),
  exclusive('kubelet-certificate-authority', 'deprecated-kubelet-completely-insecure'),
  exclusive('kubelet-certificate-authority', 'kubelet-insecure-tls'),
  exclusive('kubelet-additional-certificate-authorities', 'deprecated-kubelet-completely-insecure'),
  exclusive('kubelet-additional-certificate-authorities', 'kubelet-insecure-tls'),
  kubeletRequestTimeout,
  metricResolution,
  metricResolutionAgainstKubeletTimeout,
  metricRetention,
  port('kubelet-port'),
  nodeSelector,
  oneOf('kubelet-source', KUBELET_SOURCES),
  metricsConfigurationMistakes,
];

const SERVER_RULES: readonly Rule[] = [
  port('secure-port'),
  servingCertificateFiles,
  sniNames,
  tlsMinVersion,
  tlsCipherSuites,
  tlsCurvePreferences,
  permitPortSharing,
  notNegative('max-requests-inflight', 'int'),
  notNegative('max-mutating-requests-inflight', 'int'),
  goawayChance,
  hstsDirectives,
  corsAllowedOrigins,
  oneOf('logging-format', ['text', 'json']),
  vmodule,
  positive('log-flush-frequency'),
  notNegative('log-json-info-buffer-size', 'quantity'),
  notNegative('log-text-info-buffer-size', 'quantity'),
  positive('request-timeout'),
  notNegative('shutdown-delay-duration', 'duration'),
  notNegative('livez-grace-period', 'duration'),
  notNegative('min-request-timeout', 'int'),
  notNegative('shutdown-watch-termination-grace-period', 'duration'),
  notNegative('storage-initialization-timeout', 'duration'),
  alwaysAllowPaths,
  auditMistakes,
  selfManagedCertificate,
  namespacedName('self-managed-cert-secret'),
  namespacedName('self-managed-cert-service'),
  exclusive('self-managed-cert-service', 'remove-ca-bundle-of-service'),
  namespacedName('remove-ca-bundle-of-service'),
];

function kubeletCredentials(parsed: ParsedFlags): string[] {
  return mistake(parsed.isSet('kubelet-client-key') !== parsed.isSet('kubelet-client-certificate'),
    'need both --kubelet-client-key and --kubelet-client-certificate');
}

function kubeletRequestTimeout(parsed: ParsedFlags): string[] {
  return mistake(parsed.get('duration', 'kubelet-request-timeout') <= 0,
    `kubelet-request-timeout should be positive, but value ${parsed.text('kubelet-request-timeout')} provided`);
}

function metricResolution(parsed: ParsedFlags): string[] {
  return mistake(parsed.get('duration', 'metric-resolution') < MIN_METRIC_RESOLUTION_SECONDS * 1_000,
    `metric-resolution should be a time duration at least ${MIN_METRIC_RESOLUTION_SECONDS}s, `
    + `but value ${parsed.text('metric-resolution')} provided`);
}

function metricResolutionAgainstKubeletTimeout(parsed: ParsedFlags): string[] {
  // A resolution that is too short anyway is one mistake, not two.
  if (metricResolution(parsed).length > 0) return [];
  const longestTimeoutMs = parsed.get('duration', 'metric-resolution') * KUBELET_TIMEOUT_SHARE_OF_RESOLUTION;
  return mistake(longestTimeoutMs < parsed.get('duration', 'kubelet-request-timeout'),
    'metric-resolution should be larger than kubelet-request-timeout, '
    + `but metric-resolution value ${parsed.text('metric-resolution')} `
    + `kubelet-request-timeout value ${parsed.text('kubelet-request-timeout')} provided; `
    + `the timeout may take ${KUBELET_TIMEOUT_SHARE_OF_RESOLUTION * 100}% of the resolution`);
}

function metricRetention(parsed: ParsedFlags): string[] {
  const resolutionMs = parsed.get('duration', 'metric-resolution');
  const retentionMs = parsed.get('duration', 'metric-retention');
  return mistake(retentionMs !== 0 && (retentionMs < resolutionMs || retentionMs > MAX_METRIC_RETENTION_RESOLUTIONS * resolutionMs),
    `--metric-retention must be from 1 to ${MAX_METRIC_RETENTION_RESOLUTIONS} times --metric-resolution (${parsed.text('metric-resolution')}), `
    + `but value ${parsed.text('metric-retention')} provided; 0s for ${DEFAULT_METRIC_RETENTION_RESOLUTIONS} times`);
}

function nodeSelector(parsed: ParsedFlags): string[] {
  const selector = parsed.get('string', 'node-selector');
  try {
    parseSelector(selector);
    return [];
  } catch (error) {
    if (!(error instanceof SelectorSyntaxError)) {
      throw error;
    }
    return [`--node-selector ${goQuote(selector)} is no label selector: ${error.message}`];
  }
}

function servingCertificateFiles(parsed: ParsedFlags): string[] {
  return mistake(parsed.isSet('tls-cert-file') !== parsed.isSet('tls-private-key-file'), 'need both --tls-cert-file and --tls-private-key-file');
}

/** Clients ask for names alone (RFC 6066), and OpenSSL tells of nothing else. */
function sniNames(parsed: ParsedFlags): string[] {
  return parsed.get('namedCertKey', 'tls-sni-cert-key').flatMap(({ names }) => names).filter((name) => isIP(name) > 0)
    .map((name) => `IP address ${name} in --tls-sni-cert-key cannot be chosen by, for TLS clients name only hosts; leave it out, and let --tls-cert-file be for it`);
}

function permitPortSharing(parsed: ParsedFlags): string[] {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return mistake(parsed.isSet('permit-port-sharing') && (major < 22 || major === 22 && minor < 12),
    `--permit-port-sharing needs Node.js 22.12 or newer, but this is ${process.versions.node}; leave it out`);
}

function tlsMinVersion(parsed: ParsedFlags): string[] {
  const name = parsed.get('string', 'tls-min-version');
  return mistake(name !== '' && !tlsVersion(name),
    `--tls-min-version ${goQuote(name)} is not spoken by OpenSSL ${process.versions.openssl}; allowed are ${TLS_VERSIONS.join(', ')}`);
}

function tlsCipherSuites(parsed: ParsedFlags): string[] {
  return parsed.get('strings', 'tls-cipher-suites').filter((name) => !CIPHER_SUITES.includes(name))
    .map((name) => `cipher suite ${goQuote(name)} in --tls-cipher-suites is unknown to OpenSSL ${process.versions.openssl}; allowed are ${CIPHER_SUITES.join(', ')}`);
}

function tlsCurvePreferences(parsed: ParsedFlags): string[] {
  return parsed.get('int32Slice', 'tls-curve-preferences').filter((id) => !CURVE_IDS.includes(id))
    .map((id) => `curve ${id} in --tls-curve-preferences is unknown to OpenSSL ${process.versions.openssl}; allowed are ${CURVE_IDS.join(', ')}`);
}

function goawayChance(parsed: ParsedFlags): string[] {
  const chance = parsed.get('float', 'goaway-chance');
  return mistake(chance < 0 || chance > 0.02, `--goaway-chance must be from 0 to 0.02, but value ${parsed.text('goaway-chance')} provided`);
}

function hstsDirectives(parsed: ParsedFlags): string[] {
  return parsed.get('strings', 'strict-transport-security-directives')
    .filter((directive) => !/^(?:max-age=[\x20-\x3c\x3e-\x7e]*|includeSubDomains|preload)$/.test(directive))
    .map((directive) => `unknown directive ${goQuote(directive)} in --strict-transport-security-directives; allowed are max-age=<seconds>, includeSubDomains, preload`);
}

function corsAllowedOrigins(parsed: ParsedFlags): string[] {
  return parsed.get('strings', 'cors-allowed-origins').flatMap((origin) => {
    const wrong = syntaxErrorIn(origin);
    if (wrong) return [`${goQuote(origin)} in --cors-allowed-origins is no regular expression of Go's: ${wrong.message}, at character ${wrong.offset + 1}`];
    return mistake(!/\^|\/\//.test(origin) || !/[$:]/.test(origin),
      `${goQuote(origin)} in --cors-allowed-origins must be pinned: at the start with ^ or //, at the end with $ or :`);
  });
}

function syntaxErrorIn(expression: string): Re2SyntaxError | undefined {
  try {
    new Re2(expression);
    return undefined;
  } catch (error) {
    if (error instanceof Re2SyntaxError) return error;
    throw error;
  }
}

function vmodule(parsed: ParsedFlags): string[] {
  return mistake(parsed.get('string', 'logging-format') === 'json' && parsed.get('pattern=N,...', 'vmodule').length > 0,
    '--vmodule works only with --logging-format=text; with json, raise --v');
}

function alwaysAllowPaths(parsed: ParsedFlags): string[] {
  return parsed.get('strings', 'authorization-always-allow-paths')
    .filter((path) => path.slice(0, -1).includes('*'))
    .map((path) => `only trailing * allowed in ${goQuote(path)} of --authorization-always-allow-paths`);
}

function selfManagedCertificate(parsed: ParsedFlags): string[] {
  const secret = parsed.isSet('self-managed-cert-secret');
  return [
    ...mistake(secret !== parsed.isSet('self-managed-cert-service'), 'need both --self-managed-cert-secret and --self-managed-cert-service'),
    ...mistake(secret && parsed.isSet('tls-cert-file'), 'cannot use both --self-managed-cert-secret and --tls-cert-file'),
  ];
}

function exclusive(one: string, other: string): Rule {
  return (parsed) => mistake(parsed.isSet(one) && parsed.isSet(other), `cannot use both --${one} and --${other}`);
}

function port(name: string): Rule {
  return (parsed) => {
    const value = parsed.get('int', name);
    return mistake(value < 1 || value > 65_535, `--${name} must be a port from 1 to 65535, but value ${parsed.text(name)} provided`);
  };
}

function oneOf(name: string, allowed: readonly string[]): Rule {
  return (parsed) => {
    const value = parsed.get('string', name);
    return mistake(!allowed.includes(value), `unknown --${name} ${goQuote(value)}; allowed are ${allowed.join(', ')}`);
  };
}

function positive(name: string): Rule {
  return (parsed) => mistake(parsed.get('duration', name) <= 0, `--${name} must be positive, but value ${parsed.text(name)} provided`);
}

function notNegative(name: string, type: 'int' | 'duration' | 'quantity'): Rule {
  return (parsed) => mistake(parsed.get(type, name) < 0, `--${name} can not be negative value, but value ${parsed.text(name)} provided`);
}

const DNS_LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const NAMESPACED_NAME = new RegExp(`^${DNS_LABEL}/(?=.{1,253}$)${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);

function namespacedName(name: string): Rule {
  return (parsed) => {
    const value = parsed.get('string', name);
    return mistake(value !== '' && !NAMESPACED_NAME.test(value), `--${name} must be namespace/name, but value ${goQuote(value)} provided`);
  };
}

function mistake(found: boolean, text: string): string[] {
  return found ? [text] : [];
}
