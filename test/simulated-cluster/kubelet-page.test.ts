import * as fs from 'node:fs';
import * as path from 'node:path';
import { ContainerStats, renderKubeletPage, Sample } from './kubelet-page';

const GOLDEN = path.join(__dirname, '..', 'golden', 'kubelet');

test('a page equals, byte for byte, that of a real kubelet with the same figures', () => {
  const page = renderKubeletPage({
    readMs: 1795229819504,
    sample: sample(6012.392152663, 1741438976, 1795229816757),
    pods: [
      pod('kube-system', 'metrics-server-bd557785b-lxbr8', sample(0.580175909, 18239488, 1795229807781),
        container('metrics-server', 1795229746.3741307, sample(0.5636449, 17129472, 1795229815371))),
      pod('default', 'demo-5fb99747f6-zwvf5', sample(0.225975401, 21020672, 1795229811221),
        container('demo', 1795229739.9672601, sample(0.197204555, 20025344, 1795229809098))),
      pod('default', 'demo-5fb99747f6-thp8p', sample(0.302837021, 21049344, 1795229814297),
        container('demo', 1795229740.0481648, sample(0.265723871, 19361792, 1795229804566))),
    ],
  });
  expect(page).toBe(fs.readFileSync(path.join(GOLDEN, 'metrics-resource-cluster-1.txt'), 'utf8'));
});

test('a container that was not looked at yet has a start time and nothing else', () => {
  const page = renderKubeletPage({
    readMs: 2000,
    sample: sample(1, 1, 1000),
    pods: [{ namespace: 'default', name: 'new', sample: undefined, containers: [{ name: 'app', startSeconds: 1.5, sample: undefined }] }],
  });
  expect(page.split('\n').filter((line) => line.includes('pod="new"'))).toEqual([
    'container_start_time_seconds{container="app",namespace="default",pod="new"} 1.5',
  ]);
  expect(page).not.toContain('container_cpu_usage_seconds_total');
});

function sample(cpuSeconds: number, memoryBytes: number, timestampMs: number): Sample {
  return { cpuSeconds, memoryBytes, timestampMs };
}

function container(name: string, startSeconds: number, containerSample: Sample): ContainerStats {
  return { name, startSeconds, sample: containerSample };
}

function pod(namespace: string, name: string, podSample: Sample, ...containers: ContainerStats[]) {
  return { namespace, name, containers, sample: podSample };
}
