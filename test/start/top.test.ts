import { renderTopNodes, renderTopPods } from '../../start/top';
import { ClusterUsage } from '../../start/usage';

const usage: ClusterUsage = {
  nodes: [
    { metadata: { name: 'node-2' }, status: { allocatable: { cpu: '4', memory: '8388608Ki' } } },
    { metadata: { name: 'node-1' }, status: { allocatable: { cpu: '2', memory: '24581684Ki' } } },
  ],
  nodeMetrics: [{ metadata: { name: 'node-1' }, usage: { cpu: '96961959n', memory: '1700624Ki' } }],
  podMetrics: [
    {
      metadata: { namespace: 'shop', name: 'cart-1' },
      containers: [
        { name: 'app', usage: { cpu: '1500m', memory: '1Gi' } },
        { name: 'istio-proxy', usage: { cpu: '1041721n', memory: '18908Ki' } },
      ],
    },
    { metadata: { namespace: 'data', name: 'idle' }, containers: [{ name: 'app', usage: { cpu: '0', memory: '1048575' } }] },
  ],
};

test('nodes as kubectl top nodes shows them: CPU rounded up, memory and shares rounded down, unknown without metrics', () => {
  expect(renderTopNodes(usage)).toEqual([
    'NAME     CPU(cores)   CPU(%)      MEMORY(bytes)   MEMORY(%)   ',
    'node-1   97m          4%          1660Mi          6%          ',
    'node-2   <unknown>    <unknown>   <unknown>       <unknown>   ',
  ]);
});

test('pods as kubectl top pods -A shows them: the sum of their containers, by namespace and name', () => {
  expect(renderTopPods(usage)).toEqual([
    'NAMESPACE   NAME     CPU(cores)   MEMORY(bytes)   ',
    'data        idle     0m           0Mi             ',
    'shop        cart-1   1502m        1042Mi          ',
  ]);
});

test('thousandths are exact: 550m is no 551m', () => {
  const [, line] = renderTopPods({ ...usage, podMetrics: [{ metadata: { name: 'a' }, containers: [{ name: 'a', usage: { cpu: '550m', memory: '0' } }] }] });
  expect(line).toContain(' 550m ');
});
