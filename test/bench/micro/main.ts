import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { loadavg, tmpdir } from 'os';
import { join } from 'path';
import { measure, Timing } from './cpu-time';
import { FIRST_MS, fleetPages } from './fleet-pages';
import { measureHandshake } from './handshake';
import { kubeletAnswer } from './kubelet-answer';
import { LoneKubelet } from './lone-kubelet';
import { measureRequests } from './requests';
import { ServedFleet } from './served-fleet';
import { HttpResponseReader } from '../../../src/runtime/scrape/http-response';
import { Page } from '../../../src/runtime/scrape/page';
import { decodePage } from '../../../src/runtime/scrape/page-decoder';
import { SimdDecoder } from '../../../src/runtime/scrape/simd-decoder';
import { encodeJson } from '../../../src/runtime/server/encoding/json';
import { objectDocument } from '../../../src/runtime/server/encoding/object';
import { GroupVersion } from '../../../src/runtime/server/group-version';
import { parseListOptions } from '../../../src/runtime/server/list-options';
import { parseRequestInfo, splitUrl } from '../../../src/runtime/server/request-info';

/** Enough that caches of the processor do not hold it all. */
const SIZE = { nodes: 200, pods: 30, containers: 2 };
const NEVER = new AbortController().signal;

const TITLES = {
  handshake: 'shake hands with a kubelet',
  read: 'read an answer of a kubelet',
  decode: 'decode a page',
  decodeInJavaScript: 'decode a page, without WebAssembly',
  store: 'store a page',
  onePod: 'render one pod',
  oneNamespace: 'render a namespace, per pod',
  allPods: 'render all pods, per pod',
  allPodsInJavaScript: 'render all pods, per pod, without WebAssembly',
  onePodRequest: 'answer a request for one pod',
  oneNamespaceRequest: 'answer a request for one namespace',
} as const;
type Subject = keyof typeof TITLES;
type Timings = Readonly<Partial<Record<Subject, Timing>>>;

async function main(wanted: readonly string[]): Promise<void> {
  const programs = process.env.BENCH_PROGRAMS!;
  const folder = mkdtempSync(join(tmpdir(), 'micro-bench-'));
  const kubelet = await LoneKubelet.start(folder, programs);
  try {
    const pages = fleetPages(SIZE, folder, programs);
    const peer: Timings = wanted.length > 0 ? {}
      : JSON.parse(execFileSync(`${programs}/peer-functions`, [
        `-folder=${folder}`, `-nodes=${SIZE.nodes}`, `-kubelet=${kubelet.host}:${kubelet.port}`, `-ca=${kubelet.caFile}`,
      ], { encoding: 'utf8' }));
    const theirs: Timings = { ...peer, decodeInJavaScript: peer.decode, allPodsInJavaScript: peer.allPods };
    const ours = await measureOurs(pages, kubelet, folder, programs, wanted);
    const row = (subject: Subject) => [
      TITLES[subject], cell(theirs[subject]), cell(ours[subject]),
      theirs[subject] && ours[subject] ? (ours[subject].leastUs / theirs[subject].leastUs).toFixed(2) : '',
    ];
    const rows = (Object.keys(TITLES) as Subject[]).filter((subject) => ours[subject]).map(row);
    process.stdout.write([
      `CPU, µs: least (median). Node ${process.version}, load average ${loadavg()[0].toFixed(1)}, `
        + `pages of ${SIZE.pods} pods (${pages[0][0].length} bytes), ${SIZE.nodes} nodes.`, '',
      '| | metrics-server | ours | ours / metrics-server |', '|---|---|---|---|',
      ...rows.map((cells) => `| ${cells.join(' | ')} |`), '',
    ].join('\n'));
  } finally {
    await kubelet.stop();
    rmSync(folder, { recursive: true });
  }
}

async function measureOurs(
  pages: readonly (readonly Buffer[])[], kubelet: LoneKubelet, folder: string, programs: string, wanted: readonly string[],
): Promise<Timings> {
  const fleet = new ServedFleet(pages);
  const somePod = fleet.pods.list()[17];
  const page = new Page(Math.random, SimdDecoder.create(Math.random, process.env));
  const twin = new Page(Math.random, null);
  const reader = new HttpResponseReader(2 ** 20);
  const answers = pages[0].map(kubeletAnswer);
  let round = 0;
  const paths = {
    onePod: `namespaces/${somePod.namespace}/pods/${somePod.name}`, oneNamespace: `namespaces/${somePod.namespace}/pods`, allPods: 'pods',
  };
  const subjects: Record<Subject, () => Timing | Promise<Timing>> = {
    handshake: () => measureHandshake(kubelet),
    read: () => measure(() => {
      reader.reset();
      answers[round++ % SIZE.nodes].forEach((piece) => reader.push(piece));
    }),
    decode: () => measure(() => decodePage(pages[0][round++ % SIZE.nodes], FIRST_MS, page)),
    decodeInJavaScript: () => measure(() => decodePage(pages[0][round++ % SIZE.nodes], FIRST_MS, twin)),
    onePod: () => measure(() => render(fleet.api, paths.onePod)),
    oneNamespace: () => measure(() => render(fleet.api, paths.oneNamespace), fleet.pods.list(somePod.namespace).length),
    allPods: () => measure(() => render(fleet.api, paths.allPods), fleet.pods.size),
    allPodsInJavaScript: () => measure(() => render(fleet.javaScriptApi, paths.allPods), fleet.pods.size),
    onePodRequest: () => measureRequests(fleet.api, paths.onePod, folder, programs),
    oneNamespaceRequest: () => measureRequests(fleet.api, paths.oneNamespace, folder, programs),
    // The last, because time goes back when its scrapes begin again.
    store: () => measure(() => fleet.scrape(round++ % fleet.decoded.length), SIZE.nodes),
  };
  const timings: Partial<Record<Subject, Timing>> = {};
  for (const subject of Object.keys(subjects) as Subject[]) {
    if (wanted.length === 0 || wanted.includes(subject)) timings[subject] = await subjects[subject]();
  }
  return timings;
}

/** The bytes of a response, as they are handed to the socket. */
function render({ group, version, handle }: GroupVersion, path: string): void {
  const url = `/apis/${group}/${version}/${path}`;
  const { query } = splitUrl(url);
  const options = parseListOptions(query);
  const result = handle({ info: parseRequestInfo('GET', url), query, options, user: { name: '', groups: [] }, signal: NEVER });
  if (result instanceof Promise) throw new TypeError('the API answers at once');
  for (const piece of encodeJson(objectDocument(result, `${group}/${version}`))) if (typeof piece === 'string') Buffer.from(piece);
}

function cell(timing: Timing | undefined): string {
  return timing ? `${timing.leastUs.toPrecision(3)} (${timing.medianUs.toPrecision(3)})` : '';
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
