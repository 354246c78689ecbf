import type { Profiler, Session } from 'node:inspector';
import { Clock } from '../clock';
import { CallFrame, StackProfile, StackSample } from './pprof';
import { pause } from '../cluster/backoff';

const CPU_INTERVAL_MICROSECONDS = 1000;
const HEAP_INTERVAL_BYTES = 32 * 1024;

/** More of it than the types of Node.js tell. */
interface HeapSamples {
  readonly head: HeapNode;
  readonly samples: readonly { readonly nodeId: number }[];
}

interface HeapNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}

/** What V8 calls the time in which nothing runs. */
const IDLE = '(idle)';

/** What ran in a while, one sample each millisecond. */
export async function cpuProfile(clock: Clock, durationMs: number, signal: AbortSignal): Promise<StackProfile> {
  const timeMs = clock.now();
  const { nodes } = await inspected(async (session) => {
    await post(session, 'Profiler.enable');
    await post(session, 'Profiler.setSamplingInterval', { interval: CPU_INTERVAL_MICROSECONDS });
    await post(session, 'Profiler.start');
    await pause(clock, durationMs, signal);
    return (await post<Profiler.StopReturnType>(session, 'Profiler.stop')).profile;
  });
  const children = new Map(nodes.map((node) => [node.id, node]));
  const samples = stacksOf(nodes[0], ({ children: ids = [] }) => ids.map((id) => children.get(id)!), ({ hitCount = 0, callFrame }) => (
    hitCount > 0 && callFrame.functionName !== IDLE ? [hitCount, hitCount * CPU_INTERVAL_MICROSECONDS * 1000] : undefined
  ));
  return {
    sampleTypes: [{ type: 'samples', unit: 'count' }, { type: 'cpu', unit: 'nanoseconds' }],
    samples,
    timeMs,
    durationMs,
    periodType: { type: 'cpu', unit: 'nanoseconds' },
    period: CPU_INTERVAL_MICROSECONDS * 1000,
  };
}

/** What was allocated in a while and is still in use. */
export async function heapProfile(clock: Clock, durationMs: number, signal: AbortSignal): Promise<StackProfile> {
  const timeMs = clock.now();
  const { head, samples: allocations } = await inspected(async (session) => {
    await post(session, 'HeapProfiler.startSampling', { samplingInterval: HEAP_INTERVAL_BYTES });
    await pause(clock, durationMs, signal);
    return (await post<{ profile: HeapSamples }>(session, 'HeapProfiler.stopSampling')).profile;
  });
  const counts = new Map<number, number>();
  for (const { nodeId } of allocations) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
  const samples = stacksOf(head, ({ children }) => children, ({ id, selfSize }) => selfSize > 0 ? [counts.get(id) ?? 0, selfSize] : undefined);
  return {
    sampleTypes: [{ type: 'inuse_objects', unit: 'count' }, { type: 'inuse_space', unit: 'bytes' }],
    samples,
    timeMs,
    durationMs,
    periodType: { type: 'space', unit: 'bytes' },
    period: HEAP_INTERVAL_BYTES,
  };
}

/** The stacks of a tree of calls, without its root, where there is something to tell of them. */
function stacksOf<T extends { readonly callFrame: CallFrame }>(
  root: T, childrenOf: (node: T) => readonly T[], valuesOf: (node: T) => readonly number[] | undefined,
): StackSample[] {
  const samples: StackSample[] = [];
  const waiting = childrenOf(root).map((node) => ({ node, above: [] as readonly CallFrame[] }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, above } = next;
    const frames = [node.callFrame, ...above];
    const values = valuesOf(node);
    if (values) samples.push({ frames, values });
    waiting.push(...childrenOf(node).map((child) => ({ node: child, above: frames })));
  }
  return samples;
}

/** Node loads its inspector only when somebody asks. */
async function inspected<T>(use: (session: Session) => Promise<T>): Promise<T> {
  const inspector = await import('node:inspector');
  const session = new inspector.Session();
  session.connect();
  try {
    return await use(session);
  } finally {
    session.disconnect();
  }
}

function post<T>(session: Session, method: string, params?: object): Promise<T> {
  return new Promise((resolve, reject) => {
    session.post(method, params, (error, result) => error ? reject(error) : resolve(result as T));
  });
}
