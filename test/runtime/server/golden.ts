import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What metrics-server v0.9.0 answered. */
export function golden(name: string): string {
  return readFileSync(join(__dirname, '../../golden/metrics-server-v0.9.0', name), 'utf8');
}
