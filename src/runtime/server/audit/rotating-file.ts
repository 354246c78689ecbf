import { createReadStream, createWriteStream } from 'node:fs';
import { FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { LineSink } from './log-backend';
import { Clock } from '../../clock';

export interface RotatingFileOptions {
  readonly path: string;
  /** A file that would grow beyond is set aside. 0 for never. */
  readonly maxBytes: number;
  /** Files that were set aside. 0 for any number. */
  readonly maxBackups: number;
  /** Age of those. 0 for any. */
  readonly maxAgeDays: number;
  readonly compress: boolean;
  readonly clock: Clock;
  /** Of what does not keep lines from being written. */
  readonly onFailure: (error: unknown) => void;
}

const DAY_MS = 86_400_000;

/** A file that could not be set aside, for example because it is a mount of its own, is written on for so long. */
const RETRY_MS = 60_000;

/** Only the owner may read who asked for what. */
const MODE = 0o600;

/** A file that is set aside when it is full, under its name and the time: `audit-2026-01-01T00-00-00.000.log`. */
export class RotatingFile implements LineSink {
  private file: FileHandle | undefined;
  private bytes = 0;
  /** In the name of the file that was set aside last: none may replace another. */
  private setAsideMs = 0;
  /** Of the monotonic clock: not to be set aside before. */
  private retryMs = 0;
  /** A line was written in part. */
  private torn = false;
  /** Writes follow one another. */
  private last: Promise<void> = Promise.resolve();
  /** Beside them, one at a time. */
  private tidying: Promise<void> | undefined;
  private isUntidy = false;

  constructor(private readonly options: RotatingFileOptions) {}

  /** Rejects when the file cannot be written to. */
  async open(): Promise<void> {
    const { path } = this.options;
    await mkdir(dirname(path), { recursive: true });
    this.file = await open(path, 'a', MODE);
    this.bytes = (await this.file.stat()).size;
  }

  write(text: string): Promise<void> {
    const written = this.last.then(() => this.append(text));
    this.last = written.catch(() => {});
    return written;
  }

  async close(): Promise<void> {
    await this.last;
    await this.file?.close();
    this.file = undefined;
    await this.tidying;
  }

  private async append(text: string): Promise<void> {
    const { clock, maxBytes } = this.options;
    const data = Buffer.from(this.torn ? `\n${text}` : text);
    const isFull = maxBytes > 0 && this.bytes > 0 && this.bytes + data.length > maxBytes;
    if (isFull && clock.monotonic() >= this.retryMs) await this.rotate();
    if (!this.file) await this.open();
    try {
      await this.file!.appendFile(data);
      this.torn = false;
    } catch (error) {
      this.torn = true;
      throw error;
    } finally {
      this.bytes += data.length;
    }
  }

  private async rotate(): Promise<void> {
    const { path, clock, onFailure } = this.options;
    const { dir, name, ext } = parse(path);
    this.setAsideMs = Math.max(clock.now(), this.setAsideMs + 1);
    const time = new Date(this.setAsideMs).toISOString().replaceAll(':', '-').replace('Z', '');
    await this.file?.close();
    this.file = undefined;
    try {
      await rename(path, join(dir, `${name}-${time}${ext}`));
    } catch (error) {
      this.retryMs = clock.monotonic() + RETRY_MS;
      onFailure(error);
    }
    this.isUntidy = true;
    this.tidying ??= this.tidyUp().finally(() => { this.tidying = undefined; });
  }

  /** What was set aside meanwhile is seen to as well. */
  private async tidyUp(): Promise<void> {
    while (this.isUntidy) {
      this.isUntidy = false;
      await this.tidy().catch(this.options.onFailure);
    }
  }

  private async tidy(): Promise<void> {
    const { path, maxBackups, maxAgeDays, compress, clock } = this.options;
    const { dir, name, ext } = parse(path);
    const backups = (await readdir(dir || '.')).map((file) => ({ file: join(dir, file), timeMs: backupTimeMs(file, name, ext) }))
      .filter(({ timeMs }) => !Number.isNaN(timeMs)).sort((a, b) => b.timeMs - a.timeMs);
    const oldestMs = maxAgeDays > 0 ? clock.now() - maxAgeDays * DAY_MS : -Infinity;
    for (const [index, { file, timeMs }] of backups.entries()) {
      if (maxBackups > 0 && index >= maxBackups || timeMs < oldestMs) await rm(file, { force: true });
      else if (compress && !file.endsWith('.gz')) await gzip(file);
    }
  }
}

/** NaN when the file is no backup. */
function backupTimeMs(file: string, name: string, ext: string): number {
  const plain = file.replace(/\.gz$/, '');
  if (!plain.startsWith(`${name}-`) || !plain.endsWith(ext)) return NaN;
  const [, date, hours, minutes, seconds] = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})$/.exec(plain.slice(name.length + 1, plain.length - ext.length)) ?? [];
  return Date.parse(`${date}T${hours}:${minutes}:${seconds}Z`);
}

async function gzip(file: string): Promise<void> {
  await pipeline(createReadStream(file), createGzip(), createWriteStream(`${file}.gz`, { mode: MODE }));
  await rm(file);
}
