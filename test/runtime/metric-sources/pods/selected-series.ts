import { SeriesSelector } from '../../../../src/_facts/series-selector';
import { SeriesReader } from '../../../../src/runtime/metric-sources/pods/series-reader';
import { PageSeries } from '../../../../src/runtime/metric-sources/pods/text-format';

/** What a selector chooses of a page that arrives in pieces. @throws Error with what is wrong with the page */
export function selectedSeries(page: string | Buffer, selector: SeriesSelector, pieceBytes = Infinity): readonly PageSeries[] {
  const reader = new SeriesReader([{ selector }]);
  const bytes = Buffer.from(page as string);
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
  const [chosen] = reader.end();
  if (chosen instanceof Error) throw chosen;
  return chosen;
}
