import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { HttpSourceOptions, PrometheusSourceOptions } from './metric-source';
import { OtherAdapterOptions } from './other-adapter';
import { QueryVerb } from './query-verb';
import { MetricSourceOptions, SourceAccessOptions } from './source-access-options';
import { SourceCa } from './source-ca';
import { SourceCredentials } from './source-credentials';
import { ALLOWED_SOURCE_NAME, isHeaderName, isHeaderValue, isSourceName, RESERVED_HEADERS, SOURCE_TIMEOUT } from '../_facts/adapter-configuration';
import { goDuration } from '../kubernetes/_go-duration';
import { referenceTo } from '../kubernetes/_reference-checks';
import { SecretRef } from '../kubernetes/references';
import { allOf, fieldsOf, instanceOf, memberOf, OptionalChecks } from '../validation/_checks';
import { Check, checkBoolean, checkDuration, checkObjectName, isRecord, refuse } from '../validation/_validation';

const checkUrl: Check = (scope, property, value) => {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const mistake = urlMistake(url);
  if (mistake === undefined) return;
  // A user or password is not repeated.
  const given = url && `${url.protocol}//…${url.pathname}`;
  refuse(scope, { property, given: url?.username || url?.password ? given : value, allowed: mistake, mend: 'write it as in http://prometheus.monitoring.svc:9090' });
};

function urlMistake(url: URL | undefined): string | undefined {
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return 'a URL that begins with http:// or https://';
  if (url.username !== '' || url.password !== '') return 'a URL without user and password, which credentials are for';
  return url.search !== '' || url.hash !== '' ? 'a URL without query and fragment' : undefined;
}

/** A browser shows the first, and the documentation of its API the others: what is asked is added to what is in front of them. */
const NOT_IN_FRONT = /^(.*)\/(?:graph|api\/v1(?:\/(?:query|query_range|series|labels))?)\/?$/;

const checkPrometheusUrl: Check = (scope, property, value) => {
  checkUrl(scope, property, value);
  const { pathname } = new URL(value as string);
  const [, before] = NOT_IN_FRONT.exec(pathname) ?? [];
  if (before === undefined) return;
  refuse(scope, { property, given: value, allowed: 'a URL without what comes behind /api/v1, or is a page for people', mend: `write ${new URL(value as string).origin}${before}` });
};

const checkName: Check = (scope, property, name) => {
  if (typeof name === 'string' && isSourceName(name)) return;
  refuse(scope, { property, given: name, allowed: `${ALLOWED_SOURCE_NAME}, beginning and ending with a letter or digit`, mend: 'name it as in prometheus' });
};

const checkHeaders: Check = (scope, property, headers) => {
  if (!isRecord(headers)) refuse(scope, { property, given: headers, allowed: 'names and values, both text', mend: `write ${property} as in { 'X-Scope-OrgID': 'team-a' }` });
  for (const [name, value] of Object.entries(headers)) {
    const header = `${property}['${name}']`;
    if (Object.hasOwn(RESERVED_HEADERS, name.toLowerCase())) {
      refuse(scope, {
        property: header, given: name, allowed: 'headers that are not the adapter\'s own', mend: `remove it${name.toLowerCase() === 'authorization' ? ', and set credentials' : ''}`,
      });
    }
    if (!isHeaderName(name)) refuse(scope, { property: header, given: name, allowed: 'as a name, letters, digits and -', mend: 'rename the header' });
    if (typeof value !== 'string' || !isHeaderValue(value)) refuse(scope, { property: header, given: value, allowed: 'as a value, text in ASCII', mend: 'write it in quotes, without line breaks' });
  }
};

const checkTimeout: Check = (scope, property, timeout) => {
  const ms = (timeout as Duration).toMilliseconds();
  if (ms >= SOURCE_TIMEOUT.minMs && ms <= SOURCE_TIMEOUT.maxMs) return;
  refuse(scope, {
    property,
    given: goDuration(ms),
    allowed: `from ${goDuration(SOURCE_TIMEOUT.minMs)} to ${goDuration(SOURCE_TIMEOUT.maxMs)}: an autoscaler asks every 15 seconds`,
    mend: 'write it as in Duration.seconds(10), or leave it out for that',
  });
};

const ACCESS: OptionalChecks<SourceAccessOptions> = {
  headers: checkHeaders,
  credentials: instanceOf(SourceCredentials),
  clientCertificate: referenceTo(SecretRef, checkObjectName),
  certificateAuthority: instanceOf(SourceCa),
  serverName: checkObjectName,
  timeout: allOf(checkDuration, checkTimeout),
};

/** What each option of whatever speaks HTTP shows by itself. */
export const SOURCE_CHECKS: OptionalChecks<MetricSourceOptions> = { ...ACCESS, insecureSkipTlsVerify: checkBoolean };

const checkPrometheusOptions = fieldsOf<PrometheusSourceOptions>({ url: checkPrometheusUrl }, {
  ...SOURCE_CHECKS, name: checkName, scrapeInterval: checkDuration, verb: memberOf('QueryVerb', QueryVerb),
});

const checkHttpOptions = fieldsOf<HttpSourceOptions>({ url: checkUrl, name: checkName }, SOURCE_CHECKS);

const checkHttpsUrl: Check = (scope, property, url) => {
  checkUrl(scope, property, url);
  if (new URL(url as string).protocol === 'https:') return;
  refuse(scope, { property, given: url, allowed: 'a URL that begins with https://: a token is sent to it', mend: 'write it as in https://keda-operator-metrics-apiserver.keda.svc' });
};

const checkAdapterOptions = fieldsOf<OtherAdapterOptions>({ url: checkHttpsUrl, name: checkName }, ACCESS, {
  insecureSkipTlsVerify: 'set certificateAuthority, and serverName if need be: a token would go to whoever answers',
});

/** What the options of a source show by themselves and together. */
export function checkPrometheusSource(scope: IConstruct, property: string, options: PrometheusSourceOptions): void {
  checkPrometheusOptions(scope, property, options);
  checkTransport(scope, property, options);
}

/** The same of a source of documents. */
export function checkHttpSource(scope: IConstruct, property: string, options: HttpSourceOptions): void {
  checkHttpOptions(scope, property, options);
  checkTransport(scope, property, options);
}

/** What the options of another adapter show. */
export function checkOtherAdapter(scope: IConstruct, property: string, options: OtherAdapterOptions): void {
  checkAdapterOptions(scope, property, options);
}

function checkTransport(scope: IConstruct, property: string, options: PrometheusSourceOptions | HttpSourceOptions): void {
  const { url, credentials, insecureSkipTlsVerify } = options;
  const isTls = new URL(url).protocol === 'https:';
  checkTlsTogether(scope, property, options, isTls, `set for ${url}`);
  if (!credentials?._isServiceAccount || isTls && !insecureSkipTlsVerify) return;
  refuse(scope, {
    property: `${property}.credentials`,
    given: `the token of the adapter's ServiceAccount, ${isTls ? 'beside insecureSkipTlsVerify' : `for ${url}`}`,
    allowed: 'a source that is verified: whoever answers, or reads along, could act as the adapter',
    mend: 'ask by https, with certificateAuthority, or give credentials that are for this source alone',
  });
}

/** What is for TLS, and only there; `given` says of what without it. */
export function checkTlsTogether(scope: IConstruct, property: string, options: MetricSourceOptions, isTls: boolean, given: string): void {
  const { certificateAuthority, serverName, clientCertificate, insecureSkipTlsVerify } = options;
  const ofTls = Object.entries({ certificateAuthority, serverName, clientCertificate, insecureSkipTlsVerify }).find(([, value]) => value);
  if (ofTls && !isTls) {
    refuse(scope, { property: `${property}.${ofTls[0]}`, given, allowed: 'for https only', mend: `remove ${ofTls[0]}, or ask by https` });
  }
  if (certificateAuthority && insecureSkipTlsVerify) {
    refuse(scope, {
      property: `${property}.insecureSkipTlsVerify`, given: 'true beside certificateAuthority', allowed: 'one of them: what is not verified needs no CA', mend: 'remove insecureSkipTlsVerify',
    });
  }
}
