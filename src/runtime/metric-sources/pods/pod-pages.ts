import { PageValues } from './page-reading';
import { RunningPod } from './running-pods';
import { parseSeriesSelector, SeriesSelector, SeriesSelectorError } from '../../../_facts/series-selector';
import { readAt } from '../../configuration-file/compiled';
import { ConfigurationNode } from '../../configuration-file/configuration-node';
import { AccessConfiguration } from '../../prometheus/source-configuration';
import { checkPath } from '../document-path';
import { JSON_FIELDS, jsonRules } from '../json-samples';

const TEXT_FORMAT = 'text/plain;version=0.0.4, */*;q=0.1';

/** Which page of a pod is read, and what of it. */
export interface PodPages extends PageValues {
  /** With `pod` for the address. */
  readonly url: URL;
  readonly access: AccessConfiguration;
  /** Undefined for what the page says. */
  readonly isCounter?: boolean;
  urlOf(pod: RunningPod): URL;
}

type Fields = Readonly<Record<'scheme' | 'port' | 'path' | 'series' | 'type' | 'json', ConfigurationNode>>;

/** @throws ConfigurationError */
export function podPages({ scheme, port, path, series, type, json }: Fields, access: AccessConfiguration): PodPages {
  if (series.isAbsent === json.isAbsent) throw series.error('or json must be given, and only one of them: what of the page is read');
  if (json.isAbsent === false && !type.isAbsent) throw type.error('is not for json, whose numbers are taken as they are');
  if (!path.isAbsent) checkPath(path, '/metrics');
  const url = new URL(`${oneOf(scheme, 'http', 'https')}://pod:${portOf(port)}${path.text() || '/metrics'}`);
  const given = oneOf(type, '', 'counter', 'gauge');
  return {
    url,
    access: series.isAbsent ? access : { ...access, headers: { Accept: TEXT_FORMAT, ...access.headers } },
    series: series.isAbsent ? undefined : seriesSelectorAt(series),
    isCounter: given === '' ? undefined : given === 'counter',
    json: json.isAbsent ? undefined : jsonRules(json.fields(...JSON_FIELDS)),
    urlOf({ ip }) {
      const own = new URL(url);
      own.hostname = ip.includes(':') ? `[${ip}]` : ip;
      return own;
    },
  };
}

/** @throws ConfigurationError */
function seriesSelectorAt(node: ConfigurationNode): SeriesSelector {
  return readAt(node, 'a selector', SeriesSelectorError, parseSeriesSelector);
}

function portOf(node: ConfigurationNode): number {
  const port = node.number();
  if (port === undefined) throw node.error('is missing; give the port that the pods listen on');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw node.error(`is ${port}; give a number from 1 to 65535`);
  return port;
}

/** The first is the default. */
function oneOf<T extends string>(node: ConfigurationNode, ...allowed: readonly T[]): T {
  const found = allowed.find((one) => one === (node.text() || allowed[0]));
  if (found === undefined) throw node.error(`is ${JSON.stringify(node.text())}; give ${allowed.filter(Boolean).join(' or ')}`);
  return found;
}
