import { encodeProtobuf, ProtobufDocument } from '../../../../src/runtime/server/encoding/protobuf';
import { WholeMessages } from '../../../../src/runtime/server/encoding/whole-messages';
import { ItemsInBytes } from '../../../../src/runtime/server/item-list';
import { StatusError } from '../../../../src/runtime/server/status';

const PIECES = 4;
const never = new AbortController().signal;

/** A list with so many items, whose message tells `steps` of its pieces. */
function listOf(places: number) {
  const inBytes: ItemsInBytes = { some: true, places, cursor: () => { throw new Error('not asked'); } };
  return { length: places, inBytes, [Symbol.iterator]: () => [][Symbol.iterator]() };
}

describe('a message', () => {
  let steps: string[];

  beforeEach(() => { steps = []; });

  const documentOf = (name: string, items: ReturnType<typeof listOf>, kind = 'PodMetricsList'): ProtobufDocument => ({
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind,
    items,
    message: (function* () {
      for (let piece = 0; piece < PIECES; piece++) {
        steps.push(name);
        yield Buffer.from(`${name}${piece}`);
      }
    })(),
  });

  test('is what it is without others', async () => {
    const items = listOf(1000);
    const pieces = await new WholeMessages().encode(documentOf('a', items), never);
    expect(Buffer.concat(pieces)).toEqual(Buffer.concat(await encodeProtobuf(documentOf('a', items))));
  });

  test('that several ask for while it is made is made once', async () => {
    const items = listOf(1000);
    const messages = new WholeMessages();
    const [one, other] = await Promise.all(['a', 'b'].map((name) => messages.encode(documentOf(name, items), never)));
    expect(one).toHaveLength(PIECES + 2);
    one.forEach((piece, index) => expect(other[index]).toBe(piece));
    // Each lets go of them as they are sent.
    one.length = 0;
    expect(other).toHaveLength(PIECES + 2);
    expect(steps).toEqual(Array(PIECES).fill('a'));
  });

  test('is made anew for who asks for it afterwards', async () => {
    const items = listOf(1000);
    const messages = new WholeMessages();
    await messages.encode(documentOf('a', items), never);
    expect(Buffer.concat(await messages.encode(documentOf('b', items), never)).toString()).toContain('b0b1b2b3');
  });

  test.each([
    ['another list', listOf(1000), 'PodMetricsList'],
    ['another kind', undefined, 'PartialObjectMetadataList'],
  ])('is made after one of %s', async (_, other, kind) => {
    const items = listOf(1000);
    const messages = new WholeMessages();
    await Promise.all([messages.encode(documentOf('a', items), never), messages.encode(documentOf('b', other ?? items, kind), never)]);
    expect(steps.join('')).toBe('aaaabbbb');
  });

  test('of few items waits for no long one', async () => {
    const messages = new WholeMessages();
    const long = messages.encode(documentOf('a', listOf(1000)), never);
    await messages.encode(documentOf('b', listOf(10)), never);
    await long;
    expect(steps.join('')).not.toMatch(/a{4}b/);
  });

  test('is not made when there is no room, which all who ask for it are told', async () => {
    const items = listOf(1000);
    const messages = new WholeMessages(() => { throw StatusError.tooManyRequests(); });
    const asked = ['a', 'b'].map((name) => messages.encode(documentOf(name, items), never));
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: 429 });
    expect(steps).toEqual([]);
  });

  test('is made no further when others have taken the room meanwhile', async () => {
    const messages = new WholeMessages(() => { if (steps.length > 1) throw StatusError.tooManyRequests(); });
    await expect(messages.encode(documentOf('a', listOf(1000)), never)).rejects.toMatchObject({ code: 429 });
    expect(steps).toHaveLength(2);
  });

  test('is made for who is left, and no further when nobody is', async () => {
    const items = listOf(1000);
    const messages = new WholeMessages();
    const [first, second] = [new AbortController(), new AbortController()];
    const asked = [first, second].map(({ signal }) => messages.encode(documentOf('a', items), signal));
    first.abort(new Error('gone'));
    await new Promise(setImmediate);
    second.abort();
    for (const one of asked) await expect(one).rejects.toThrow('gone');
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.length).toBeLessThan(PIECES);
    expect(Buffer.concat(await messages.encode(documentOf('b', items), never)).toString()).toContain('b0b1b2b3');
  });
});
