import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { FleetSize, sizeFlags } from '../fleet';

const EPOCH_MS = 1_795_229_800_000;
/** When the first scrape began, and how long after it the next does. */
export const FIRST_MS = EPOCH_MS + 3_600_000;
export const INTERVAL_MS = 15_000;
const SCRAPES = 8;

/** What the fleet's kubelets answer to scrapes, one after the other: by scrape and node. */
export function fleetPages(size: FleetSize, folder: string, programs: string): readonly (readonly Buffer[])[] {
  execFileSync(`${programs}/pages`, [...sizeFlags(size), `-folder=${folder}`, `-epoch=${EPOCH_MS / 1000}`, `-moments=${SCRAPES}`]);
  return Array.from({ length: SCRAPES }, (_, scrape) => (
    Array.from({ length: size.nodes }, (__, node) => readFileSync(join(folder, `${scrape}-${node}`)))
  ));
}
