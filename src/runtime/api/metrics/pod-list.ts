import { timestamp } from '../timestamp';
import { PodListCursor, PodListOptions } from './pod-list-cursor';
import { PodRuns } from './pod-runs';
import { SimdPodRows } from './simd-pod-rows';
import { Fragment } from '../../server/encoding/byte-writer';
import { ItemsInBytes } from '../../server/item-list';

/** PodMetrics of a list that are written straight from the store's columns. */
export class PodList implements ItemsInBytes {
  private readonly created: Fragment;

  /** @param simd writes them in JSON. @default JavaScript does */
  constructor(private readonly options: PodListOptions, private readonly simd?: SimdPodRows) {
    this.created = new Fragment(`,"creationTimestamp":"${timestamp(options.createdMs)}"`);
  }

  get places(): number {
    return this.options.pods.length;
  }

  get some(): boolean {
    return this.options.pods.some((pod) => this.options.figures.moveTo(pod));
  }

  /** Whether a list of the same pods that is made then says so in the same text: it does within a second. */
  isOf(createdMs: number): boolean {
    return timestamp(createdMs) === timestamp(this.options.createdMs);
  }

  cursor(from = 0): PodListCursor {
    return new PodListCursor(this.options, this.created, from);
  }

  jsonRuns(from: number): PodRuns | undefined {
    const { created, options, simd } = this;
    return simd && new PodRuns(new PodListCursor(options, created, from, false), simd, options.createdMs);
  }
}
