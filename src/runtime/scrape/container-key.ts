/**
 * How containers and pods are keyed: by the text of their labels, in the order in which a kubelet writes them, so that the bytes
 * of a page are the key: `container="c",namespace="n",pod="p"`. The pod's key is its tail: `namespace="n",pod="p"`.
 */
export const CONTAINER_LABEL = Buffer.from('container="');
export const NAMESPACE_LABEL = Buffer.from('",namespace="');
export const POD_LABEL = Buffer.from('",pod="');

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte > 0x20 && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH));

/** Bytes that stand for themselves inside quotes. Kubernetes names consist of nothing else. */
export function isPlain(byte: number): boolean {
  return PLAIN[byte] === 1;
}

/** Text of such bytes alone, and some of it. */
export function isPlainText(text: unknown): text is string {
  return typeof text === 'string' && /^[!#-[\]-~]+$/.test(text);
}

export function containerKey(container: string, namespace: string, pod: string): string {
  return `container="${container}",${podKey(namespace, pod)}`;
}

export function podKey(namespace: string, pod: string): string {
  return `namespace="${namespace}",pod="${pod}"`;
}

/** Where the pod's key begins in a container's key. */
export function podKeyOffset(key: Buffer): number {
  return key.indexOf(QUOTE, CONTAINER_LABEL.length) + 2;
}

/** Where the container's name begins in the container's key that begins at `start`; it ends before a quote. */
export function containerNameStart(start: number): number {
  return start + CONTAINER_LABEL.length;
}

/** The container's name that begins there. */
export function containerName(bytes: Buffer, nameStart: number): string {
  return bytes.toString('latin1', nameStart, bytes.indexOf(QUOTE, nameStart));
}

/** Negative when the first of the names, which begin at these places, comes before the second. */
export function compareContainerNames(bytes: Uint8Array, first: number, second: number): number {
  for (let i = 0; ; i++) {
    const [a, b] = [bytes[first + i], bytes[second + i]];
    if (a === QUOTE || b === QUOTE) return Number(a !== QUOTE) - Number(b !== QUOTE);
    if (a !== b) return a - b;
  }
}

/** `namespace/name` in a pod's key. */
export function podName(key: Buffer): string {
  const [, namespace, name] = /^namespace="(.*)",pod="(.*)"$/.exec(key.toString('latin1', 0, key.length))!;
  return `${namespace}/${name}`;
}
