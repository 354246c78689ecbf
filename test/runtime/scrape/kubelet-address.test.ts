import { NodeRecord } from '../../../src/runtime/cluster/node';
import { KubeletAddressRules, kubeletAddresses, noAddress, serverNames } from '../../../src/runtime/scrape/kubelet-address';
import { nodeRecordOf } from '../cluster/node-record';

const node = nodeRecordOf('node-1', {
  addresses: [
    { type: 'InternalIP', address: 'fd00::1' },
    { type: 'InternalIP', address: '10.0.0.1' },
    { type: 'ExternalIP', address: '' },
    { type: 'Hostname', address: 'node-1' },
  ],
  kubeletPort: 10255,
});

function rules(preferredTypes: readonly string[], useNodeStatusPort = false): KubeletAddressRules {
  return { preferredTypes, port: 10250, useNodeStatusPort };
}

function hostPorts(rules_: KubeletAddressRules, changes: Partial<NodeRecord> = {}): string[] {
  return kubeletAddresses({ ...node, ...changes }, rules_).map(({ hostPort }) => hostPort);
}

test('the most wanted type wins, within it the node\'s own order; the others follow', () => {
  expect(hostPorts(rules(['ExternalDNS', 'Hostname', 'InternalIP']))).toEqual(['node-1:10250', '[fd00::1]:10250', '10.0.0.1:10250']);
  expect(kubeletAddresses(node, rules(['InternalIP', 'Hostname']))[0]).toEqual({ host: 'fd00::1', port: 10250, hostPort: '[fd00::1]:10250' });
});

test('types that nobody wants are not tried', () => {
  expect(hostPorts(rules(['Hostname']))).toEqual(['node-1:10250']);
});

test('an empty address is none, one that is listed twice is one, and of very many the first eight are tried', () => {
  expect(hostPorts(rules(['ExternalIP', 'Hostname', 'Hostname']))).toEqual(['node-1:10250']);
  expect(hostPorts(rules(['Hostname', 'InternalDNS']), { addresses: ['Hostname', 'InternalDNS'].map((type) => ({ type, address: 'node-1' })) })).toEqual(['node-1:10250']);
  const many = Array.from({ length: 100 }, (_, i) => ({ type: 'InternalIP', address: `10.0.0.${i}` }));
  expect(hostPorts(rules(['InternalIP']), { addresses: many })).toHaveLength(8);
});

test('the port is the status\'s when asked for and given', () => {
  expect(hostPorts(rules(['Hostname'], true))).toEqual(['node-1:10255']);
  expect(hostPorts(rules(['Hostname'], true), { kubeletPort: 0 })).toEqual(['node-1:10250']);
});

test('an annotation of the node says at which port its metrics are, and wins', () => {
  expect(hostPorts(rules(['Hostname'], true), { metricsPort: '9443' })).toEqual(['node-1:9443']);
});

test.each(['https', '0', '65536', '1e3', '-1', '١'])('an annotation that is no port is told, not guessed at: %s', (metricsPort) => {
  expect(hostPorts(rules(['Hostname']), { metricsPort })).toEqual([]);
  expect(noAddress({ ...node, metricsPort }, rules(['Hostname']))).toEqual({
    reason: 'no-address', message: expect.stringMatching(/^the node's annotation metrics\.k8s\.io\/resource-metrics-port is ".*"; it must be a port from 1 to 65535$/),
  });
});

test('a kubelet may show a certificate for the host that was dialled, for its node\'s name or for another of its addresses', () => {
  expect(serverNames('10.0.0.1', { ...node, name: 'worker' })).toEqual(['10.0.0.1', 'worker', 'fd00::1', 'node-1']);
});

test('without a match, the failure names what is wanted and what there is', () => {
  expect(hostPorts(rules(['InternalDNS', 'ExternalIP']))).toEqual([]);
  expect(noAddress(node, rules(['InternalDNS', 'ExternalIP']))).toEqual({
    reason: 'no-address',
    message: 'no address of type InternalDNS, ExternalIP; the node\'s status offers InternalIP, ExternalIP, Hostname (--kubelet-preferred-address-types)',
  });
  expect(noAddress({ ...node, addresses: [] }, rules(['InternalIP'])).message).toMatch(/offers none/);
});
