import { Cluster } from './cluster';
import { ControlPlaneOptions } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';

interface WrongSetting {
  readonly setting: string;
  readonly options: ControlPlaneOptions;
  /** End of the message in the APIService's condition: the status code, or the error, of kube-apiserver's own probe. */
  readonly condition: string;
  /** What `kubectl top nodes` says. */
  readonly top?: string;
  /** What the runtime's log says, if it can know. */
  readonly log?: string;
}

const REQUEST_HEADER_FLAGS = ['client-ca-file', 'allowed-names', 'username-headers', 'group-headers', 'extra-headers-prefix'];

/** The table of docs/aggregation-layer.md. */
const WRONG_SETTINGS: WrongSetting[] = [
  {
    setting: 'no --requestheader-client-ca-file',
    options: { without: REQUEST_HEADER_FLAGS.map((flag) => `--requestheader-${flag}`) },
    condition: ': 401',
    log: 'cluster doesn\'t provide requestheader-client-ca-file in ConfigMap kube-system/extension-apiserver-authentication',
  },
  {
    setting: 'no --proxy-client-cert-file',
    options: { without: ['--proxy-client-cert-file', '--proxy-client-key-file'] },
    condition: ': 403',
  },
  {
    setting: 'no --proxy-client-key-file',
    options: { without: ['--proxy-client-key-file'] },
    condition: ': 403',
  },
  {
    setting: '--requestheader-allowed-names without the front proxy\'s name',
    options: { allowedNames: ['aggregator'], frontProxyName: 'front-proxy-client' },
    condition: ': 401',
    log: 'x509: subject with cn=front-proxy-client is not in the allowed list',
  },
  {
    setting: 'no --requestheader-username-headers',
    options: { without: ['--requestheader-username-headers'] },
    condition: ': 401',
    log: '"Unable to authenticate the request" err="x509: certificate signed by unknown authority"',
  },
  {
    setting: 'no --requestheader-group-headers',
    options: { without: ['--requestheader-group-headers'] },
    condition: 'all checks passed',
    top: 'Error from server (Forbidden): nodes.metrics.k8s.io is forbidden: User "admin" cannot list resource "nodes"',
  },
  {
    setting: 'no --requestheader-extra-headers-prefix',
    options: { without: ['--requestheader-extra-headers-prefix'] },
    condition: 'all checks passed',
    top: '',
  },
  {
    setting: 'no --enable-aggregator-routing, where its host does not route cluster IPs',
    options: { without: ['--enable-aggregator-routing'] },
    condition: ':443: connect: network is unreachable',
  },
];

describe.each(WRONG_SETTINGS)('kube-apiserver with $setting', ({ options, condition, top = 'error: Metrics API not available', log }) => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 1, pods: 2, ...options });
    await cluster.apply();
    await cluster.startRuntime();
  });

  afterAll(() => cluster?.stop());

  test('says so in the APIService and in the runtime\'s log', async () => {
    await eventually(async () => {
      const { status } = await cluster.kubectl.json('get', 'apiservice', 'v1beta1.metrics.k8s.io');
      const { reason, message } = status.conditions[0];
      expect(reason).toBe(condition === 'all checks passed' ? 'Passed' : 'FailedDiscoveryCheck');
      expect(message.slice(-condition.length)).toBe(condition);
    });
    // Where nothing is wrong, figures come with the second scrape.
    await eventually(async () => {
      const { code, stderr } = await cluster.kubectl.try('top', 'nodes');
      expect([code, stderr.slice(0, top.length)]).toEqual([top ? 1 : 0, top]);
    });
    await eventually(() => expect(cluster.runtime.log()).toContain(log ?? ''));
  });
});
