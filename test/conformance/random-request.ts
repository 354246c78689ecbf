import * as fc from 'fast-check';
import { createFleet } from '../simulated-cluster/fleet';

/** Who asks: a client certificate by name, and headers that say more. */
export interface RandomIdentity {
  readonly certificate: Certificate | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface RandomRequest {
  readonly method: string;
  /** With a placeholder where the version of the API stands, since only one of the two servers has both. */
  readonly path: string;
  readonly version: 'v1' | 'v1beta1';
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly identity: RandomIdentity;
}

/** `rogue` has the front proxy's name, from somebody else's authority. */
export const CERTIFICATES = ['admin', 'viewer', 'nobody', 'front-proxy', 'rogue'] as const;
export type Certificate = (typeof CERTIFICATES)[number];

export const VERSION = '{version}';
/** Replaced by the token of a service account, and by its base64url. */
export const TOKEN = '{token}';
export const TOKEN_BASE64URL = '{token in base64url}';

const root = `/apis/metrics.k8s.io/${VERSION}`;

/** The first far more often than any of the others. */
function mostly<T>(usual: T | readonly T[], ...others: readonly T[]): fc.Arbitrary<T> {
  const usuals = (Array.isArray(usual) ? usual : [usual]) as readonly T[];
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...usuals) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
}

function join(...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  return fc.tuple(...parts.map((part) => typeof part === 'string' ? fc.constant(part) : part)).map((texts) => texts.join(''));
}

/** Names are the same whenever a fleet of this size is made. */
export const FLEET = { nodes: 3, pods: 12 };
const pods = createFleet({ ...FLEET, epochMs: 0 }).flatMap((one) => one.pods);

const node = mostly(['node-1', 'node-2'], 'node-down', 'nope', 'node%2d1', 'node%2F1', '%7a', '*', 'NODE-1');
const namespace = mostly(['shop', 'kube-system', 'data'], 'none', 'default', 'sh%6fp', '%2A');
const pod = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...pods.map((one) => `${one.namespace}/pods/${one.name}`)) },
  { weight: 1, arbitrary: join(namespace, '/pods/', fc.constantFrom('nometrics', 'pending', 'nope', 'a%20b', 'x%2Fy', pods[0].name)) },
);

const resourcePath = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(`${root}/nodes`, `${root}/pods`) },
  { weight: 4, arbitrary: join(`${root}/nodes/`, node) },
  { weight: 4, arbitrary: join(`${root}/namespaces/`, namespace, '/pods') },
  { weight: 4, arbitrary: join(`${root}/namespaces/`, pod) },
  { weight: 1, arbitrary: join(`${root}/nodes/`, node, fc.constantFrom('/', '/status', '/proxy', '/a/b')) },
  { weight: 1, arbitrary: join(`${root}/namespaces/`, namespace, fc.constantFrom('', '/', '/nodes', '/nodes/node-1', '/status', '/finalize', '/pods/', '/pods/a/b', '/foo')) },
  {
    weight: 1,
    arbitrary: join(fc.constantFrom(root, '/api/v1'), fc.constantFrom(
      '/', '//nodes', '/nodes/', '/nodes//', '/foo', '/foo/bar', '/namespaces', '/namespaces/', '/namespaces//pods', '/pods/web', '/watch/nodes', '/watch/pods',
      '/watch/namespaces/shop/pods', '/watch', '/proxy/nodes/node-1', '/Nodes', '/nodemetrics', '/%6eodes', '/nodes/%zz', '/nodes/node-1%', '/nodes/..', '/nodes/.', '/./nodes')),
  },
);

const otherPath = fc.constantFrom(
  '/', '/apis', '/apis/', '/api', '/api/', '/api/v1', '/apis/metrics.k8s.io', '/apis/metrics.k8s.io/', root, `${root}/`, '/apis/metrics.k8s.io/v2', '/apis/metrics.k8s.io/v2/nodes',
  '/apis/apps/v1', '/apis/apps/v1/deployments', '/version', '/version/', '/livez', '/readyz', '/healthz', '/livez/ping', '/readyz/metric-storage-ready', '/healthz/log', '/livez/nothing',
  '/livez/', '/readyz/poststarthook/max-in-flight-filter', '/foo', '/metrics', '/metrics/foo', '/logs', '/swagger.json', '/apis//', '//', '/%2e%2e/version',
  '/openapi', '/openapi/v2', '/openapi/v2/', '/openapi/v3', '/openapi/v3/', '/openapi/v3/nothing', `/openapi/v3${root}`, '/openapi/v3/version',
  '//apis', '//livez', '/apis//metrics.k8s.io', `/${root}/nodes`, `/${root}/namespaces/shop/pods`, '/debug', '/debug/pprof', '/debug/pprof/', '/debug/pprof/nothing', '/debug/flags', '/debug/flags/', '/debug/flags/v', '/debug/flags/x',
);

const labelSelector = fc.constantFrom(
  '', 'app', 'app=frontend', 'app==frontend', 'app!=frontend', 'app in (cart,redis)', 'app notin (cart)', '!app', 'app,tier', 'zone=zone-a', 'kubernetes.io/hostname=node-1',
  '!!', 'app in', 'app in ()', 'a=b=c', 'app=$', ',', 'app>1', 'app<x', 'x/y/z=1', 'app in (a,,b)', '-', 'app=a,app=b', ' app = frontend ', 'toolong'.repeat(20),
);
const fieldSelector = fc.constantFrom(
  '', 'metadata.name=node-1', 'metadata.name==POD', 'metadata.name!=node-1', 'metadata.namespace=shop', 'metadata.namespace!=shop', 'metadata.name=node-1,metadata.name=node-2',
  'metadata.name=POD,metadata.namespace=kube-system', 'bad', 'metadata.name', 'metadata.name=', '=x', 'status.phase=Running', 'metadata.name=a\\,b', 'metadata.name=a\\x', 'metadata.name=%',
  'metadata.name>a', ',', 'metadata.uid=1', 'spec.nodeName=node-1', 'spec.nodeName!=node-1', 'spec.nodeName==node-2,metadata.namespace=shop', 'spec.nodeName=',
);
const parameter = fc.oneof(
  join('labelSelector=', labelSelector.map(encodeURIComponent)),
  join('fieldSelector=', fieldSelector.map((text) => encodeURIComponent(text.replace('POD', pods[0].name)))),
  fc.constantFrom(
    'pretty=1', 'pretty=true', 'pretty=false', 'pretty=0', 'pretty=', 'pretty', 'pretty=yes', 'watch=false', 'watch=0', 'watch=true', 'watch', 'watch=1', 'watch=x', 'limit=2', 'limit=0', 'limit=-1', 'limit=x',
    'limit=1', 'limit=50', 'continue=abc', 'continue=%25', `continue=${Buffer.from('{"v":"meta.k8s.io/v1","rv":5,"start":"shop/a\\u0000"}').toString('base64url')}`, 'resourceVersion=0', 'resourceVersion=x', 'resourceVersionMatch=Exact', 'resourceVersionMatch=NotOlderThan&resourceVersion=0', 'timeoutSeconds=1', 'timeoutSeconds=x',
    'includeObject=None', 'includeObject=none', 'includeObject=Object&includeObject=None', 'includeObject=Metadata%20', 'includeObject',
    'includeObject=Object', 'includeObject=Metadata', 'includeObject=x', 'includeObject=', 'foo=bar', 'verbose', 'verbose=1', 'exclude=ping', 'exclude=nothing', 'allowWatchBookmarks=true',
    'sendInitialEvents=true', '%zz', 'a=%', ';', '&', 'labelSelector', 'labelSelector=app&labelSelector=nothing', 'export=true', 'dryRun=All', 'timeout=1s', 'timeout=x', 'timeout=500h', 'timeout=1ns', 'hash=OLD',
  ),
);
const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 3, arbitrary: fc.array(parameter, { minLength: 1, maxLength: 3 }).map((parameters) => `?${parameters.join('&')}`) },
);

const mediaRange = fc.constantFrom(
  'application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf', '*/*', 'application/*', 'text/html', 'application/cbor', 'text/*', '*', 'application', '', 'Application/JSON',
  'application/json;stream=watch', 'application/json;as=Table;v=v1;g=meta.k8s.io', 'application/json;as=Table;v=v1beta1;g=meta.k8s.io', 'application/json;as=Table;v=v2;g=meta.k8s.io',
  'application/yaml;as=Table;v=v1;g=meta.k8s.io', 'application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io', 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', 'application/json;as=PartialObjectMetadataList;v=v1beta1;g=meta.k8s.io',
  'application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1;g=meta.k8s.io', 'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/json;as=Nothing;v=v1;g=meta.k8s.io', 'application/json;g=meta.k8s.io', 'application/json;pretty=1', 'application/json;charset=utf-8', 'application/json;sv=v1',
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/vnd.kubernetes.protobuf;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', 'application/json/x', 'application/json;as=', 'application/json;as=Table=x',
  'application/json;as=Table', 'application/json;as=Table;v=v1', 'application/json;as=Table;g=meta.k8s.io', 'application/json; as=Table; v=v1; g=meta.k8s.io',
  'application/json;as="Table";v="v1";g="meta.k8s.io"', 'application/json;AS=Table;V=v1;G=meta.k8s.io', 'application/json;as=table;v=v1;g=meta.k8s.io', 'application/json;as=Table;v=v1;g=META.k8s.io',
  '*/*;as=Table;v=v1;g=meta.k8s.io', 'application/*;as=Table;v=v1;g=meta.k8s.io', 'application/json;as=TableList;v=v1;g=meta.k8s.io', 'application/json;as=Table;v=v1;g=metrics.k8s.io',
  'application/json;as=Table;v=v1;g=meta.k8s.io;as=PartialObjectMetadata', 'application/json;as=Table;v=v1;g=meta.k8s.io;foo=bar', 'application/json;as=Table;v=v1;g=meta.k8s.io;pretty=1',
  'application/json;as=Table;v=v1;g=meta.k8s.io;stream=watch', 'application/json;as=Table;v=;g=meta.k8s.io', 'application/json;as=PartialObjectMetadata;v=v1beta1;g=meta.k8s.io',
);
const quality = mostly('', ';q=0.5', ';q=0', ';q=1', '; q=0.9', ';q=x');
const accept = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<string | undefined>(undefined, 'application/json', 'application/vnd.kubernetes.protobuf, */*', 'application/yaml') },
  { weight: 3, arbitrary: fc.array(join(mediaRange, quality), { minLength: 1, maxLength: 3 }).map((ranges) => ranges.join(', ')) },
);

const named = (name: string, values: fc.Arbitrary<string | undefined>) => values.map((value) => value === undefined ? [] : [[name, value] as const]);
const optional = <T>(weight: number, values: fc.Arbitrary<T>) => (
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values })
);

/** In UTF-8, as Node.js has it in headers. */
const UMLAUT = Buffer.from('jürgen').toString('latin1');
const user = fc.constantFrom('jane', 'viewer', 'admin', 'system:anonymous', 'system:serviceaccount:shop:default', 'system:serviceaccount:bad', 'nobody', UMLAUT, 'jane ', '');
const group = fc.constantFrom('devs', 'system:masters', 'system:authenticated', 'system:unauthenticated', 'a,b', ' devs', '');
const actingFor = (prefix: string) => fc.tuple(
  named(`${prefix}-User`, optional(1, user)),
  fc.array(group, { maxLength: 2 }).map((groups) => groups.map((one) => [`${prefix}-Group`, one] as const)),
  named(`${prefix}-Uid`, optional(5, fc.constantFrom('u1', ''))),
  named(`${prefix}-Extra-Scopes`, optional(5, fc.constantFrom('read', 'write'))),
  named(`${prefix}-Extra-Acme.com%2fproject`, optional(8, fc.constantFrom('x'))),
).map((parts) => parts.flat());

const WEBSOCKET_TOKEN = 'base64url.bearer.authorization.k8s.io.';
const webSocket = fc.record({
  upgrade: mostly('websocket', 'WebSocket', 'h2c'),
  connection: mostly('Upgrade', 'keep-alive, upgrade', 'keep-alive'),
  protocols: fc.constantFrom(
    `${WEBSOCKET_TOKEN}${TOKEN_BASE64URL}, metrics`, `metrics,${WEBSOCKET_TOKEN}${TOKEN_BASE64URL}`, `${WEBSOCKET_TOKEN}${TOKEN_BASE64URL}`, `${WEBSOCKET_TOKEN}YmFk, metrics`,
    `${WEBSOCKET_TOKEN}***, metrics`, `${WEBSOCKET_TOKEN}, metrics`, `${WEBSOCKET_TOKEN}YmFk, ${WEBSOCKET_TOKEN}${TOKEN_BASE64URL}, metrics`, `${WEBSOCKET_TOKEN}_w, metrics`, 'metrics',
  ),
}).map(({ upgrade, connection, protocols }) => [['Upgrade', upgrade], ['Connection', connection], ['Sec-WebSocket-Protocol', protocols]] as const);

const identity: fc.Arbitrary<RandomIdentity> = fc.record({
  certificate: fc.constantFrom<Certificate | undefined>(
    ...CERTIFICATES, 'admin', 'admin', 'viewer', 'viewer', 'front-proxy', undefined,
  ),
  headers: fc.tuple(
    named('Authorization', optional(3, fc.constantFrom(`Bearer ${TOKEN}`, `bearer ${TOKEN}`, 'Bearer bad', 'Bearer', 'Basic eDp5', `Bearer  ${TOKEN}`, ''))),
    fc.oneof({ weight: 1, arbitrary: actingFor('X-Remote') }, { weight: 1, arbitrary: fc.constant([]) }),
    fc.oneof({ weight: 1, arbitrary: actingFor('Impersonate') }, { weight: 3, arbitrary: fc.constant([]) }),
    fc.oneof({ weight: 1, arbitrary: webSocket }, { weight: 7, arbitrary: fc.constant([]) }),
  ).map((parts) => parts.flat()),
});

/** Requests of every kind that clients make, and of many that they should not. */
export const randomRequest: fc.Arbitrary<RandomRequest> = fc.record({
  method: mostly('GET', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
  path: join(fc.oneof({ weight: 3, arbitrary: resourcePath }, { weight: 1, arbitrary: otherPath }), query),
  version: fc.constantFrom('v1beta1', 'v1'),
  headers: fc.tuple(
    named('Accept', accept),
    named('User-Agent', fc.constantFrom(undefined, 'kubectl/v1.34.4', 'curl/8.5.0', 'Mozilla/5.0 (X11)')),
    named('Accept-Encoding', optional(2, fc.constantFrom('gzip', 'deflate, gzip;q=0.5', 'br'))),
  ).map((parts) => parts.flat()),
  identity,
});
