import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS, isWithoutEffect } from '../../../src/_facts/flags';

/** Where the effect of a flag is observed: a file below test, without its ending, and part of a test's title. */
const EFFECTS: Readonly<Record<string, readonly [file: string, title: string]>> = {
  'kubeconfig': ['runtime/cluster-configs', '--kubeconfig serves for all outside a pod'],
  'metric-resolution': ['runtime/scrape/scraper', 'the first is at once, then one every resolution'],
  'version': ['runtime/main/mistakes', '--version and --help'],

  'cors-allowed-origins': ['runtime/server/browsers', 'pages of allowed origins may read the answer'],
  'goaway-chance': ['runtime/server/goaway', 'a client of HTTP/2 is sent elsewhere'],
  'max-mutating-requests-inflight': ['runtime/server/api-server-robustness', 'requests other than reading have a limit of their own'],
  'strict-transport-security-directives': ['runtime/server/browsers', 'every answer tells browsers to keep to TLS'],
  'external-hostname': ['runtime/server/api-server', '--external-hostname'],
  'max-requests-inflight': ['runtime/server/api-server-robustness', 'more than the limit are sent away'],
  'request-timeout': ['runtime/server/api-server-robustness', 'is answered 504 and told to stop'],
  'livez-grace-period': ['runtime/server/api-server-robustness', '--livez-grace-period: /livez passes meanwhile'],
  'shutdown-send-retry-after': ['runtime/server/api-server-robustness', '--shutdown-send-retry-after: while a request is under way'],
  'shutdown-delay-duration': ['runtime/main/shutdown', '--shutdown-delay-duration: not ready at once'],

  'deprecated-kubelet-completely-insecure': ['runtime/kubelets', '--deprecated-kubelet-completely-insecure sends nothing'],
  'kubelet-certificate-authority': ['runtime/kubelets', '--kubelet-certificate-authority wins'],
  'kubelet-client-certificate': ['runtime/kubelets', '--kubelet-client-certificate is shown beside the token'],
  'kubelet-client-key': ['runtime/kubelets', '--kubelet-client-certificate is shown beside the token'],
  'kubelet-insecure-tls': ['runtime/kubelets', '--kubelet-insecure-tls verifies nobody'],
  'kubelet-port': ['runtime/scrape/kubelet-address', 'the port is the status'],
  'kubelet-preferred-address-types': ['runtime/scrape/kubelet-address', 'the most wanted type wins'],
  'kubelet-request-timeout': ['runtime/scrape/kubelet-client', 'waiting for the answer'],
  'kubelet-use-node-status-port': ['runtime/scrape/kubelet-address', 'the port is the status'],
  'node-selector': ['runtime/scrape/scraper', 'nodes that the selector leaves out are not scraped'],

  'bind-address': ['runtime/main/mistakes', 'which is no interface'],
  'cert-dir': ['runtime/serving-certificate/self-signed-certificate', 'is kept in a directory that is made'],
  'permit-port-sharing': ['runtime/server/port-sharing', 'two servers share a port'],
  'disable-http2-serving': ['runtime/server/tls', 'without HTTP/2'],
  'http2-max-streams-per-connection': ['runtime/server/tls', 'streams of HTTP/2'],
  'secure-port': ['runtime/main/mistakes', 'a port in use'],
  'tls-cert-file': ['runtime/serving-certificate/file-certificate', 'is served at once'],
  'tls-cipher-suites': ['runtime/server/tls', 'cipher suites of TLS 1.2'],
  'tls-curve-preferences': ['runtime/server/tls', 'curves'],
  'tls-min-version': ['runtime/server/tls', 'the oldest version of TLS'],
  'tls-private-key-file': ['runtime/serving-certificate/file-certificate', 'is served at once'],

  'tls-sni-cert-key': ['runtime/server/named-certificates', 'the certificate of the name that a client asks for'],

  'authentication-kubeconfig': ['runtime/cluster-configs', '--authentication-kubeconfig and --authorization-kubeconfig'],
  'authentication-skip-lookup': ['runtime/main/start', 'is no obstacle with'],
  'authentication-token-webhook-cache-ttl': ['runtime/server/authentication/bearer-token', 'an answer is remembered for its time'],
  'authentication-tolerate-lookup-failure': ['runtime/main/start', 'is no obstacle with'],
  'client-ca-file': ['runtime/server/authentication/authentication-lookup', 'the CA of client certificates'],
  'requestheader-allowed-names': ['runtime/server/authentication', 'the right CA but another common name is refused'],
  'requestheader-client-ca-file': ['runtime/given-settings', 'everything about request headers comes from flags'],
  'requestheader-extra-headers-prefix': ['runtime/given-settings', 'everything about request headers comes from flags'],
  'requestheader-group-headers': ['runtime/given-settings', 'everything about request headers comes from flags'],
  'requestheader-uid-headers': ['runtime/given-settings', 'everything about request headers comes from flags'],
  'requestheader-username-headers': ['runtime/given-settings', 'everything about request headers comes from flags'],

  'authorization-always-allow-paths': ['runtime/server/authorization/authorizer', 'a star alone opens every path'],
  'authorization-kubeconfig': ['runtime/cluster-configs', '--authentication-kubeconfig and --authorization-kubeconfig'],
  'authorization-webhook-cache-authorized-ttl': ['runtime/server/authorization/authorizer', 'is remembered for its time'],
  'authorization-webhook-cache-unauthorized-ttl': ['runtime/server/authorization/authorizer', 'is remembered for its time'],

  'audit-log-batch-buffer-size': ['runtime/auditing', '--audit-log-mode=batch'],
  'audit-log-batch-max-size': ['runtime/auditing', '--audit-log-mode=batch'],
  'audit-log-batch-max-wait': ['runtime/auditing', '--audit-log-mode=batch'],
  'audit-log-batch-throttle-burst': ['runtime/auditing', '--audit-log-batch-throttle-enable'],
  'audit-log-batch-throttle-enable': ['runtime/auditing', '--audit-log-batch-throttle-enable'],
  'audit-log-batch-throttle-qps': ['runtime/auditing', '--audit-log-batch-throttle-enable'],
  'audit-log-compress': ['runtime/server/audit/rotating-file', 'they are compressed'],
  'audit-log-format': ['runtime/auditing', '--audit-log-format=legacy'],
  'audit-log-maxage': ['runtime/server/audit/rotating-file', 'so long they are kept'],
  'audit-log-maxbackup': ['runtime/server/audit/rotating-file', 'so many are kept'],
  'audit-log-maxsize': ['runtime/server/audit/rotating-file', 'a file that would grow too large is set aside'],
  'audit-log-mode': ['runtime/auditing', '--audit-log-mode=blocking-strict: it does'],
  'audit-log-path': ['runtime/auditing', 'is recorded when it arrives and when it is answered'],
  'audit-log-truncate-enabled': ['runtime/auditing', '--audit-log-truncate-enabled'],
  'audit-log-truncate-max-batch-size': ['runtime/server/audit/backends', 'a batch that is too large is split'],
  'audit-log-truncate-max-event-size': ['runtime/auditing', '--audit-log-truncate-enabled'],
  'audit-log-version': ['runtime/auditing', '- is standard output'],
  'audit-policy-file': ['runtime/auditing', 'nothing of what the policy leaves out'],
  'audit-webhook-batch-buffer-size': ['runtime/auditing', '--audit-webhook-batch-*'],
  'audit-webhook-batch-max-size': ['runtime/auditing', '--audit-webhook-batch-*'],
  'audit-webhook-batch-max-wait': ['runtime/server/audit/backends', 'go after their time when they are not'],
  'audit-webhook-batch-throttle-burst': ['runtime/server/audit/backends', 'throttled, no more go than may'],
  'audit-webhook-batch-throttle-enable': ['runtime/server/audit/backends', 'throttled, no more go than may'],
  'audit-webhook-batch-throttle-qps': ['runtime/server/audit/backends', 'throttled, no more go than may'],
  'audit-webhook-config-file': ['runtime/auditing', 'is sent what waits, at the latest at the end'],
  'audit-webhook-initial-backoff': ['runtime/server/audit/backends', 'is tried five times, ever later'],
  'audit-webhook-mode': ['runtime/auditing', '--audit-webhook-mode=blocking'],
  'audit-webhook-truncate-enabled': ['runtime/auditing', '--audit-webhook-truncate-*'],
  'audit-webhook-truncate-max-batch-size': ['runtime/auditing', '--audit-webhook-truncate-*'],
  'audit-webhook-truncate-max-event-size': ['runtime/auditing', '--audit-webhook-truncate-*'],
  'audit-webhook-version': ['runtime/server/audit/backends', 'is sent a list'],

  'profiling': ['runtime/main/profiling', '--profiling=false turns it off'],

  'log-flush-frequency': ['runtime/telemetry/log-output', 'no longer than --log-flush-frequency'],
  'log-json-info-buffer-size': ['runtime/main/log-streams', 'are split, and held back'],
  'log-json-split-stream': ['runtime/main/log-streams', 'are split, and held back'],
  'log-text-info-buffer-size': ['runtime/main/log-streams', 'are split, and held back'],
  'log-text-split-stream': ['runtime/main/log-streams', 'are split, and held back'],
  'vmodule': ['runtime/telemetry/klog', '--vmodule: %s'],
  'logging-format': ['runtime/telemetry/json-log', 'a line is JSON as other components write it'],
  'v': ['runtime/telemetry/klog', 'verbose lines are written up to --v'],

  'kubelet-additional-certificate-authorities': ['runtime/kubelets', '--kubelet-additional-certificate-authorities'],
  'kubelet-proxy-from-environment': ['runtime/kubelets', '--kubelet-proxy-from-environment'],
  'kubelet-source': ['runtime/scrape/kubelet-client', '--kubelet-source'],
  'metric-retention': ['runtime/metrics-server', '--metric-retention'],
  'node-events': ['runtime/metrics-server', '--node-events'],
  'upstream-compatible': ['runtime/upstream-compatible', '--upstream-compatible'],
  'watch-container-states': ['runtime/metrics-server', '--watch-container-states'],
  'self-managed-cert-secret': ['runtime/serving-certificate/self-managed-certificate', 'is filled with a CA and a certificate that it signed'],
  'self-managed-cert-service': ['runtime/serving-certificate/ca-bundle', 'is filled in one patch'],
  'remove-ca-bundle-of-service': ['runtime/serving-certificate/ca-bundle-removal', 'removes the CA that this program wrote'],
};

test('every flag has an effect that a test observes, but for those that say so', () => {
  expect(FLAGS.filter((flag) => !isWithoutEffect(flag)).map(({ name }) => name).filter((name) => !Object.hasOwn(EFFECTS, name))).toEqual([]);
});

test('only these have none', () => {
  expect(FLAGS.filter(isWithoutEffect).map(({ name }) => name)).toEqual([
    'advertise-address', 'emulated-version', 'emulation-forward-compatible', 'feature-gates', 'min-compatibility-version', 'min-request-timeout',
    'runtime-config-emulation-forward-compatible', 'shutdown-watch-termination-grace-period', 'storage-initialization-timeout',
    'permit-address-sharing', 'contention-profiling', 'debug-socket-path', 'enable-priority-and-fairness',
  ]);
});

test.each(Object.entries(EFFECTS))('--%s: that test is there', (_name, [file, title]) => {
  const titles = readFileSync(join(__dirname, '../..', `${file}.test.ts`), 'utf8').split('\n').filter((line) => /\b(?:test|describe)\b|\]\)\(/.test(line));
  expect(titles.filter((line) => line.includes(title))).not.toEqual([]);
});
