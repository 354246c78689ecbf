import { encodeProtobuf, ProtobufDocument } from './protobuf';
import { ItemList } from '../item-list';
import { Turns } from '../turns';

/** Made in about a millisecond. */
const SHORT_ITEMS = 512;

/** A message that is made, and who waits for it. */
interface Making {
  readonly document: ProtobufDocument;
  readonly askers: AbortSignal[];
  readonly pieces: Promise<readonly Uint8Array[]>;
}

/**
 * Messages in protobuf, whose length stands first: they are made whole before anything of them is sent. So long ones are made one after the other,
 * and once for all who ask for the same list meanwhile.
 */
export class WholeMessages {
  private readonly turns = new Turns();
  private readonly underWay = new Set<Making>();

  /** @param admit throws when there is no room for one more, or none any more for one that is being made */
  constructor(private readonly admit: () => void = () => {}) {}

  /**
   * In an array of one's own.
   *
   * @param signal aborts when nobody waits for it any more
   */
  async encode(document: ProtobufDocument, signal: AbortSignal): Promise<Uint8Array[]> {
    if (isShort(document.items)) return encodeProtobuf(document);
    const making = [...this.underWay].find((other) => isSame(other.document, document));
    making?.askers.push(signal);
    return [...await (making ?? this.make(document, signal)).pieces];
  }

  private make(document: ProtobufDocument, signal: AbortSignal): Making {
    const askers = [signal];
    const assertWanted = () => {
      if (askers.every(({ aborted }) => aborted)) throw signal.reason;
      this.admit();
    };
    const pieces = this.turns.take(async () => {
      assertWanted();
      return encodeProtobuf(document, assertWanted);
    });
    const making = { document, askers, pieces };
    this.underWay.add(making);
    const ended = () => this.underWay.delete(making);
    pieces.then(ended, ended);
    return making;
  }
}

function isShort(items: ItemList | undefined): boolean {
  return items === undefined || (items.length !== undefined && items.length <= SHORT_ITEMS);
}

/** Lists that are written from columns are whole: metadata, which says where a list goes on, is only in parts of lists (Paging), which are items one by one. */
function isSame(one: ProtobufDocument, other: ProtobufDocument): boolean {
  const list = one.items?.inBytes;
  return list !== undefined && list === other.items?.inBytes && one.apiVersion === other.apiVersion && one.kind === other.kind;
}
