import { App, Chart, Duration } from 'cdk8s';
import { resourceRulesOf, ruleOf, Said } from './rules';
import type * as Library from '../../index';
import { ConfigurationError } from '../../runtime/configuration-file/configuration-error';
import { ConfigurationNode } from '../../runtime/configuration-file/configuration-node';
import { evaluate } from '../typescript/evaluate';
import { Fields } from '../typescript/expression';

const METHODS = { rules: 'addDiscoveryRule', externalRules: 'addExternalDiscoveryRule' } as const;

/** A rule of the configuration, in its order. */
export interface Statement extends Said {
  readonly method: typeof METHODS[keyof typeof METHODS];
  /** `config.yaml:12` */
  readonly at: string;
}

/** What nothing here says. */
export interface Left {
  readonly at: string;
  readonly reason: string;
}

export interface Translation {
  readonly resourceRules?: Said;
  readonly statements: readonly (Statement | Left)[];
}

export function isLeft(one: Statement | Left): one is Left {
  return 'reason' in one;
}

/** Each part by itself, so that what cannot be said keeps nothing else from being said. */
export function translate(document: ConfigurationNode, library: typeof Library): Translation {
  const trial = new Trial(library);
  const statements: (Statement | Left)[] = [];
  let rulesOfResources: Said | undefined;
  for (const [name, node] of document.entries()) {
    if (name === 'rules' || name === 'externalRules') {
      const method = METHODS[name];
      for (const rule of listOf(node, statements)) {
        const translated = said(rule, () => ruleOf(rule, name === 'externalRules'), (options) => trial.adapter()[method](options));
        statements.push('reason' in translated ? translated : { ...translated, method, at: placeOf(rule) });
      }
    } else if (name === 'resourceRules') {
      const translated = said(node, () => resourceRulesOf(node), (options) => trial.adapter({ resourceRules: options }));
      if ('reason' in translated) statements.push(translated);
      else rulesOfResources = translated;
    } else {
      statements.push({ at: placeOf(node), reason: `${name} is not prometheus-adapter's, which has rules, externalRules and resourceRules` });
    }
  }
  return { resourceRules: rulesOfResources, statements };

  function said(node: ConfigurationNode, read: () => Said, use: (options: any) => void): Said | Left {
    try {
      const translated = read();
      use(trial.evaluated(translated.options));
      return translated;
    } catch (error) {
      return leftBy(error as Error, node);
    }
  }
}

function listOf(node: ConfigurationNode, left: (Statement | Left)[]): readonly ConfigurationNode[] {
  try {
    return node.list();
  } catch (error) {
    left.push(leftBy(error as Error, node));
    return [];
  }
}

/** A mistake of the configuration says itself where it is; what the construct refuses, is the rule's. */
function leftBy(error: Error, node: ConfigurationNode): Left {
  if (error instanceof ConfigurationError) return { at: `${error.file}:${error.line}`, reason: error.problem };
  return { at: placeOf(node), reason: `${node.path}: ${error.message.replace(/^\[.*?\] /, '')}` };
}

function placeOf({ file, line }: ConfigurationNode): string {
  return `${file}:${line}`;
}

/** The library itself says what it refuses. */
class Trial {
  constructor(private readonly library: typeof Library) {}

  adapter(props: object = {}): Library.MetricsAdapter {
    const { MetricsAdapter, MetricSource } = this.library;
    return new MetricsAdapter(new Chart(new App(), 'chart'), 'metrics-adapter', { sources: [MetricSource.prometheus({ url: 'http://prometheus' })], ...props });
  }

  evaluated(options: Fields): any {
    return evaluate(options, { ...this.library, Duration });
  }
}
