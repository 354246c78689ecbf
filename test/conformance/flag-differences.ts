/** A command line that one of the two takes and the other refuses. */
export interface FlagDifference {
  /** Examples, each a command line of its own. */
  readonly lines: readonly (readonly string[])[];
  readonly taken: 'here' | 'by metrics-server';
  readonly reason: string;
}

/** Found by giving odd values of every flag to both, v0.9.0 and this program. */
export const FLAG_DIFFERENCES: readonly FlagDifference[] = [
  {
    lines: [['--feature-gates=AllAlpha=true'], ['--emulated-version=1.33'], ['--min-compatibility-version=1.33']],
    taken: 'here',
    reason: 'without effect, as said by `--help`; v0.9.0 registers no component that they could be for, and so refuses every value',
  },
  {
    lines: [['--log-text-split-stream'], ['--log-text-info-buffer-size=1Ki'], ['--log-json-split-stream'], ['--log-json-info-buffer-size=1Ki']],
    taken: 'here',
    reason: 'they work; v0.9.0 wants a feature gate for them, which it has no way to set',
  },
  {
    lines: [['--logtostderr'], ['--source=kubernetes'], ['-source=kubernetes']],
    taken: 'here',
    reason: 'old manifests have them; one warning each. v0.9.0 panics, and takes `-logtostderr` for the node selector `ogtostderr`',
  },
  {
    lines: [['--tls-curve-preferences='], ['--tls-curve-preferences=29,29'], ['--tls-sni-cert-key=']],
    taken: 'here',
    reason: 'none, and the same twice, say what is meant',
  },
  {
    lines: [['--tls-min-version=VersionTLS10'], ['--tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA'], ['--tls-cipher-suites=TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA']],
    taken: 'by metrics-server',
    reason: 'OpenSSL does not speak them; on Node.js 20 the same goes for the curve 4588',
  },
  {
    lines: [['--tls-sni-cert-key=a.crt,a.key:10.0.0.1']],
    taken: 'by metrics-server',
    reason: 'v0.9.0 looks at the address that a client without a name has connected to, of which Node.js does not tell before the certificate is chosen',
  },
  {
    lines: [['--kubelet-port=0'], ['--kubelet-port=70000'], ['--request-timeout=0s'], ['--goaway-chance=NaN']],
    taken: 'by metrics-server',
    reason: 'nothing could be reached or answered; v0.9.0 says so later, or never',
  },
  {
    lines: [['--log-text-info-buffer-size=Ki'], ['--log-json-info-buffer-size=T']],
    taken: 'by metrics-server',
    reason: 'a suffix without a number is no quantity; v0.9.0 takes it for 0',
  },
  {
    lines: [
      ['--audit-log-mode=x'], ['--audit-log-format=x'], ['--audit-log-version=x'], ['--audit-log-maxsize=-1'], ['--audit-webhook-batch-max-wait=-1s'],
      ['--audit-webhook-batch-max-size=0'], ['--audit-webhook-batch-throttle-qps=0'],
    ],
    taken: 'by metrics-server',
    reason: 'v0.9.0 does not look at values of `--audit-*`, and events are then lost; what kube-apiserver refuses is refused here',
  },
];
