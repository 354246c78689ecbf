import { parentPort, Worker, workerData } from 'node:worker_threads';
import { corpusOf } from './corpus';
import { Exploration, explore, Limits } from './explore';
import { FuzzTarget } from './target';

/** No input that is bounded takes so long. */
const HANG_MS = 10_000;
/** The input that is being tried: its number, its length, and its bytes. */
const HEADER_BYTES = 8;
const MAX_INPUT_BYTES = 64 * 1024;

interface Order {
  readonly target: string;
  readonly limits: Limits;
  readonly shared: SharedArrayBuffer;
}

/** Explores in a thread of its own, and ends it when one input keeps it busy. */
export function exploreWatched(script: string, target: string, limits: Limits): Promise<Exploration> {
  const shared = new SharedArrayBuffer(HEADER_BYTES + MAX_INPUT_BYTES);
  const header = new Int32Array(shared, 0, 2);
  const worker = new Worker(script, { workerData: { target, limits, shared } satisfies Order });
  return new Promise((resolve, reject) => {
    let seen = -1;
    const watch = setInterval(() => {
      const [inputs, length] = header;
      if (inputs === seen) {
        resolve({ inputs, finding: { input: new Uint8Array(shared, HEADER_BYTES, length).slice(), problem: `no end within ${HANG_MS / 1000} s` } });
        void worker.terminate();
      }
      seen = inputs;
    }, HANG_MS);
    worker.once('message', resolve).once('error', reject).once('exit', () => clearInterval(watch));
  });
}

/** What the thread does. */
export async function obey(targets: readonly FuzzTarget[]): Promise<void> {
  const { target: name, limits, shared } = workerData as Order;
  const header = new Int32Array(shared, 0, 2);
  const bytes = new Uint8Array(shared, HEADER_BYTES);
  const onInput = (input: Buffer): void => {
    bytes.set(input.subarray(0, MAX_INPUT_BYTES));
    header[1] = Math.min(input.length, MAX_INPUT_BYTES);
    header[0]++;
  };
  parentPort!.postMessage(await explore(targets.find((target) => target.name === name)!, corpusOf(name), limits, onInput));
}
