import {
  ExtensionApiServer, KubeletAccess, MetricsServer, MetricsServerProps, Monitoring, NetworkPolicyOptions, NodeAddressType, Rules, SecretRef,
} from '../../src';
import { objectOf, testChart } from '../synthesize';
import { WARDLE } from '../wardle';

const DNS = { ports: [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }] };
const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: 'TCP', port }));
const block = (cidr: string) => ({ ipBlock: { cidr } });

test('from anywhere to the serving port; to anywhere at the ports of kube-apiserver and kubelets', () => {
  expect(policyWith({})).toEqual({
    podSelector: { matchLabels: { 'k8s-app': 'metrics-server' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ ports: tcp(10250) }],
    egress: [{ ports: tcp(443, 6443) }, { ports: tcp(10250) }],
  });
});

test('it is named as the server, in its namespace', () => {
  const chart = testChart();
  const { server } = new MetricsServer(chart, 'ms', { name: 'usage', namespace: 'metrics', networkPolicy: {} });

  expect(objectOf(chart, 'NetworkPolicy').metadata).toEqual({ name: 'usage', namespace: 'metrics', labels: { 'k8s-app': 'usage' } });
  expect(server.networkPolicy?.name).toBe('usage');
});

test('with networks, only the control plane and scrapers come in, and only control plane and nodes are reached', () => {
  const { ingress, egress } = policyWith({
    apiServerCidrs: ['10.0.0.0/28', 'fd00::/64'], nodeCidrs: ['10.1.0.0/16'], scraperNamespaces: ['monitoring'],
  }, { securePort: 4443 });

  expect(ingress).toEqual([{
    from: [block('10.0.0.0/28'), block('fd00::/64'), { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
    ports: tcp(4443),
  }]);
  expect(egress).toEqual([
    { to: [block('10.0.0.0/28'), block('fd00::/64')], ports: tcp(443, 6443) }, { to: [block('10.1.0.0/16')], ports: tcp(10250) },
  ]);
});

test('scrapers are not all who may come in while everyone may', () => {
  expect(policyWith({ scraperNamespaces: ['monitoring'] }).ingress).toEqual([{ ports: tcp(10250) }]);
});

test('a Prometheus that is told to scrape comes in, or it is said that it need not', () => {
  const monitored = { monitoring: Monitoring.serviceMonitor() };
  const comesFrom = (scraperNamespaces?: string[]) => policyWith({ apiServerCidrs: ['10.0.0.0/28'], scraperNamespaces }, monitored).ingress[0].from;

  expect(() => comesFrom()).toThrow('[test/ms] networkPolicy.scraperNamespaces: given \'none beside monitoring and apiServerCidrs\'');
  expect(comesFrom(['monitoring'])).toHaveLength(2);
  expect(comesFrom([])).toHaveLength(1);
  expect(policyWith({}, monitored).ingress).toEqual([{ ports: tcp(10250) }]);
});

test('ports that are given win', () => {
  const { egress } = policyWith({ apiServerPorts: [8443], kubeletPorts: [10250, 20250], egress: [{ cidrs: ['192.0.2.7/32'], ports: [5432] }] });

  expect(egress).toEqual([{ ports: tcp(8443) }, { ports: tcp(10250, 20250) }, { to: [block('192.0.2.7/32')], ports: tcp(5432) }]);
});

test.each<[string, MetricsServerProps, number[]]>([
  ['the port that their status says', {}, [10250]],
  ['kubeletPort', { kubeletPort: 20250 }, [20250]],
  ['kubeletPort, and the port that their status says', { kubeletPort: 20250, kubeletUseNodeStatusPort: true }, [10250, 20250]],
  ['the read-only port', { kubeletAccess: KubeletAccess.readOnlyPort() }, [10255]],
  ['a read-only port of one\'s own', { kubeletAccess: KubeletAccess.readOnlyPort(), kubeletPort: 20255 }, [20255]],
])('kubelets are reached at %s', (_, props, ports) => {
  expect(policyWith({}, props).egress[1]).toEqual({ ports: tcp(...ports) });
});

test.each<[string, MetricsServerProps, NetworkPolicyOptions, boolean]>([
  ['kubelets by address', {}, {}, false],
  ['kubelets by address, names as a last resort', { kubeletPreferredAddressTypes: [NodeAddressType.EXTERNAL_IP, NodeAddressType.HOSTNAME] }, {}, false],
  ['kubelets by name', { kubeletPreferredAddressTypes: [NodeAddressType.HOSTNAME, NodeAddressType.INTERNAL_IP] }, {}, true],
  ['kube-apiserver as a kubeconfig names it', { kubeletAccess: KubeletAccess.kubeconfig(SecretRef.fromName('k')) }, {}, true],
  ['anyone, when told so', {}, { dns: true }, true],
  ['nobody, when told so', { kubeletPreferredAddressTypes: [NodeAddressType.INTERNAL_DNS] }, { dns: false }, false],
])('are names asked for, to reach %s?', (_, props, options, asked) => {
  expect(policyWith(options, props).egress.slice(2)).toEqual(asked ? [DNS] : []);
});

test('on the host\'s network, where it protects nothing, a rule warns of it', () => {
  const chart = testChart();
  new MetricsServer(chart, 'ms', { hostNetwork: true, securePort: 4443, networkPolicy: {} });

  expect(Rules.findings(chart).map(({ ruleId }) => ruleId)).toContain('network-policy-on-host-network');
});

describe('of a server that asks no kubelet', () => {
  const egressWith = (networkPolicy: NetworkPolicyOptions) => {
    const chart = testChart();
    new ExtensionApiServer(chart, 'wardle', { ...WARDLE, networkPolicy });
    return objectOf(chart, 'NetworkPolicy').spec.egress;
  };

  test('only kube-apiserver is reached', () => {
    expect(egressWith({})).toEqual([{ ports: tcp(443, 6443) }]);
  });

  test('networks of nodes need the ports there', () => {
    expect(egressWith({ nodeCidrs: ['10.1.0.0/16'], kubeletPorts: [10250] })[1]).toEqual({ to: [block('10.1.0.0/16')], ports: tcp(10250) });
    expect(() => egressWith({ nodeCidrs: ['10.1.0.0/16'] })).toThrow('[test/wardle] networkPolicy.nodeCidrs: given ["10.1.0.0/16"]; allowed: with kubeletPorts');
  });
});

describe('a network', () => {
  test.each(['0.0.0.0/0', '10.0.0.0/8', '192.0.2.7/32', '::/0', 'fd00::/8', '2001:db8::7/128', '2001:DB8:0:0::/64', '1:2:3:4:5:6:7:8/128'])('%s is taken', (cidr) => {
    expect(policyWith({ nodeCidrs: [cidr] }).egress[1].to).toEqual([block(cidr)]);
  });

  test.each([
    '10.0.0.0', '10.0.0/8', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/-1', '010.0.0.0/8', '10.0.0.256/32', ' 10.0.0.0/8', '::/129', ':::/0', '::ffff:10.0.0.0/104', 'fe80::%eth0/64', 'node/8', '',
  ])('%j is refused', (cidr) => {
    expect(() => policyWith({ nodeCidrs: [cidr] })).toThrow('networkPolicy.nodeCidrs[0]: given ' + `'${cidr}'; allowed: a network in CIDR notation`);
  });

  test.each([['10.0.0.1/8', 24, 32], ['192.0.2.7/31', 1, 32], ['fd00::1/64', 64, 128], ['::8000:0:0:0/64', 64, 128]])(
    '%s, whose address goes on behind the prefix, is refused', (cidr, bits, length) => {
      expect(() => policyWith({ apiServerCidrs: [cidr] })).toThrow(`to mend it, clear the last ${bits} bits, or write /${length} for that one address`);
    });
});

function policyWith(networkPolicy: NetworkPolicyOptions, props: MetricsServerProps = {}) {
  const chart = testChart();
  new MetricsServer(chart, 'ms', { ...props, networkPolicy });
  return objectOf(chart, 'NetworkPolicy').spec;
}
