import * as yaml from 'yaml';
import { programOf } from './program';
import { isLeft, translate } from './translate';
import { docsUrl } from '../../_docs';
import { ConfigurationError } from '../../runtime/configuration-file/configuration-error';
import { ConfigurationNode } from '../../runtime/configuration-file/configuration-node';
import { documentOf } from '../../runtime/configuration-file/document';
import type { Installed } from '../installed';
import { Mistake } from '../mistake';
import { Translated } from '../translated';

/** prometheus-adapter, as whoever moves away from it describes it. */
export interface PrometheusAdapter {
  /** What messages call its configuration. */
  readonly file: string;
  readonly text: string;
  readonly namespace: string;
  readonly prometheusUrl?: string;
}

/** @throws Mistake when the file cannot be read as a configuration, or has no rules */
export function fromPrometheusAdapter({ file, text, namespace, prometheusUrl }: PrometheusAdapter, installed: Installed): Translated {
  const translation = translate(documentIn(file, text), installed.library);
  if (translation.statements.length === 0 && !translation.resourceRules) {
    throw new Mistake(`${file} has no rules: by it prometheus-adapter serves nothing, and a chart would have nothing to serve`);
  }
  return {
    program: programOf({ file, translation, namespace, prometheusUrl, guide: docsUrl('migrate-from-prometheus-adapter.md', installed) }),
    complaints: translation.statements.filter(isLeft).map(({ at, reason }) => `${at}: ${reason}`),
  };
}

function documentIn(file: string, text: string): ConfigurationNode {
  try {
    const document = documentOf(yaml, file, text);
    document.entries();
    return document;
  } catch (error) {
    throw error instanceof ConfigurationError ? new Mistake(error.message) : error;
  }
}
