import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { FileHandle, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { RotatingFile, RotatingFileOptions } from '../../../../src/runtime/server/audit/rotating-file';
import { TempDir } from '../../cluster/temp-dir';
import { ManualClock } from '../../manual-clock';

const DAY_MS = 86_400_000;

let dir: TempDir;
let clock: ManualClock;

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
});

afterEach(() => dir.remove());

const files = () => readdirSync(dir.path).sort();
const text = (name: string) => readFileSync(`${dir.path}/${name}`, 'utf8');

function file(options: Partial<RotatingFileOptions> = {}): RotatingFile {
  return new RotatingFile({
    path: `${dir.path}/audit.log`, maxBytes: 10, maxBackups: 0, maxAgeDays: 0, compress: false, clock, onFailure: (error) => { throw error; }, ...options,
  });
}

test('lines follow what is there already', async () => {
  dir.write('audit.log', 'a\n');
  const log = file();
  await log.open();
  await Promise.all([log.write('b\n'), log.write('c\n')]);
  await log.close();
  expect(text('audit.log')).toBe('a\nb\nc\n');
});

test('lines that are written together stay in order and are all kept, though files are full within a millisecond', async () => {
  const log = file();
  const lines = Array.from({ length: 6 }, (_, index) => `line ${index}\n`);
  await log.write(lines[0]);
  await Promise.all(lines.slice(1).map((line) => log.write(line)));
  await log.close();
  expect(files().map(text).join('')).toBe(lines.join(''));
});

test('a file that would grow too large is set aside, and nothing is split', async () => {
  const log = file();
  await log.write('0123456\n');
  await log.write('abcdef\n');
  expect(files()).toEqual(['audit-2026-01-01T00-00-00.000.log', 'audit.log']);
  expect([text(files()[0]), text('audit.log')]).toEqual(['0123456\n', 'abcdef\n']);
  await log.close();
});

test('a line that is too large for any file has one of its own', async () => {
  const log = file();
  await log.write('x'.repeat(20));
  expect(files()).toEqual(['audit.log']);
  await log.write('y');
  expect(files().map(text)).toEqual(['x'.repeat(20), 'y']);
  await log.close();
});

test('0 never sets it aside', async () => {
  const log = file({ maxBytes: 0 });
  await log.write('x'.repeat(1000));
  await log.write('y');
  expect(files()).toEqual(['audit.log']);
  await log.close();
});

async function rotateDaily(options: Partial<RotatingFileOptions>): Promise<void> {
  const log = file(options);
  for (let day = 0; day < 5; day++) {
    await log.write(`day ${day} ...\n`);
    clock.advance(DAY_MS);
  }
  await log.close();
}

test('so many are kept', async () => {
  dir.write('audit-other.log', '');
  await rotateDaily({ maxBackups: 2 });
  expect(files()).toEqual(['audit-2026-01-04T00-00-00.000.log', 'audit-2026-01-05T00-00-00.000.log', 'audit-other.log', 'audit.log']);
});

test('so long they are kept', async () => {
  await rotateDaily({ maxAgeDays: 1 });
  expect(files()).toEqual(['audit-2026-01-04T00-00-00.000.log', 'audit-2026-01-05T00-00-00.000.log', 'audit.log']);
});

test('nobody else may read them', async () => {
  await rotateDaily({ compress: true });
  const permissions = files().map((name) => statSync(`${dir.path}/${name}`).mode.toString(8).slice(-3));
  expect(permissions).toEqual(Array(5).fill('600'));
});

test('they are compressed, once each', async () => {
  await rotateDaily({ compress: true });
  expect(files().slice(0, -1)).toEqual([1, 2, 3, 4].map((day) => `audit-2026-01-0${day + 1}T00-00-00.000.log.gz`));
  expect(gunzipSync(readFileSync(`${dir.path}/${files()[0]}`)).toString()).toBe('day 0 ...\n');
});

test('nobody waits until they are', async () => {
  const held = '2025-12-31T00-00-00.000';
  // Who reads it waits for somebody who writes.
  execFileSync('mkfifo', [`${dir.path}/audit-${held}.log`]);
  const log = file({ compress: true });
  for (let line = 0; line < 4; line++) await log.write(`line ${line} ...\n`);
  expect(text('audit.log')).toBe('line 3 ...\n');
  await writeFile(`${dir.path}/audit-${held}.log`, 'held\n');
  await log.close();
  const times = [held, '2026-01-01T00-00-00.000', '2026-01-01T00-00-00.001', '2026-01-01T00-00-00.002'];
  expect(files()).toEqual([...times.map((time) => `audit-${time}.log.gz`), 'audit.log']);
  expect(files().slice(0, -1).map((name) => gunzipSync(readFileSync(`${dir.path}/${name}`)).toString())).toEqual(['held\n', 'line 0 ...\n', 'line 1 ...\n', 'line 2 ...\n']);
});

test('so many are kept, compressed', async () => {
  await rotateDaily({ compress: true, maxBackups: 1 });
  expect(files()).toEqual(['audit-2026-01-05T00-00-00.000.log.gz', 'audit.log']);
  expect(gunzipSync(readFileSync(`${dir.path}/${files()[0]}`)).toString()).toBe('day 3 ...\n');
});

test('one that cannot be set aside is written on, and that is told', async () => {
  const failures: unknown[] = [];
  const log = file({ onFailure: (error) => failures.push(error) });
  await log.write('0123456\n');
  // What it would be called is a folder.
  mkdirSync(`${dir.path}/audit-2026-01-01T00-00-00.000.log/x`, { recursive: true });
  await log.write('abcdef\n');
  expect(failures).toEqual([expect.objectContaining({ code: 'EISDIR' })]);
  expect(text('audit.log')).toBe('0123456\nabcdef\n');
  await log.close();
});

test('for a minute then: it is not tried for each line', async () => {
  const failures: unknown[] = [];
  const log = file({ onFailure: (error) => failures.push(error) });
  await log.write('0123456\n');
  mkdirSync(`${dir.path}/audit-2026-01-01T00-00-00.000.log/x`, { recursive: true });
  for (let line = 0; line < 3; line++) await log.write(`line ${line}\n`);
  clock.advance(59_999);
  await log.write('line 3\n');
  expect(failures).toHaveLength(1);
  clock.advance(1);
  await log.write('line 4\n');
  await log.close();
  expect(failures).toHaveLength(1);
  expect([text('audit-2026-01-01T00-01-00.000.log'), text('audit.log')]).toEqual(['0123456\nline 0\nline 1\nline 2\nline 3\n', 'line 4\n']);
});

test('after a line that was written in part, the next one begins a line', async () => {
  const log = file({ maxBytes: 0 });
  await log.write('a\n');
  const appendFile = jest.spyOn((log as unknown as { file: FileHandle }).file, 'appendFile');
  appendFile.mockImplementationOnce(async () => {
    appendFileSync(`${dir.path}/audit.log`, 'torn');
    throw new Error('ENOSPC');
  });
  await expect(log.write('torn and lost\n')).rejects.toThrow('ENOSPC');
  await log.write('b\n');
  await log.write('c\n');
  expect(text('audit.log')).toBe('a\ntorn\nb\nc\n');
  await log.close();
});

test('a full disk loses lines, and is over when there is room', async () => {
  symlinkSync('/dev/full', `${dir.path}/audit.log`);
  const log = file({ maxBytes: 0 });
  await expect(log.write('a\n')).rejects.toThrow('ENOSPC');
  await log.close();
  dir.remove();
  dir = new TempDir();
  const after = file();
  await after.write('b\n');
  await after.close();
  expect(text('audit.log')).toBe('b\n');
});
