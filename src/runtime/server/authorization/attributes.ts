import { parseSelector, Requirement } from '../../labels/selector';
import { parseFieldSelector } from '../field-selector';
import { hasShortSelectors } from '../list-options';
import { RequestInfo } from '../request-info';
import { UserInfo } from '../user';

/** Who wants to do what: all that authorization may look at. */
export interface Attributes extends RequestInfo {
  readonly user: UserInfo;
  readonly fieldSelector?: readonly SelectorRequirement[];
  readonly labelSelector?: readonly SelectorRequirement[];
}

/** As meta/v1 LabelSelectorRequirement and FieldSelectorRequirement say it. */
export interface SelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** Verbs whose selectors narrow what is asked for. */
const SELECTING_VERBS = ['list', 'watch', 'deletecollection'];

export function attributesOf(user: UserInfo, info: RequestInfo, query: URLSearchParams): Attributes {
  // A verb in the path, watch, has no selectors, as with k8s.io/apiserver: single objects are watched that way, too.
  const isSelecting = info.isResourceRequest && SELECTING_VERBS.includes(info.verb) && info.parts[0] !== info.verb;
  if (!isSelecting || !hasShortSelectors(query)) return { ...info, user };
  return {
    ...info,
    user,
    fieldSelector: readable(() => parseFieldSelector(query.get('fieldSelector') ?? '').map(({ field, operator, value }) => (
      { key: field, operator: operator === '=' ? 'In' : 'NotIn', values: [value] }
    ))),
    labelSelector: readable(() => parseSelector(query.get('labelSelector') ?? '').requirements.flatMap(toSelectorRequirement)),
  };
}

/** A selector that cannot be read narrows nothing: the request is authorized as if it had none, and refused later. */
function readable(parse: () => SelectorRequirement[]): SelectorRequirement[] | undefined {
  try {
    const requirements = parse();
    return requirements.length > 0 ? requirements : undefined;
  } catch {
    return undefined;
  }
}

/** Comparisons have no counterpart; leaving one out asks for more than is wanted, never for less. */
function toSelectorRequirement({ key, operator, values }: Requirement): SelectorRequirement[] {
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return [{ key, operator: 'In', values }];
    case '!=':
    case 'notin':
      return [{ key, operator: 'NotIn', values }];
    case 'exists':
      return [{ key, operator: 'Exists' }];
    case '!':
      return [{ key, operator: 'DoesNotExist' }];
    default:
      return [];
  }
}
