import * as fc from 'fast-check';
import { FLAGS } from '../../../src/_facts/flags';
import { Options, optionsFrom } from '../../../src/runtime/flags/options';
import { parseFlags } from '../../../src/runtime/flags/parse';
import { UsageError } from '../../../src/runtime/flags/usage-error';

const options = (...argv: string[]): Options => optionsFrom(parseFlags(argv));

const mistakes = (...argv: string[]): readonly string[] => {
  try {
    options(...argv);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).mistakes;
  }
};

test('without flags, everything is as in metrics-server v0.9.0', () => {
  const { kubelet: { nodeSelector, ...kubelet }, ...others } = options();
  expect(nodeSelector.isEverything).toBe(true);
  expect({ ...others, kubelet }).toEqual({
    metricResolutionMs: 60_000,
    metricRetentionMs: 120_000,
    watchContainerStates: false,
    upstreamCompatible: false,
    nodeEvents: false,
    generic: {
      maxRequestsInflight: 400,
      maxMutatingRequestsInflight: 200,
      requestTimeoutMs: 60_000,
      shutdownDelayMs: 0,
      shutdownSendRetryAfter: false,
      livezGracePeriodMs: 0,
      goawayChance: 0,
      corsAllowedOrigins: [],
      profiling: true,
    },
    kubelet: {
      insecureTls: false,
      completelyInsecure: false,
      useNodeStatusPort: false,
      port: 10250,
      preferredAddressTypes: ['Hostname', 'InternalDNS', 'InternalIP', 'ExternalDNS', 'ExternalIP'],
      requestTimeoutMs: 10_000,
      source: 'resource',
      gzip: false,
      proxyFromEnvironment: false,
      additionalCertificateAuthorities: [],
    },
    serving: {
      bindAddress: '0.0.0.0',
      securePort: 443,
      permitPortSharing: false,
      certDir: 'apiserver.local.config/certificates',
      namedCertificates: [],
      tls: { minVersion: 'TLSv1.2' },
      http2: { disabled: false },
    },
    authentication: {
      skipLookup: false,
      tolerateLookupFailure: false,
      tokenCacheTtlMs: 10_000,
      requestHeader: {
        allowedNames: [],
        usernameHeaders: ['x-remote-user'],
        groupHeaders: ['x-remote-group'],
        uidHeaders: [],
        extraHeadersPrefixes: ['x-remote-extra-'],
      },
    },
    authorization: { alwaysAllowPaths: ['/healthz', '/readyz', '/livez'], allowCacheTtlMs: 10_000, denyCacheTtlMs: 10_000 },
    audit: {},
    log: { format: 'text', verbosity: 0, moduleVerbosities: [], splitsStreams: false, infoBufferBytes: 0, flushIntervalMs: 5_000 },
  });
});

test('the args of metrics-server\'s manifests', () => {
  expect(options(
    '--cert-dir=/tmp',
    '--secure-port=10250',
    '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
    '--kubelet-use-node-status-port',
    '--metric-resolution=15s',
  )).toMatchObject({
    metricResolutionMs: 15_000,
    kubelet: { useNodeStatusPort: true, preferredAddressTypes: ['InternalIP', 'ExternalIP', 'Hostname'] },
    serving: { certDir: '/tmp', securePort: 10250 },
  });
});

// For each field of Options, one flag that moves it.
test.each<[string, (given: Options) => unknown, unknown]>([
  ['--kubeconfig=/k', (given) => given.kubeconfig, '/k'],
  ['--max-requests-inflight=0', (given) => given.generic.maxRequestsInflight, 0],
  ['--request-timeout=30s', (given) => given.generic.requestTimeoutMs, 30_000],
  ['--shutdown-delay-duration=5s', (given) => given.generic.shutdownDelayMs, 5_000],
  ['--kubelet-insecure-tls', (given) => given.kubelet.insecureTls, true],
  ['--deprecated-kubelet-completely-insecure', (given) => given.kubelet.completelyInsecure, true],
  ['--kubelet-port=10255', (given) => given.kubelet.port, 10255],
  ['--kubelet-certificate-authority=/ca', (given) => given.kubelet.certificateAuthority, '/ca'],
  ['--kubelet-request-timeout=5s', (given) => given.kubelet.requestTimeoutMs, 5_000],
  ['--node-selector=a in (b,c),!d', (given) => String(given.kubelet.nodeSelector), 'a in (b,c),!d'],
  ['--config=/c', (given) => given.metricsConfiguration, { configFile: '/c', relistIntervalMs: 600_000, maxAgeMs: 600_000 }],
  ['--bind-address=::', (given) => given.serving.bindAddress, '::'],
  ['--tls-sni-cert-key=/a.crt, /a.key', (given) => given.serving.namedCertificates, [{ certFile: '/a.crt', keyFile: '/a.key', names: [] }]],
  ['--tls-sni-cert-key=/a.crt,/a.key:a.example.com, *.b', (given) => given.serving.namedCertificates,
    [{ certFile: '/a.crt', keyFile: '/a.key', names: ['a.example.com', '*.b'] }]],
  ['--tls-min-version=VersionTLS13', (given) => given.serving.tls.minVersion, 'TLSv1.3'],
  ['--tls-cipher-suites=TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305', (given) => given.serving.tls.ciphers,
    'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-RSA-CHACHA20-POLY1305'],
  ['--tls-curve-preferences=24,23', (given) => given.serving.tls.curves, 'P-256:P-384'],
  ['--disable-http2-serving', (given) => given.serving.http2.disabled, true],
  ['--http2-max-streams-per-connection=7', (given) => given.serving.http2.maxStreamsPerConnection, 7],
  ['--authentication-kubeconfig=/n', (given) => given.authentication.kubeconfig, '/n'],
  ['--authentication-skip-lookup', (given) => given.authentication.skipLookup, true],
  ['--authentication-tolerate-lookup-failure', (given) => given.authentication.tolerateLookupFailure, true],
  ['--authentication-token-webhook-cache-ttl=0s', (given) => given.authentication.tokenCacheTtlMs, 0],
  ['--client-ca-file=/c', (given) => given.authentication.clientCaFile, '/c'],
  ['--requestheader-client-ca-file=/r', (given) => given.authentication.requestHeader.clientCaFile, '/r'],
  ['--requestheader-allowed-names=aggregator', (given) => given.authentication.requestHeader.allowedNames, ['aggregator']],
  ['--requestheader-username-headers=X-User', (given) => given.authentication.requestHeader.usernameHeaders, ['X-User']],
  ['--requestheader-group-headers=X-Group', (given) => given.authentication.requestHeader.groupHeaders, ['X-Group']],
  ['--requestheader-uid-headers=X-Uid', (given) => given.authentication.requestHeader.uidHeaders, ['X-Uid']],
  ['--requestheader-extra-headers-prefix=X-Extra-', (given) => given.authentication.requestHeader.extraHeadersPrefixes, ['X-Extra-']],
  ['--authorization-kubeconfig=/z', (given) => given.authorization.kubeconfig, '/z'],
  ['--authorization-always-allow-paths=/metrics,/livez/*', (given) => given.authorization.alwaysAllowPaths, ['/metrics', '/livez/*']],
  ['--authorization-webhook-cache-authorized-ttl=1m', (given) => given.authorization.allowCacheTtlMs, 60_000],
  ['--authorization-webhook-cache-unauthorized-ttl=1s', (given) => given.authorization.denyCacheTtlMs, 1_000],
  ['--shutdown-send-retry-after', (given) => given.generic.shutdownSendRetryAfter, true],
  ['--livez-grace-period=3s', (given) => given.generic.livezGracePeriodMs, 3_000],
  ['--external-hostname=metrics.example.com', (given) => given.generic.externalHostname, 'metrics.example.com'],
  ['--profiling=false', (given) => given.generic.profiling, false],
  ['-v4', (given) => given.log.verbosity, 4],
  ['--log-flush-frequency=1s', (given) => given.log.flushIntervalMs, 1_000],
  ['--log-text-split-stream', (given) => given.log.splitsStreams, true],
  ['--log-json-split-stream', (given) => given.log.splitsStreams, false],
  ['--log-text-info-buffer-size=2Ki', (given) => given.log.infoBufferBytes, 2048],
  ['--log-json-info-buffer-size=2Ki', (given) => given.log.infoBufferBytes, 0],
  ['--vmodule=scraper=2,re*=4', (given) => given.log.moduleVerbosities, [{ pattern: 'scraper', level: 2 }, { pattern: 're*', level: 4 }]],
  ['--kubelet-gzip', (given) => given.kubelet.gzip, true],
  ['--kubelet-source=auto', (given) => given.kubelet.source, 'auto'],
  ['--logging-format=json', (given) => given.log.format, 'json'],
  ['--max-mutating-requests-inflight=3', (given) => given.generic.maxMutatingRequestsInflight, 3],
  ['--goaway-chance=.001', (given) => given.generic.goawayChance, 0.001],
  ['--strict-transport-security-directives=max-age=31536000,includeSubDomains', (given) => given.generic.strictTransportSecurity,
    'max-age=31536000; includeSubDomains'],
  ['--cors-allowed-origins=(?i)//example\\.com(:|$)', (given) => given.generic.corsAllowedOrigins.map((origin) => origin.test('https://Example.com')), [true]],
])('%s', (argument, field, value) => {
  expect(field(options(argument))).toEqual(value);
});

const BACKEND = { mode: 'blocking', batch: { bufferSize: 10_000, maxBatchSize: 1, maxWaitMs: 0 } };

test('auditing', () => {
  expect(options('--audit-policy-file=/p', '--audit-log-path=/l', '--audit-webhook-config-file=/w').audit).toEqual({
    policyFile: '/p',
    log: { ...BACKEND, path: '/l', format: 'json', maxBytes: 100 * 1024 * 1024, maxBackups: 100, maxAgeDays: 366, compress: false },
    webhook: {
      mode: 'batch', batch: { bufferSize: 10_000, maxBatchSize: 400, maxWaitMs: 30_000, throttle: { perSecond: 10, burst: 15 } }, kubeconfig: '/w', initialBackoffMs: 10_000,
    },
  });
  expect(options('--audit-log-path=/l', '--audit-log-maxsize=1', '--audit-log-maxbackup=2', '--audit-log-maxage=3', '--audit-log-compress', '--audit-log-format=legacy',
    '--audit-log-truncate-enabled', '--audit-log-truncate-max-event-size=4', '--audit-log-truncate-max-batch-size=5', '--audit-log-batch-throttle-enable',
    '--audit-log-batch-throttle-qps=.5', '--audit-log-batch-throttle-burst=6').audit.log).toEqual({
    ...BACKEND,
    batch: { ...BACKEND.batch, throttle: { perSecond: 0.5, burst: 6 } },
    truncation: { maxEventBytes: 4, maxBatchBytes: 5 },
    path: '/l',
    format: 'legacy',
    maxBytes: 1024 * 1024,
    maxBackups: 2,
    maxAgeDays: 3,
    compress: true,
  });
  expect(options('--audit-webhook-config-file=/w', '--audit-webhook-mode=blocking-strict', '--audit-webhook-initial-backoff=1s', '--audit-webhook-batch-throttle-enable=false')
    .audit.webhook).toMatchObject({ mode: 'blocking-strict', initialBackoffMs: 1_000, batch: { throttle: undefined } });
});

test('further certificates, each by a flag of its own', () => {
  expect(options('--tls-sni-cert-key=/a.crt,/a.key', '--tls-sni-cert-key=/b.crt,/b.key').serving.namedCertificates.map(({ certFile }) => certFile)).toEqual(['/a.crt', '/b.crt']);
});

test('those of JSON count with JSON', () => {
  expect(options('--logging-format=json', '--log-json-split-stream', '--log-json-info-buffer-size=1k').log).toMatchObject({ splitsStreams: true, infoBufferBytes: 1000 });
});

test('files that come in pairs', () => {
  expect(options('--kubelet-client-certificate=/c', '--kubelet-client-key=/k').kubelet)
    .toMatchObject({ clientCertificate: '/c', clientKey: '/k' });
  expect(options('--tls-cert-file=/c', '--tls-private-key-file=/k').serving).toMatchObject({ tlsCertFile: '/c', tlsPrivateKeyFile: '/k' });
});

test('a certificate of our own is asked for by Secret and Service', () => {
  expect(options('--self-managed-cert-secret=kube-system/metrics-server-tls', '--self-managed-cert-service=kube-system/metrics-server')
    .selfManagedCertificate).toEqual({
    secret: { namespace: 'kube-system', name: 'metrics-server-tls' },
    service: { namespace: 'kube-system', name: 'metrics-server' },
  });
});

test('an empty file name is none', () => {
  expect(options('--kubeconfig=', '--tls-cert-file=', '--kubelet-client-key=')).toMatchObject({ kubeconfig: undefined });
});

// metrics-server's words, where it checks the same.
test.each<[string[], string]>([
  [['--metric-resolution=5s', '--kubelet-request-timeout=1s'],
    'metric-resolution should be a time duration at least 10s, but value 5s provided'],
  [['--metric-resolution=10s'],
    'metric-resolution should be larger than kubelet-request-timeout, but metric-resolution value 10s kubelet-request-timeout value 10s provided'
    + '; the timeout may take 90% of the resolution'],
  [['--kubelet-request-timeout=0s'], 'kubelet-request-timeout should be positive, but value 0s provided'],
  [['--kubelet-client-key=false'], 'need both --kubelet-client-key and --kubelet-client-certificate'],
  [['--kubelet-insecure-tls', '--deprecated-kubelet-completely-insecure'],
    'cannot use both --kubelet-insecure-tls and --deprecated-kubelet-completely-insecure'],
  [['--kubelet-client-key=/k', '--deprecated-kubelet-completely-insecure'],
    'cannot use both --kubelet-client-key and --deprecated-kubelet-completely-insecure'],
  [['--kubelet-client-certificate=/c', '--deprecated-kubelet-completely-insecure'],
    'cannot use both --kubelet-client-certificate and --deprecated-kubelet-completely-insecure'],
  [['--kubelet-certificate-authority=/ca', '--deprecated-kubelet-completely-insecure'],
    'cannot use both --kubelet-certificate-authority and --deprecated-kubelet-completely-insecure'],
  [['--kubelet-additional-certificate-authorities=/ca', '--kubelet-insecure-tls'],
    'cannot use both --kubelet-additional-certificate-authorities and --kubelet-insecure-tls'],
  [['--kubelet-certificate-authority=/ca', '--kubelet-insecure-tls'],
    'cannot use both --kubelet-certificate-authority and --kubelet-insecure-tls'],
  [['-l', 'a in b'],
    "--node-selector \"a in b\" is no label selector: unable to parse requirement: found 'b' expected: '('"],
  [['--kubelet-port=0'], '--kubelet-port must be a port from 1 to 65535, but value 0 provided'],
  [['--secure-port=0'], '--secure-port must be a port from 1 to 65535, but value 0 provided'],
  [['--secure-port=65536'], '--secure-port must be a port from 1 to 65535, but value 65536 provided'],
  [['--tls-cert-file=/c'], 'need both --tls-cert-file and --tls-private-key-file'],
  [['--tls-sni-cert-key=/a.crt,/a.key:a,10.0.0.1'],
    'IP address 10.0.0.1 in --tls-sni-cert-key cannot be chosen by, for TLS clients name only hosts; leave it out, and let --tls-cert-file be for it'],
  [['--tls-min-version=VersionTLS11'],
    `--tls-min-version "VersionTLS11" is not spoken by OpenSSL ${process.versions.openssl}; allowed are VersionTLS12, VersionTLS13`],
  [['--min-request-timeout=-1'], '--min-request-timeout can not be negative value, but value -1 provided'],
  [['--storage-initialization-timeout=-1s'], '--storage-initialization-timeout can not be negative value, but value -1s provided'],
  [['--shutdown-watch-termination-grace-period=-1s'],
    '--shutdown-watch-termination-grace-period can not be negative value, but value -1s provided'],
  [['--goaway-chance=0.03'], '--goaway-chance must be from 0 to 0.02, but value 0.03 provided'],
  [['--strict-transport-security-directives=max-age'],
    'unknown directive "max-age" in --strict-transport-security-directives; allowed are max-age=<seconds>, includeSubDomains, preload'],
  [['--cors-allowed-origins=^('], '"^(" in --cors-allowed-origins is no regular expression of Go\'s: the parenthesis ( is not closed, at character 2'],
  [['--cors-allowed-origins=^(?=a)$'], '"^(?=a)$" in --cors-allowed-origins is no regular expression of Go\'s: (?= looks around, which RE2 cannot, at character 2'],
  [['--cors-allowed-origins=example.com'],
    '"example.com" in --cors-allowed-origins must be pinned: at the start with ^ or //, at the end with $ or :'],
  [['--logging-format=json', '--vmodule=scraper=2'], '--vmodule works only with --logging-format=text; with json, raise --v'],
  [['--log-flush-frequency=0s'], '--log-flush-frequency must be positive, but value 0s provided'],
  [['--log-text-info-buffer-size=-1Ki'], '--log-text-info-buffer-size can not be negative value, but value -1Ki provided'],
  [['--log-json-info-buffer-size=-1'], '--log-json-info-buffer-size can not be negative value, but value -1 provided'],
  [['--kubelet-source=prometheus'], 'unknown --kubelet-source "prometheus"; allowed are resource, summary, auto'],
  [['--logging-format=xml'], 'unknown --logging-format "xml"; allowed are text, json'],
  [['--max-mutating-requests-inflight=-1'], '--max-mutating-requests-inflight can not be negative value, but value -1 provided'],
  [['--livez-grace-period=-1s'], '--livez-grace-period can not be negative value, but value -1s provided'],
  [['--audit-log-mode=block'], 'unknown --audit-log-mode "block"; allowed are batch, blocking, blocking-strict'],
  [['--audit-log-format=xml'], 'unknown --audit-log-format "xml"; allowed are legacy, json'],
  [['--audit-webhook-version=audit.k8s.io/v1beta1'], 'unknown --audit-webhook-version "audit.k8s.io/v1beta1"; allowed is audit.k8s.io/v1'],
  [['--audit-log-maxsize=-1'], '--audit-log-maxsize can not be negative value, but value -1 provided'],
  [['--audit-webhook-initial-backoff=-1s'], '--audit-webhook-initial-backoff can not be negative value, but value -1s provided'],
  [['--audit-webhook-batch-buffer-size=0'], '--audit-webhook-batch-buffer-size must be positive, but value 0 provided'],
  [['--audit-webhook-batch-max-size=0'], '--audit-webhook-batch-max-size must be positive, but value 0 provided'],
  [['--audit-webhook-batch-max-wait=-1s'], '--audit-webhook-batch-max-wait can not be negative value, but value -1s provided'],
  [['--audit-webhook-batch-throttle-qps=0'], '--audit-webhook-batch-throttle-qps must be positive, but value 0 provided'],
  [['--audit-webhook-batch-throttle-burst=0'], '--audit-webhook-batch-throttle-burst must be positive, but value 0 provided'],
  [['--audit-log-truncate-enabled', '--audit-log-truncate-max-event-size=0'], '--audit-log-truncate-max-event-size must be positive, but value 0 provided'],
  [['--audit-log-truncate-enabled', '--audit-log-truncate-max-batch-size=9'],
    '--audit-log-truncate-max-batch-size must not be less than --audit-log-truncate-max-event-size, but values 9 and 102400 provided'],
  [['--max-requests-inflight=-1'], '--max-requests-inflight can not be negative value, but value -1 provided'],
  [['--request-timeout=0s'], '--request-timeout must be positive, but value 0s provided'],
  [['--authorization-always-allow-paths=/a*b'], 'only trailing * allowed in "/a*b" of --authorization-always-allow-paths'],
  [['--self-managed-cert-secret=a/b'], 'need both --self-managed-cert-secret and --self-managed-cert-service'],
  [['--self-managed-cert-secret=a/b', '--self-managed-cert-service=Metrics'],
    '--self-managed-cert-service must be namespace/name, but value "Metrics" provided'],
  [['--self-managed-cert-secret=a/b', '--self-managed-cert-service=a/b', '--tls-cert-file=/c', '--tls-private-key-file=/k'],
    'cannot use both --self-managed-cert-secret and --tls-cert-file'],
])('%j is refused', (argv, mistake) => {
  expect(mistakes(...argv)).toContain(mistake);
});

test('what metrics-server takes as it is: no directory, no address types or strange ones, times and numbers below 0', () => {
  expect(options('--cert-dir=').serving.certDir).toBeUndefined();
  expect(options('--kubelet-preferred-address-types=InternalIP,Bad').kubelet.preferredAddressTypes).toEqual(['InternalIP', 'Bad']);
  expect(options('--kubelet-preferred-address-types=').kubelet.preferredAddressTypes).toEqual([]);
  expect(options('--http2-max-streams-per-connection=-1').serving.http2.maxStreamsPerConnection).toBeUndefined();
  // More than HTTP/2 can say, of which Node.js would throw at the first client.
  expect(options('--http2-max-streams-per-connection=4294967296').serving.http2.maxStreamsPerConnection).toBe(4_294_967_295);
  expect(options('--cors-allowed-origins=^https://(?P<name>a)$').generic.corsAllowedOrigins[0].test('https://a')).toBe(true);
  expect(mistakes('--authentication-token-webhook-cache-ttl=-1s', '--authorization-webhook-cache-authorized-ttl=-1s',
    '--authorization-webhook-cache-unauthorized-ttl=-1s', '--strict-transport-security-directives=max-age=-1')).toEqual([]);
});

test('a kubelet timeout of exactly nine tenths of the resolution is fine', () => {
  for (let seconds = 10; seconds <= 600; seconds += 10) {
    expect(mistakes(`--metric-resolution=${seconds}s`, `--kubelet-request-timeout=${seconds * 900}ms`)).toEqual([]);
  }
});

test('every mistake is told at once', () => {
  // A resolution of 5 s is also too short for the timeout of 10 s, which is no mistake of its own.
  expect(mistakes('--metric-resolution=5s', '--secure-port=0', '--tls-cert-file=/c')).toHaveLength(3);
  expect(() => options('--secure-port=0', '--tls-cert-file=/c')).toThrow(new UsageError([
    '--secure-port must be a port from 1 to 65535, but value 0 provided',
    'need both --tls-cert-file and --tls-private-key-file',
  ]));
});

test('whatever values the flags have, they are taken or refused with lines for the user', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '0', '-1', '10s', '-10s', 'a/b', 'a,b', 'true', '\n', '/*/'));
  const assignment = fc.tuple(fc.constantFrom(...FLAGS), value).map(([{ name }, text]) => `--${name}=${text}`);
  fc.assert(fc.property(fc.array(assignment, { maxLength: 8 }), (argv) => {
    for (const mistake of mistakes(...argv)) {
      expect(mistake).toMatch(/^.+$/);
    }
  }), { numRuns: 2_000 });
});

describe('--metric-retention', () => {
  test('is two resolutions, or from one to ten', () => {
    expect(options('--metric-resolution=15s').metricRetentionMs).toBe(30_000);
    for (const seconds of [15, 150]) expect(options('--metric-resolution=15s', `--metric-retention=${seconds}s`).metricRetentionMs).toBe(seconds * 1000);
  });

  test.each(['14s', '151s', '-1s'])('%s is refused', value => {
    expect(mistakes('--metric-resolution=15s', `--metric-retention=${value}`)).toEqual([
      `--metric-retention must be from 1 to 10 times --metric-resolution (15s), but value ${value} provided; 0s for 2 times`,
    ]);
  });
});
