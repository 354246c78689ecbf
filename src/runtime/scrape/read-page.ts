import { ScrapeFailure } from './outcome';
import { Page } from './page';
import { decodePage } from './page-decoder';
import { PageError } from './page-error';
import { decodeSummary } from './summary-decoder';

/** The page of JSON is parsed at once, and is some ten times as large in memory; 4 MiB are more than a thousand pods. */
const MAX_SUMMARY_BYTES = 4 * 1024 * 1024;
const OPEN_BRACE = 0x7b;

/** Reads a kubelet's answer, `/metrics/resource` or, known by its first byte, `/stats/summary`, into `page`; returns what is wrong with it. */
export function readPage(body: Buffer, startedMs: number, page: Page): ScrapeFailure | undefined {
  const isSummary = body[0] === OPEN_BRACE;
  if (isSummary && body.length > MAX_SUMMARY_BYTES) {
    return { reason: 'too-large', message: `the summary has ${body.length} bytes, ${MAX_SUMMARY_BYTES} bytes are accepted` };
  }
  try {
    const decode = isSummary ? decodeSummary : decodePage;
    decode(body, startedMs, page);
  } catch (error) {
    if (error instanceof PageError) return { reason: 'parse', message: error.message };
    throw error;
  }
  if (page.hasNode || page.containers > 0) return undefined;
  return { reason: 'empty', message: `no usage of node or containers in ${body.length} bytes; the kubelet may have just started` };
}
