import { execFileSync } from 'child_process';
import { FleetSize, sizeFlags } from './fleet';

/** CPU that no scraper can do without, for one page, in the language and with the instructions that are fastest at it. */
export interface Floor {
  /** A request and its answer on a kept connection of plain TCP. */
  readonly transportUs: number;
  /** AES-128-GCM over the answer. */
  readonly decryptUs: number;
  /** Finding the lines of the page and whose they are. */
  readonly parseUs: number;
}

export function totalUs({ transportUs, decryptUs, parseUs }: Floor): number {
  return transportUs + decryptUs + parseUs;
}

/** Takes a few seconds. */
export function floorOfScrape(programs: string, { pods, containers }: FleetSize): Floor {
  // The nodes are only pages and connections: enough that caches do not hold them all.
  return JSON.parse(execFileSync(`${programs}/floor`, sizeFlags({ nodes: 200, pods, containers }), { encoding: 'utf8' })) as Floor;
}
