import { FIGURES } from './figures';
import { requestsAt } from './requests';

const keys = (nodes: number, quick: boolean) => requestsAt({ nodes, pods: 30, containers: 2 }, quick).map(({ key }) => key);

test('JSON and protobuf are measured at every size, other formats and paths at 1,000 nodes', () => {
  const everywhere = ['pod', 'namespace', 'nodes', 'pods', 'podProtobuf', 'namespaceProtobuf', 'nodesProtobuf', 'podsProtobuf'];
  expect(keys(10, false)).toEqual(everywhere);
  expect(keys(1000, false)).toEqual([...everywhere, 'podsTable', 'podsGzip', 'podAggregated', 'namespaceAggregated']);
});

test('--quick asks for JSON alone', () => {
  expect(keys(1000, true)).toEqual(['pod', 'namespace', 'nodes', 'pods']);
});

test('the report has rows for all of them', () => {
  const rows = FIGURES.map(({ key }) => key);
  for (const key of keys(1000, false)) expect(rows).toEqual(expect.arrayContaining([`${key}P50Ms`, `${key}P99Ms`, `${key}CpuMs`]));
});
