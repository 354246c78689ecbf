import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS_ADAPTER_FLAGS } from '../../../src/_facts/metrics-adapter-flags';
import { parseFlags } from '../../../src/runtime/flags/parse';
import { metricsAdapterHelp } from '../../../src/runtime/metrics-adapter/help';
import { MetricsAdapterOptions, metricsAdapterOptions } from '../../../src/runtime/metrics-adapter/options';

/** Of the program's own help, a line for each flag. */
const PEER = readFileSync(join(__dirname, '../../golden/prometheus-adapter-v0.12.0/flags.txt'), 'utf8').trim().split('\n').map((line) => line.split(' '));

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

function options(...args: string[]): MetricsAdapterOptions {
  return metricsAdapterOptions(parseFlags(['--config=config.yaml', ...args], METRICS_ADAPTER_FLAGS));
}

function source(...args: string[]): MetricsAdapterOptions['defaultSource'] {
  return options('--prometheus-url=https://prometheus:9090/', ...args).defaultSource;
}

describe('flags', () => {
  test.each(PEER)('--%s of prometheus-adapter is known, as %s', (name, type) => {
    // Of klog's two names for one syntax, ours is metrics-server's.
    expect(METRICS_ADAPTER_FLAGS.find((flag) => flag.name === name)?.type).toBe(type === 'moduleSpec' ? 'pattern=N,...' : type);
  });

  test('none is there twice', () => {
    const names = METRICS_ADAPTER_FLAGS.map(({ name }) => name);
    expect(names).toHaveLength(new Set(names).size);
  });

  test('the arguments of prometheus-adapter\'s Deployment are taken as they are', () => {
    const { server, configFile, defaultSource, relistIntervalMs, maxAgeMs } = options(
      '--cert-dir=/var/run/serving-cert', '--config=/etc/adapter/config.yaml', '--metrics-relist-interval=1m',
      '--prometheus-url=https://prometheus.monitoring.svc:9090/', '--secure-port=6443',
      '--tls-cipher-suites=TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305,TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,TLS_RSA_WITH_AES_256_CBC_SHA',
    );
    expect({ configFile, relistIntervalMs, maxAgeMs }).toEqual({ configFile: '/etc/adapter/config.yaml', relistIntervalMs: 60_000, maxAgeMs: 60_000 });
    expect(defaultSource).toMatchObject({ name: 'prometheus', url: new URL('https://prometheus.monitoring.svc:9090/'), verb: undefined });
    expect(server.serving).toMatchObject({ certDir: '/var/run/serving-cert', securePort: 6443 });
  });

  test('--help tells of prometheus-adapter\'s and of every server\'s', () => {
    expect(metricsAdapterHelp()).toMatch(/^Serves metrics from Prometheus.*\n\nUsage:\n {2}metrics-server metrics-adapter --config=FILE \[flags\]\n\nPrometheus flags:\n/);
    for (const flag of ['--prometheus-url string', '--prometheus-header stringArray', '--metrics-relist-interval duration', '--secure-port int']) {
      expect(metricsAdapterHelp()).toContain(`      ${flag} `);
    }
  });
});

describe('the Prometheus that flags name', () => {
  test('is none without --prometheus-url', () => {
    expect(options().defaultSource).toBeUndefined();
  });

  test('has the files, headers and verb that they give', () => {
    expect(source(
      '--prometheus-ca-file=ca', '--prometheus-client-tls-cert-file=cert', '--prometheus-client-tls-key-file=key', '--prometheus-token-file=token',
      '--prometheus-header=X-Scope-OrgID=a,b=c', '--prometheus-header=X-More=1', '--prometheus-header=X-More=2', '--prometheus-verb=POST',
    )).toMatchObject({
      verb: 'POST',
      headers: { 'X-Scope-OrgID': 'a,b=c', 'X-More': '1, 2' },
      bearerTokenFile: 'token',
      tls: { caFile: 'ca', certFile: 'cert', keyFile: 'key', insecureSkipVerify: false },
    });
  });

  test('is shown the service account\'s token, and verified against the cluster CA, with --prometheus-auth-incluster', () => {
    expect(source('--prometheus-auth-incluster')).toMatchObject({ bearerTokenFile: `${SERVICE_ACCOUNT}/token`, tls: { caFile: `${SERVICE_ACCOUNT}/ca.crt` } });
    expect(source('--prometheus-auth-incluster', '--prometheus-token-file=token')).toMatchObject({ bearerTokenFile: 'token', tls: { caFile: `${SERVICE_ACCOUNT}/ca.crt` } });
  });

  test('is not, where --prometheus-ca-file is given too, as with prometheus-adapter', () => {
    expect(source('--prometheus-auth-incluster', '--prometheus-ca-file=ca')).toMatchObject({ bearerTokenFile: undefined, tls: { caFile: 'ca' } });
  });
});

test('series may be as old as the time between two searches, or as --metrics-max-age says', () => {
  expect(options()).toMatchObject({ relistIntervalMs: 600_000, maxAgeMs: 600_000 });
  expect(options('--metrics-max-age=1h')).toMatchObject({ relistIntervalMs: 600_000, maxAgeMs: 3_600_000 });
});

test('--lister-kubeconfig is --kubeconfig, --disable-http2 is --disable-http2-serving', () => {
  expect(options('--lister-kubeconfig=a').server.kubeconfig).toBe('a');
  expect(options('--kubeconfig=b').server.kubeconfig).toBe('b');
  expect(options().server.serving.http2.disabled).toBe(false);
  expect(options('--disable-http2').server.serving.http2.disabled).toBe(true);
  expect(options('--disable-http2-serving').server.serving.http2.disabled).toBe(true);
});

test.each([
  [['--config='], '--config is missing; give the file that says what is read from Prometheus, such as /etc/adapter/config.yaml'],
  [['--prometheus-auth-config=kubeconfig'], '--prometheus-auth-config is not read; give what its kubeconfig holds as --prometheus-ca-file, --prometheus-token-file,'
    + ' --prometheus-client-tls-cert-file and --prometheus-client-tls-key-file, which are read again as they rotate'],
  [['--kubeconfig=a', '--lister-kubeconfig=b'], 'cannot use both --kubeconfig and --lister-kubeconfig'],
  [['--metrics-relist-interval=0s'], '--metrics-relist-interval must be positive, but value 0s provided'],
  [['--metrics-relist-interval=10m', '--metrics-max-age=5m'], '--metrics-max-age must be at least --metrics-relist-interval (10m), but value 5m provided; leave it out for the same'],
  [['--prometheus-token-file=token'],
    '--prometheus-token-file says how a Prometheus is asked that --prometheus-url names; give both, or write sources in --config'],
  [['--prometheus-url=prometheus:9090'], '--prometheus-url is "prometheus:9090"; give a URL such as http://prometheus.monitoring.svc:9090'],
  [['--prometheus-url=http://p', '--prometheus-verb=PUT'], '--prometheus-verb is "PUT"; give GET or POST'],
  [['--prometheus-url=http://p', '--prometheus-header=secret'], '--prometheus-header has no name or no =; give name=value, such as X-Scope-OrgID=team-a'],
  [['--prometheus-url=http://p', '--prometheus-header=Host=x'], '--prometheus-header Host cannot be set; it is part of url'],
  [['--prometheus-url=http://p', '--prometheus-client-tls-key-file=key'], 'need both --prometheus-client-tls-cert-file and --prometheus-client-tls-key-file'],
])('%j is refused', (args, mistake) => {
  expect(() => options(...args)).toThrow(expect.objectContaining({ name: 'UsageError', mistakes: [mistake] }));
});
