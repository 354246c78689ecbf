import { FIRST_MS, INTERVAL_MS } from './fleet-pages';
import { metricsApi } from '../../../src/runtime/api/metrics/metrics-api';
import { SimdPodRows } from '../../../src/runtime/api/metrics/simd-pod-rows';
import { Clock, systemClock } from '../../../src/runtime/clock';
import { LabelSets } from '../../../src/runtime/cluster/label-sets';
import { NodeRecord } from '../../../src/runtime/cluster/node';
import { ObjectCache } from '../../../src/runtime/cluster/object-cache';
import { ObjectMetadata } from '../../../src/runtime/cluster/object-metadata';
import { Page } from '../../../src/runtime/scrape/page';
import { decodePage } from '../../../src/runtime/scrape/page-decoder';
import { GroupVersion } from '../../../src/runtime/server/group-version';
import { MetricStore } from '../../../src/runtime/store/metric-store';

/** A store that holds what scrapes of the fleet brought, and the API above it. */
export class ServedFleet {
  readonly pods = new ObjectCache<ObjectMetadata>();
  readonly store: MetricStore;
  readonly api: GroupVersion;
  /** The same, written without WebAssembly. */
  readonly javaScriptApi: GroupVersion;
  /** Of each node, decoded, by scrape. */
  readonly decoded: readonly (readonly Page[])[];

  constructor(pages: readonly (readonly Buffer[])[]) {
    const clock: Clock = { ...systemClock, now: () => FIRST_MS + pages.length * INTERVAL_MS };
    this.store = new MetricStore({ clock, random: Math.random, resolutionMs: INTERVAL_MS });
    this.decoded = pages.map((ofNodes, scrape) => ofNodes.map((body) => {
      // Of a page that WebAssembly decodes, the rows are gone with the next.
      const page = new Page(Math.random, null);
      decodePage(body, FIRST_MS + scrape * INTERVAL_MS, page);
      return page;
    }));
    for (let scrape = 0; scrape < this.decoded.length; scrape++) this.scrape(scrape);

    const labels = new LabelSets();
    const names = new Set(pages[0].flatMap((body) => body.toString('latin1').match(/namespace="[^"]+",pod="[^"]+"/g)!));
    this.pods.replace(Array.from(names, (text) => {
      const [, namespace, name] = /namespace="(.+)",pod="(.+)"/.exec(text)!;
      const [app, hash] = [name.replace(/-[^-]+-[^-]+$/, ''), name.split('-').at(-2)!];
      return { namespace, name, labels: labels.of({ 'app': app, 'pod-template-hash': hash }) };
    }));
    const options = { version: 'v1beta1', nodes: new ObjectCache<NodeRecord>(), pods: this.pods, usage: this.store, clock } as const;
    this.api = metricsApi({ ...options, simdPodRows: SimdPodRows.onDemand(process.env) });
    this.javaScriptApi = metricsApi(options);
  }

  /** Stores what a scrape of all nodes brought. */
  scrape(scrape: number): void {
    this.decoded[scrape].forEach((page, node) => this.store.apply(String(node), page));
  }
}
