import { ScrapeFailure } from './outcome';
import { Page } from './page';
import { decodePage } from './page-decoder';
import { PageError } from './page-error';

/** Reads a kubelet's answer into `page`; returns what is wrong with it. */
export function readPage(body: Buffer, startedMs: number, page: Page): ScrapeFailure | undefined {
  try {
    decodePage(body, startedMs, page);
  } catch (error) {
    if (error instanceof PageError) return { reason: 'parse', message: error.message };
    throw error;
  }
  if (page.hasNode || page.containers > 0) return undefined;
  return { reason: 'empty', message: `no usage of node or containers in ${body.length} bytes; the kubelet may have just started` };
}
