import { hasNoSuchPage, RESOURCE_PAGE, SUMMARY_PAGE } from './kubelet-page';
import { ScrapeFailure } from './outcome';
import { printable } from './printable';
import { Feature, FEATURES } from '../../_facts/rights';

/** What is wrong when a kubelet answers a request for `target` with anything but 200; the first line of its body says more. */
export function statusFailure(target: string, status: number, statusText: string, body: Buffer): ScrapeFailure {
  const said = printable(body.toString('latin1', 0, 1024).split('\n', 1)[0], 200);
  const seen = `kubelet answered ${[status, printable(statusText, 40)].filter(Boolean).join(' ')}${said === '' ? '' : ` (${said})`}`;
  if (hasNoSuchPage(status)) {
    return { reason: 'http-status', message: `${seen}: it has no ${target}${target === RESOURCE_PAGE ? `; with --kubelet-source=auto, ${SUMMARY_PAGE} is read then` : ''}` };
  }
  switch (status) {
    case 401:
      return {
        reason: 'unauthorized',
        message: `${seen}: it does not know who asks; turn on the kubelet's webhook authentication (authentication.webhook.enabled), or give a client certificate`,
      };
    case 403:
      return { reason: 'forbidden', message: `${seen}: the ServiceAccount needs "get" on "${rightFor(target)}"`, feature: featureOf(target) };
    default:
      return { reason: 'http-status', message: seen };
  }
}

/** As kubelets map paths to subresources of their nodes. */
function rightFor(target: string): string {
  const [, first] = target.split(/[/?]/);
  return first === 'metrics' || first === 'stats' ? `nodes/${first}` : 'nodes/proxy';
}

function featureOf(target: string): Feature | undefined {
  switch (rightFor(target)) {
    case 'nodes/metrics': return FEATURES.kubeletMetrics();
    case 'nodes/stats': return FEATURES.kubeletStats();
    default: return undefined;
  }
}
