import { KubeObject } from './kube-object';
import { badRequest } from './status';

export type Selector = (object: KubeObject) => boolean;

/** The selector of a list or watch: `labelSelector` and `fieldSelector` together; undefined when there is none. */
export function selectorOf(query: URLSearchParams): Selector | undefined {
  const terms = [
    ...split(query.get('labelSelector')).map(labelTerm),
    ...split(query.get('fieldSelector')).map(fieldTerm),
  ];
  return terms.length === 0 ? undefined : (object) => terms.every((matches) => matches(object));
}

/** At commas that are not inside the parentheses of `in (a,b)`. */
function split(selector: string | null): string[] {
  return (selector ?? '').split(/,(?![^(]*\))/).map((term) => term.trim()).filter(Boolean);
}

function fieldTerm(term: string): Selector {
  const match = /^([\w.]+)(==|!=|=)(.*)$/.exec(term);
  if (!match) throw badRequest(`invalid field selector: ${term}`);
  const [, path, operator, wanted] = match;
  if (!['metadata.name', 'metadata.namespace', 'status.phase', 'spec.nodeName'].includes(path)) {
    throw badRequest(`field label not supported: ${path}`);
  }
  const [section, field] = path.split('.');
  return (object) => ((object[section]?.[field] ?? '') === wanted) === (operator !== '!=');
}

function labelTerm(term: string): Selector {
  const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set) {
    const values = set[3].split(',').map((value) => value.trim());
    return (object) => values.includes(object.metadata.labels?.[set[1]] ?? '\0') === (set[2] === 'in');
  }
  const equality = /^([\w./-]+)\s*(==|!=|=)\s*([\w.-]*)$/.exec(term);
  if (equality) return (object) => (object.metadata.labels?.[equality[1]] === equality[3]) === (equality[2] !== '!=');
  const existence = /^(!?)([\w./-]+)$/.exec(term);
  if (existence) return (object) => (object.metadata.labels?.[existence[2]] !== undefined) === (existence[1] === '');
  throw badRequest(`unable to parse requirement: ${term}`);
}
