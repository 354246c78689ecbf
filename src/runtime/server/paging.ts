import { setImmediate } from 'node:timers/promises';
import { Clock, Random } from '../clock';
import { ApiItem } from './api-object';
import { decodeContinueToken, encodeContinueToken, ListPosition, ObjectName } from './continue-token';
import { ApiResult } from './group-version';
import { ListOptions } from './list-options';
import { ListSnapshots } from './list-snapshots';
import { StatusError } from './status';
import { Turns } from './turns';

const TURN_ITEMS = 1000;

/**
 * What kubectl and client-go's pager ask for without being told to. kubectl gives up at a 410, which is what another replica says to the
 * token of the first part.
 */
const UNASKED_LIMIT = 500;

type List = Extract<ApiResult, { readonly items: unknown }>;

/** A list as it is asked for. */
export interface ListQuestion {
  /** Path and selectors: what must stay the same from part to part. */
  readonly text: string;
  readonly options: ListOptions;
  /** Of who asks: who has gone is not read for. */
  readonly signal: AbortSignal;
}

/**
 * Answers lists in parts where `limit` and `continue` ask for them: all parts show the moment of the first. From a limit of 500 on lists
 * are whole, as the API lets a server answer.
 */
export class Paging {
  private readonly snapshots: ListSnapshots<List>;
  /** No more than one list is held beside the snapshots. */
  private readonly turns = new Turns();

  constructor(surroundings: { readonly clock: Clock; readonly random: Random }) {
    this.snapshots = new ListSnapshots(surroundings.clock, surroundings.random);
  }

  /**
   * Throws a StatusError: 400 for a token that cannot be read, 410 for one whose snapshot is not here: gone, of another replica or of
   * another list.
   *
   * @param read gives all of the list, sorted by namespace and name
   */
  async answer({ text, options: asked, signal }: ListQuestion, read: () => ApiResult | Promise<ApiResult>): Promise<ApiResult> {
    const options = { ...asked, limit: asked.limit < UNASKED_LIMIT ? asked.limit : 0 };
    if (options.continue === '') return this.begin(await read(), { text, options, signal });
    const position = await positionIn(options, read);
    if (position.snapshot === undefined) return this.begin(await read(), { text, options, signal }, position.after);
    const kept = this.snapshots.find(position.snapshot, text);
    if (kept) return part(kept.list, kept.items, position, options);
    await read();
    throw StatusError.continueExpired(encodeContinueToken({ ...position, snapshot: undefined }));
  }

  close(): void {
    this.snapshots.clear();
  }

  private async begin(result: ApiResult, { text, options, signal }: ListQuestion, after?: ObjectName): Promise<ApiResult> {
    if (!('items' in result)) return result;
    const wanted = after ? itemsAfter(result.items, after) : result.items;
    if (options.limit <= 0) return { ...result, items: wanted };
    const items = await this.turns.take(async () => {
      signal.throwIfAborted();
      return collected(wanted);
    });
    if (items.length <= options.limit) return { ...result, items };
    const snapshot = this.snapshots.keep({ question: text, list: { ...result, items: [] }, items });
    return part(result, items, { snapshot }, options);
  }
}

/** What is wrong with the rest of the question is said first, as kube-apiserver does. */
async function positionIn(options: ListOptions, read: () => unknown): Promise<ListPosition> {
  try {
    const position = decodeContinueToken(options.continue);
    if (['', '0'].includes(options.resourceVersion)) return position;
  } catch (error) {
    await read();
    throw error;
  }
  await read();
  throw StatusError.badRequest('specifying resource version is not allowed when using continue');
}

/** As much as is asked for, and where it goes on. */
function part(list: List, all: readonly ApiItem[], from: { readonly snapshot?: number; readonly after?: ObjectName }, options: ListOptions): List {
  const { limit, labelSelector, fieldSelector } = options;
  const start = from.after ? indexAfter(all, from.after) : 0;
  const remaining = all.length - start - limit;
  if (limit <= 0 || remaining <= 0) return { ...list, items: all.slice(start) };
  const items = all.slice(start, start + limit);
  const { namespace, name } = items[limit - 1];
  const position: ListPosition = { snapshot: from.snapshot, after: { namespace, name } };
  const isSelected = fieldSelector.length > 0 || !labelSelector.isEverything;
  return {
    ...list,
    items,
    // As kube-apiserver, which does not count what selectors leave out.
    metadata: { continue: encodeContinueToken(position), ...!isSelected && { remainingItemCount: remaining } },
  };
}

function* itemsAfter(items: Iterable<ApiItem>, name: ObjectName): Generator<ApiItem> {
  for (const item of items) {
    if (isAfter(item, name)) yield item;
  }
}

/** Of sorted items, by halves. */
function indexAfter(items: readonly ApiItem[], name: ObjectName): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isAfter(items[middle], name)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isAfter(item: ObjectName, { namespace, name }: ObjectName): boolean {
  return item.namespace === namespace ? item.name > name : item.namespace > namespace;
}

/** Others have their turn in between: a list may be long. */
async function collected(items: Iterable<ApiItem>): Promise<ApiItem[]> {
  const all: ApiItem[] = [];
  for (const item of items) {
    all.push(item);
    if (all.length % TURN_ITEMS === 0) await setImmediate();
  }
  return all;
}
