import { ScrapeFailure } from './outcome';
import { printable } from './printable';

/** What is wrong when a kubelet answers with anything but 200; the first line of its body says more. */
export function statusFailure(status: number, statusText: string, body: Buffer): ScrapeFailure {
  const said = printable(body.toString('latin1', 0, 1024).split('\n', 1)[0], 200);
  const seen = `kubelet answered ${[status, printable(statusText, 40)].filter(Boolean).join(' ')}${said === '' ? '' : ` (${said})`}`;
  switch (status) {
    case 401:
      return {
        reason: 'unauthorized',
        message: `${seen}: it does not know who asks; turn on the kubelet's webhook authentication (authentication.webhook.enabled), or give a client certificate`,
      };
    case 403:
      return { reason: 'forbidden', message: `${seen}: the ServiceAccount needs "get" on "nodes/metrics"` };
    case 404:
      return { reason: 'http-status', message: `${seen}: kubelets before Kubernetes 1.14 have no /metrics/resource` };
    default:
      return { reason: 'http-status', message: seen };
  }
}
