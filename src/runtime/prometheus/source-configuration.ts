import { ALLOWED_SOURCE_NAME, isHeaderName, isHeaderValue, isSourceName, RESERVED_HEADERS, SOURCE_TIMEOUT } from '../../_facts/adapter-configuration';
import { ConfigurationNode } from '../configuration-file/configuration-node';
import { prometheusDuration } from '../configuration-file/prometheus-duration';

/** A Prometheus, or whatever else answers its API: Thanos, Mimir, VictoriaMetrics. */
export interface SourceConfiguration {
  /** As metrics and messages call it. */
  readonly name: string;
  /** May have a path in front of `/api/v1`. */
  readonly url: URL;
  /** Without one, GET, and POST for what is too long for a URL. */
  readonly verb?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly bearerTokenFile?: string;
  readonly basicAuth?: { readonly username: string; readonly passwordFile: string };
  readonly tls: SourceTls;
  readonly timeoutMs: number;
}

/** Files are read again as they rotate. */
export interface SourceTls {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify: boolean;
}

export function sourceConfiguration(node: ConfigurationNode): SourceConfiguration {
  const { name, url, verb, ...access } = node.fields('name', 'url', 'verb', ...ACCESS_FIELDS);
  if (!isSourceName(name.text())) throw name.error(`is ${JSON.stringify(name.text())}; give ${ALLOWED_SOURCE_NAME}, such as prometheus`);
  return { name: name.text(), url: sourceUrl(url), verb: verbOf(verb), ...accessConfiguration(node, access) };
}

/** How whatever speaks HTTP is asked. */
export type AccessConfiguration = Omit<SourceConfiguration, 'name' | 'url' | 'verb'>;

/** What is said of the source of a name, and without one of the first: equal for the same source of two configurations. */
export function sourceSaid(sources: readonly SourceConfiguration[], name: string | undefined): string {
  return JSON.stringify(sources.find((source) => name === undefined || source.name === name)) ?? '';
}

/** Those that hold credentials and certificates. */
export function filesOf({ bearerTokenFile, basicAuth, tls: { caFile, certFile, keyFile } }: AccessConfiguration): readonly string[] {
  return [bearerTokenFile, basicAuth?.passwordFile, caFile, certFile, keyFile].filter((file) => file !== undefined);
}

export const ACCESS_FIELDS = ['headers', 'bearerTokenFile', 'basicAuth', 'tls', 'timeout'] as const;

export function accessConfiguration(
  node: ConfigurationNode, { headers, bearerTokenFile, basicAuth, tls, timeout }: Readonly<Record<typeof ACCESS_FIELDS[number], ConfigurationNode>>,
): AccessConfiguration {
  if (!bearerTokenFile.isAbsent && !basicAuth.isAbsent) throw node.error('has both bearerTokenFile and basicAuth; one header carries only one of them');
  const timeoutMs = timeout.isAbsent ? SOURCE_TIMEOUT.defaultMs : prometheusDuration(timeout);
  if (timeoutMs < SOURCE_TIMEOUT.minMs || timeoutMs > SOURCE_TIMEOUT.maxMs) throw timeout.error('must be from 100ms to 1m: an autoscaler asks every 15 seconds');
  return {
    headers: headersOf(headers),
    bearerTokenFile: bearerTokenFile.text() || undefined,
    basicAuth: basicAuthOf(basicAuth),
    tls: tlsOf(tls),
    timeoutMs,
  };
}

function sourceUrl(node: ConfigurationNode): URL {
  const text = node.text();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw node.error(`is ${JSON.stringify(text)}; give a URL such as http://prometheus.monitoring.svc:9090`);
  }
  // Not repeated: it may be a secret.
  if (url.username !== '' || url.password !== '') throw node.error('holds a user or password; use basicAuth');
  if (url.search !== '' || url.hash !== '') throw node.error('holds a query or fragment; give scheme, host, port and path only');
  return url;
}

function verbOf(node: ConfigurationNode): 'GET' | 'POST' | undefined {
  const verb = node.text();
  if (verb !== '' && verb !== 'GET' && verb !== 'POST') throw node.error(`is ${JSON.stringify(verb)}; give GET or POST`);
  return verb === '' ? undefined : verb;
}

function headersOf(node: ConfigurationNode): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from(node.entries(), ([name, value]) => {
    const reserved = RESERVED_HEADERS[name.toLowerCase()];
    if (reserved !== undefined) throw value.error(`cannot be set; ${reserved}`);
    if (!isHeaderName(name)) throw value.error('is no name of a header; give letters, digits and -');
    if (!isHeaderValue(value.text())) throw value.error('holds characters that a header cannot; give ASCII');
    return [name, value.text()];
  }));
}

function basicAuthOf(node: ConfigurationNode): SourceConfiguration['basicAuth'] {
  if (node.isAbsent) return undefined;
  const { username, passwordFile } = node.fields('username', 'passwordFile');
  for (const required of [username, passwordFile]) {
    if (required.text() === '') throw required.error('is missing');
  }
  if (username.text().includes(':')) throw username.error('holds a colon, which basic authentication does not allow');
  return { username: username.text(), passwordFile: passwordFile.text() };
}

function tlsOf(node: ConfigurationNode): SourceTls {
  const { caFile, certFile, keyFile, serverName, insecureSkipVerify } = node.fields('caFile', 'certFile', 'keyFile', 'serverName', 'insecureSkipVerify');
  if (certFile.isAbsent !== keyFile.isAbsent) throw node.error('has one of certFile and keyFile; a client certificate needs both');
  const insecure = insecureSkipVerify.boolean() ?? false;
  if (insecure && !caFile.isAbsent) throw node.error('has both caFile and insecureSkipVerify; what is not verified needs no CA');
  return {
    caFile: caFile.text() || undefined,
    certFile: certFile.text() || undefined,
    keyFile: keyFile.text() || undefined,
    serverName: serverName.text() || undefined,
    insecureSkipVerify: insecure,
  };
}
