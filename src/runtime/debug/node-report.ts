import { NodeRecord } from '../cluster/node';
import { AddressScrapes, ScrapeOutcomes } from '../scrape/outcomes';

/** One line of /debug/nodes. Times are RFC 3339; what is unknown or does not apply is left out. */
export interface NodeReport {
  readonly name: string;
  readonly ready: boolean;
  /** `ok`, `not-scraped`, or why the last scrape failed. */
  readonly state: string;
  readonly message?: string;
  readonly lastScrape?: string;
  readonly lastSuccess?: string;
  /** Scrapes that have failed since the last success. */
  readonly failures: number;
  readonly addresses: readonly AddressReport[];
}

export interface AddressReport {
  readonly address: string;
  readonly attempts: number;
  readonly failures: number;
  readonly state: string;
  readonly durationMs: number;
  /** Of the certificate that was shown last, accepted or not. */
  readonly certificateNames?: string;
}

/** What the runtime knows of each node it is to scrape. */
export function nodeReports(nodes: readonly NodeRecord[], outcomes: ScrapeOutcomes): NodeReport[] {
  return nodes.map(({ name, ready }) => {
    const scrapes = outcomes.scrapesOf(name);
    if (!scrapes) return { name, ready, state: 'not-scraped', message: 'has not been scraped yet', failures: 0, addresses: [] };
    const { last, lastSuccessMs, failures, addresses } = scrapes;
    return {
      name,
      ready,
      state: last.failure?.reason ?? 'ok',
      message: last.failure?.message,
      lastScrape: rfc3339(last.startedMs),
      lastSuccess: lastSuccessMs === undefined ? undefined : rfc3339(lastSuccessMs),
      failures,
      addresses: addresses.map(addressReport),
    };
  });
}

function addressReport({ address, attempts, failures, last }: AddressScrapes): AddressReport {
  const { failure, durationMs, certificateNames } = last;
  return { address, attempts, failures, state: failure?.reason ?? 'ok', durationMs: Math.round(durationMs), certificateNames };
}

function rfc3339(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
