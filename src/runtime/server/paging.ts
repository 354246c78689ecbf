import { Clock, Random } from '../clock';
import { ApiItem } from './api-object';
import { decodeContinueToken, encodeContinueToken, ListPosition, ObjectName } from './continue-token';
import { ApiResult } from './group-version';
import { ListOptions } from './list-options';
import { ListSnapshots } from './list-snapshots';
import { StatusError } from './status';

type List = Extract<ApiResult, { readonly items: unknown }>;

/** A list as it is asked for. */
export interface ListQuestion {
  /** Path and selectors: what must stay the same from part to part. */
  readonly text: string;
  readonly options: ListOptions;
}

/** Answers lists in parts where `limit` and `continue` ask for them: all parts show the moment of the first. */
export class Paging {
  private readonly snapshots: ListSnapshots<List>;

  constructor(surroundings: { readonly clock: Clock; readonly random: Random }) {
    this.snapshots = new ListSnapshots(surroundings.clock, surroundings.random);
  }

  /**
   * Throws a StatusError: 400 for a token that cannot be read, 410 for one whose snapshot is gone, or was made by another replica or for another list.
   *
   * @param read gives all of the list, sorted by namespace and name
   */
  async answer(question: ListQuestion, read: () => ApiResult | Promise<ApiResult>): Promise<ApiResult> {
    const { options, text } = question;
    if (options.continue === '') return this.begin(await read(), question);
    const { snapshot, after } = decodeContinueToken(options.continue);
    if (!['', '0'].includes(options.resourceVersion)) throw StatusError.badRequest('specifying resource version is not allowed when using continue');
    if (snapshot === undefined) return this.begin(await read(), question, after);
    const kept = this.snapshots.find(snapshot, text);
    if (!kept) throw StatusError.continueExpired(encodeContinueToken({ snapshot: undefined, after }));
    return part(kept.list, kept.items, { snapshot, after }, options);
  }

  close(): void {
    this.snapshots.clear();
  }

  private begin(result: ApiResult, { text, options }: ListQuestion, after?: ObjectName): ApiResult {
    if (!('items' in result)) return result;
    if (options.limit <= 0) return after ? { ...result, items: itemsAfter(result.items, after) } : result;
    const items = [...after ? itemsAfter(result.items, after) : result.items];
    if (items.length <= options.limit) return { ...result, items };
    const snapshot = this.snapshots.keep({ question: text, list: { ...result, items: [] }, items });
    return part(result, items, { snapshot }, options);
  }
}

/** As much as is asked for, and where it goes on. */
function part(list: List, all: readonly ApiItem[], from: { readonly snapshot: number; readonly after?: ObjectName }, options: ListOptions): List {
  const { limit, labelSelector, fieldSelector } = options;
  const rest = from.after ? [...itemsAfter(all, from.after)] : all;
  if (limit <= 0 || rest.length <= limit) return { ...list, items: rest };
  const items = rest.slice(0, limit);
  const { namespace, name } = items[limit - 1];
  const position: ListPosition = { snapshot: from.snapshot, after: { namespace, name } };
  const isSelected = fieldSelector.length > 0 || !labelSelector.isEverything;
  return {
    ...list,
    items,
    // As kube-apiserver, which does not count what selectors leave out.
    metadata: { continue: encodeContinueToken(position), ...!isSelected && { remainingItemCount: rest.length - limit } },
  };
}

function* itemsAfter(items: Iterable<ApiItem>, { namespace, name }: ObjectName): Generator<ApiItem> {
  for (const item of items) {
    if (item.namespace === namespace ? item.name > name : item.namespace > namespace) yield item;
  }
}
