import { Cluster } from './cluster';
import { ControlPlaneOptions } from './control-plane/control-plane';
import { eventually } from './control-plane/eventually';

interface WrongSetting {
  readonly setting: string;
  readonly options: ControlPlaneOptions;
  /** Status code of kube-apiserver's own probe, in the APIService's condition. */
  readonly probe: number;
  /** What the runtime's log says, if it can know. */
  readonly log?: string;
}

const REQUEST_HEADER_FLAGS = ['client-ca-file', 'allowed-names', 'username-headers', 'group-headers', 'extra-headers-prefix'];

/** The table of docs/aggregation-layer.md. */
const WRONG_SETTINGS: WrongSetting[] = [
  {
    setting: 'no --requestheader-client-ca-file',
    options: { without: REQUEST_HEADER_FLAGS.map((flag) => `--requestheader-${flag}`) },
    probe: 401,
    log: 'cluster doesn\'t provide requestheader-client-ca-file in ConfigMap kube-system/extension-apiserver-authentication',
  },
  {
    setting: 'no --proxy-client-cert-file',
    options: { without: ['--proxy-client-cert-file', '--proxy-client-key-file'] },
    probe: 403,
  },
  {
    setting: '--requestheader-allowed-names without the front proxy\'s name',
    options: { allowedNames: ['aggregator'], frontProxyName: 'front-proxy-client' },
    probe: 401,
    log: 'x509: subject with cn=front-proxy-client is not in the allowed list',
  },
];

describe.each(WRONG_SETTINGS)('kube-apiserver with $setting', ({ options, probe, log }) => {
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
      expect(reason).toBe('FailedDiscoveryCheck');
      expect(message).toMatch(new RegExp(`: ${probe}$`));
    });
    expect((await cluster.kubectl.try('top', 'nodes')).stderr.trim()).toBe('error: Metrics API not available');
    await eventually(() => expect(cluster.runtime.log()).toContain(log ?? ''));
  });
});
