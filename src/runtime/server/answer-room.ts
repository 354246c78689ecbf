import { Clock } from '../clock';
import { cutOff, Outlet } from './cut-off';
import { StatusError } from './status';

/** Beside one more answer, however long: far more than clients that read leave, and little enough to hold in memory. */
export const MAX_UNREAD_BYTES = 32 * 1024 * 1024;

/** Who reads takes a piece within this time, even where we write to a hundred others in turn. Smaller pieces cost half as much again to send. */
const STILL_AFTER_MS = 500;

/** Errors, probes, single objects: these are never refused. */
const SHORT_BYTES = 4096;

const TOO_MUCH = 'too much of other answers waits for their clients to read it, please try again later';

interface Unread {
  readonly buffers: readonly ArrayBufferLike[];
  /** Beside them. */
  readonly ownBytes: number;
  readonly movedMs: number;
}

/**
 * Bounds what is made of answers and not read yet. Where it is too much, those are cut off whose clients have taken nothing for longest; as long
 * as all take something, no further answer begins.
 */
export class AnswerRoom {
  /** Where something was taken last comes last. */
  private readonly answers = new Map<Outlet, Unread>();
  /** By how many answers each is held: long lists are shared. */
  private readonly holders = new Map<ArrayBufferLike, number>();
  private bytes = 0;

  constructor(private readonly clock: Clock, private readonly max: number, private readonly onCutOff: () => void) {}

  get unreadBytes(): number {
    return this.bytes;
  }

  /** @throws StatusError 429 when there is no room for a further answer */
  admit(): void {
    this.makeRoom();
    if (this.bytes >= this.max) throw StatusError.tooManyRequests(TOO_MUCH);
  }

  /** Holds this of an answer that begins, until it ends. Throws as `admit` does, unless it is short. */
  begin(outlet: Outlet, pieces: readonly Uint8Array[], ownBytes = 0): void {
    if (outlet.destroyed) return;
    if (ownBytes + pieces.reduce((sum, { length }) => sum + length, 0) > SHORT_BYTES) this.admit();
    this.hold(outlet, pieces.map(({ buffer }) => buffer), ownBytes);
    outlet.once('close', () => this.forget(outlet));
  }

  /** The client has taken something. Holds this now instead of what was before: no answer is refused in its middle, but where it is too much others end. */
  taken(outlet: Outlet, pieces: readonly Uint8Array[]): void {
    const before = this.answers.get(outlet);
    if (!before) return;
    this.hold(outlet, pieces.map(({ buffer }) => buffer), before.ownBytes);
    this.release(before);
    this.makeRoom();
  }

  private hold(outlet: Outlet, buffers: readonly ArrayBufferLike[], ownBytes: number): void {
    for (const buffer of buffers) {
      const holders = this.holders.get(buffer) ?? 0;
      if (holders === 0) this.bytes += buffer.byteLength;
      this.holders.set(buffer, holders + 1);
    }
    this.bytes += ownBytes;
    this.answers.delete(outlet);
    this.answers.set(outlet, { buffers, ownBytes, movedMs: this.clock.monotonic() });
  }

  private release({ buffers, ownBytes }: Unread): void {
    for (const buffer of buffers) {
      const holders = this.holders.get(buffer)! - 1;
      if (holders > 0) {
        this.holders.set(buffer, holders);
      } else {
        this.holders.delete(buffer);
        this.bytes -= buffer.byteLength;
      }
    }
    this.bytes -= ownBytes;
  }

  private makeRoom(): void {
    const stillSinceMs = this.clock.monotonic() - STILL_AFTER_MS;
    for (const [outlet, { movedMs }] of this.answers) {
      if (this.bytes < this.max || movedMs > stillSinceMs) return;
      // It is gone at once; its event comes later.
      this.forget(outlet);
      cutOff(outlet);
      this.onCutOff();
    }
  }

  private forget(outlet: Outlet): void {
    const unread = this.answers.get(outlet);
    if (!unread) return;
    this.answers.delete(outlet);
    this.release(unread);
  }
}
