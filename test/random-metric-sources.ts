import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { labels, optional, word } from './random-values';
import {
  ConfigMapRef, HttpSourceOptions, MetricSource, OtherAdapter, PrometheusSourceOptions, QueryVerb, SecretRef, SourceCa,
  SourceCredentials,
} from '../src';

const TOKEN = SecretRef.fromName('given-token');
const GIVEN = [
  SourceCredentials.bearerToken(TOKEN), SourceCredentials.bearerToken(TOKEN, 'other'), SourceCredentials.basicAuth('reader', SecretRef.fromName('given-password')),
];

/** How whatever speaks HTTP is asked: all but what is for TLS alone. */
const plainAccess = {
  headers: optional(labels),
  credentials: optional(fc.constantFrom(...GIVEN)),
  timeout: optional(fc.integer({ min: 100, max: 60_000 }).map((ms) => Duration.millis(ms))),
};

export const verifiedAccess = {
  ...plainAccess,
  clientCertificate: optional(fc.constant(SecretRef.fromName('given-client'))),
  serverName: optional(word),
  certificateAuthority: optional(fc.constantFrom(
    SourceCa.configMap(ConfigMapRef.fromName('given-ca')), SourceCa.secret(SecretRef.fromName('given-ca'), 'bundle.pem'), SourceCa.cluster(), SourceCa.openShiftService(),
  )),
};

const plainSource = {
  ...plainAccess,
  scrapeInterval: optional(fc.constantFrom(15, 30).map((seconds) => Duration.seconds(seconds))),
  verb: optional(fc.constantFrom(...Object.values(QueryVerb))),
};

const tlsSource: fc.Arbitrary<PrometheusSourceOptions> = fc.record({
  ...plainSource,
  ...verifiedAccess,
  name: fc.constant('other'),
  url: word.map((host) => `https://${host}.example.com/prometheus`),
  insecureSkipTlsVerify: optional(fc.boolean()),
}).map((source) => source.certificateAuthority ? { ...source, insecureSkipTlsVerify: undefined } : source);

const documentSource: fc.Arbitrary<HttpSourceOptions> = fc.record({
  ...verifiedAccess,
  name: fc.constant('queues'),
  url: fc.constant('https://queues.example.com/api'),
  insecureSkipTlsVerify: optional(fc.constant(false)),
});

/** Which origins name. */
export const DOCUMENTS = MetricSource.http({ name: 'documents', url: 'http://documents:8080' });
const documentSources = fc.array(documentSource.map((options) => MetricSource.http(options)), { maxLength: 1 })
  .map((others) => [DOCUMENTS, ...others]);

const queriedSources = fc.tuple(
  fc.record({ ...plainSource, url: fc.constant('http://prometheus.monitoring.svc:9090') }), fc.option(tlsSource, { nil: undefined }),
)
  .map((given) => given.flatMap((options) => options ? [MetricSource.prometheus(options)] : []));

/** Sources of an adapter: of documents and, one at least, of queries. */
export const sources = fc.tuple(documentSources, queriedSources).map((given) => given.flat());

/** Other adapters, which no source is named as. */
export const otherAdapters = fc.array(fc.record({ ...verifiedAccess, credentials: optional(fc.constantFrom(...GIVEN, SourceCredentials.serviceAccountToken())), url: word.map((host) => `https://${host}.svc`) }), { maxLength: 2 })
  .map((all) => all.map((options, i) => OtherAdapter.at({ ...options, name: `adapter-${i}` })));
