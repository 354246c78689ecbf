import { escapePath } from './kubelet-request';
import { KubeletSource } from '../../_facts/flags';
import { NodeRecord } from '../cluster/node';

export const RESOURCE_PAGE = '/metrics/resource';
/** Kubelets that are too old for the query send all they have. */
export const SUMMARY_PAGE = '/stats/summary?only_cpu_and_memory=true';

/** virtual-kubelet answers 501 for a page that its provider does not implement. */
export function hasNoSuchPage(status: number): boolean {
  return status === 404 || status === 501;
}

/** Which page a kubelet is asked for, path and query. */
export class KubeletPage {
  private current: string;
  /** That `current` was found out about. */
  private machine: string | undefined;

  constructor(private readonly source: KubeletSource) {
    this.current = this.first;
  }

  private get first(): string {
    return this.source === 'summary' ? SUMMARY_PAGE : RESOURCE_PAGE;
  }

  /** The node's annotation wins. Another machine under its name, or another boot, may have another kubelet. */
  of({ metricsPath, machine }: NodeRecord): string {
    if (metricsPath !== undefined) return escapePath(metricsPath);
    if (machine !== this.machine) this.current = this.first;
    this.machine = machine;
    return this.current;
  }

  /** What to ask for when the kubelet does not have its page; undefined when there is nothing else. */
  insteadOf(missing: string): string | undefined {
    if (this.source !== 'auto' || missing !== this.current) return undefined;
    return missing === RESOURCE_PAGE ? SUMMARY_PAGE : RESOURCE_PAGE;
  }

  /** It is asked for from now on. */
  remember(found: string): void {
    this.current = found;
  }
}
