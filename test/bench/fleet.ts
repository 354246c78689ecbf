import { once } from 'events';
import { writeFileSync } from 'fs';
import { get } from 'http';
import { text } from 'stream/consumers';
import { setTimeout as delay } from 'timers/promises';
import { ControlPlane } from '../e2e/control-plane/control-plane';
import { eventually } from '../e2e/control-plane/eventually';
import { Process } from '../e2e/control-plane/process';
import { createCertificateAuthority, issueCertificate } from '../simulated-cluster/pki';

/** A process may hold 20,000 open files on common machines; each node costs one, or two while a server is replaced. */
const NODES_PER_PROCESS = 9_000;
const FIRST_CONTROL_PORT = 10_251;
/** More than lies between two requests of the same cycle. */
const PAUSE_MS = 600;

/** `pods` and `containers` of each node, as the programs' flags have them. */
export interface FleetSize {
  readonly nodes: number;
  readonly pods: number;
  readonly containers: number;
}

/** What the kubelets did since they started. */
export interface FleetCounters {
  readonly scrapes: number;
  /** Requests without a token or for something else. */
  readonly refused: number;
  readonly connections: number;
  /** Both directions, with TLS and without TCP. */
  readonly wireBytes: number;
}

export function sizeFlags({ nodes, pods, containers }: FleetSize): string[] {
  return [`-nodes=${nodes}`, `-pods=${pods}`, `-containers=${containers}`];
}

/** The simulated kubelets: as many processes as their open files need, which share one port. */
export class Fleet {
  public static async start(size: FleetSize, programs: string, controlPlane: ControlPlane): Promise<Fleet> {
    const { certificate, key } = await issueCertificate(await createCertificateAuthority('kubelets'), { commonName: 'kubelet', usages: ['server'] });
    const [certificateFile, keyFile] = [controlPlane.path('kubelet.crt'), controlPlane.path('kubelet.key')];
    writeFileSync(certificateFile, certificate);
    writeFileSync(keyFile, key, { mode: 0o600 });
    const epoch = Math.floor(Date.now() / 1000);
    const processes = Array.from({ length: Math.ceil(size.nodes / NODES_PER_PROCESS) }, (_, i) => new Process('kubelets', `${programs}/kubelets`, [
      ...sizeFlags(size), `-epoch=${epoch}`, `-certificate=${certificateFile}`, `-key=${keyFile}`, `-control-port=${FIRST_CONTROL_PORT + i}`,
    ], controlPlane.path(`kubelets-${i}.log`)));
    const fleet = new Fleet(size, processes);
    await eventually(() => fleet.counters());
    return fleet;
  }

  private constructor(public readonly size: FleetSize, private readonly processes: readonly Process[]) {}

  public get pids(): readonly number[] {
    return this.processes.map(({ pid }) => pid);
  }

  /** On 127.0.0.1: each tells what its process did, and is told which pods have been replaced. */
  public get controlPorts(): readonly number[] {
    return this.processes.map((_, i) => FIRST_CONTROL_PORT + i);
  }

  public async counters(): Promise<FleetCounters> {
    const each = await Promise.all(this.controlPorts.map(readCounters));
    const sum = (field: keyof FleetCounters) => each.reduce((total, counters) => total + counters[field], 0);
    return { scrapes: sum('scrapes'), refused: sum('refused'), connections: sum('connections'), wireBytes: sum('wireBytes') };
  }

  /** Resolves when nobody asks kubelets, which is until the next cycle; or after a time, where cycles leave no pause. */
  public async untilPause(withinMs: number): Promise<void> {
    const end = Date.now() + withinMs;
    let before: number;
    let { scrapes } = await this.counters();
    do {
      before = scrapes;
      await delay(PAUSE_MS);
      ({ scrapes } = await this.counters());
    } while (scrapes !== before && Date.now() < end);
  }

  public async stop(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.stop()));
  }
}

async function readCounters(port: number): Promise<FleetCounters> {
  const [response] = await once(get({ host: '127.0.0.1', port, agent: false }), 'response');
  return JSON.parse(await text(response)) as FleetCounters;
}
