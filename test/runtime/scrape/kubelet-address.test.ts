import { NodeRecord } from '../../../src/runtime/cluster/node';
import { KubeletAddressRules, kubeletAddress, noAddress } from '../../../src/runtime/scrape/kubelet-address';

const node: NodeRecord = {
  namespace: '',
  name: 'node-1',
  labels: { values: {}, json: undefined },
  addresses: [
    { type: 'InternalIP', address: 'fd00::1' },
    { type: 'InternalIP', address: '10.0.0.1' },
    { type: 'ExternalIP', address: '' },
    { type: 'Hostname', address: 'node-1' },
  ],
  kubeletPort: 10255,
  machine: '',
  metricsPath: undefined,
  ready: true,
};

function rules(preferredTypes: readonly string[], useNodeStatusPort = false): KubeletAddressRules {
  return { preferredTypes, port: 10250, useNodeStatusPort };
}

test('the most wanted type wins, within it the node\'s own order', () => {
  expect(kubeletAddress(node, rules(['ExternalDNS', 'Hostname', 'InternalIP']))?.hostPort).toBe('node-1:10250');
  expect(kubeletAddress(node, rules(['InternalIP', 'Hostname']))).toEqual({ host: 'fd00::1', port: 10250, hostPort: '[fd00::1]:10250' });
});

test('an empty address is none', () => {
  expect(kubeletAddress(node, rules(['ExternalIP', 'Hostname']))?.host).toBe('node-1');
});

test('the port is the status\'s when asked for and given', () => {
  expect(kubeletAddress(node, rules(['Hostname'], true))?.port).toBe(10255);
  expect(kubeletAddress({ ...node, kubeletPort: 0 }, rules(['Hostname'], true))?.port).toBe(10250);
});

test('without a match, the failure names what is wanted and what there is', () => {
  expect(kubeletAddress(node, rules(['InternalDNS', 'ExternalIP']))).toBeUndefined();
  expect(noAddress(node, rules(['InternalDNS', 'ExternalIP']))).toEqual({
    reason: 'no-address',
    message: 'no address of type InternalDNS, ExternalIP; the node\'s status offers InternalIP, ExternalIP, Hostname (--kubelet-preferred-address-types)',
  });
  expect(noAddress({ ...node, addresses: [] }, rules(['InternalIP'])).message).toMatch(/offers none/);
});
