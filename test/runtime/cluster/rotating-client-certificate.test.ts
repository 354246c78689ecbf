import { TestAuthority, TestCertificate } from './certificates';
import { TempDir } from './temp-dir';
import { CachedFile } from '../../../src/runtime/cluster/cached-file';
import { RotatingClientCertificate } from '../../../src/runtime/cluster/rotating-client-certificate';
import { ManualClock } from '../manual-clock';

const MAX_AGE_MS = 60_000;

let dir: TempDir;
let clock: ManualClock;
let reasons: string[];
let old: TestCertificate;
let renewed: TestCertificate;

beforeAll(async () => {
  const authority = await TestAuthority.create('clients');
  [old, renewed] = await Promise.all(['old', 'new'].map((name) => authority.issue(name)));
});

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
  reasons = [];
});

afterEach(() => dir.remove());

function writtenPair({ certificate, key }: TestCertificate): RotatingClientCertificate {
  const files = [dir.write('tls.crt', certificate), dir.write('tls.key', key)].map((path) => new CachedFile(path, clock, MAX_AGE_MS));
  return new RotatingClientCertificate(files[0], files[1], (reason) => reasons.push(reason));
}

test('a certificate whose key has not followed yet is not used, which is said once; when it follows, both count at once', () => {
  const pair = writtenPair(old);
  expect(pair.read()).toEqual(old);
  dir.write('tls.crt', renewed.certificate);
  clock.advance(MAX_AGE_MS);
  for (let time = 0; time < 3; time++) expect(pair.read()).toEqual(old);
  expect(reasons).toEqual([expect.stringContaining('key values mismatch')]);
  dir.write('tls.key', renewed.key);
  expect(pair.read()).toEqual(renewed);
  expect(reasons).toHaveLength(1);
});

test('a key that comes before its certificate is not used either', () => {
  const pair = writtenPair(old);
  pair.read();
  dir.write('tls.key', renewed.key);
  pair.invalidate();
  expect(pair.read()).toEqual(old);
  dir.write('tls.crt', renewed.certificate);
  expect(pair.read()).toEqual(renewed);
});

test.each([
  ['half written', () => renewed.certificate.slice(0, 200), /bad end line|PEM/],
  ['empty', () => '', /tls\.crt is empty/],
])('a certificate that is %s is not used, which is said once, and again the next time', (_, text, reason) => {
  const pair = writtenPair(old);
  pair.read();
  for (let rotation = 1; rotation <= 2; rotation++) {
    dir.write('tls.crt', text());
    pair.invalidate();
    for (let time = 0; time < 3; time++) expect(pair.read()).toEqual(old);
    expect(reasons).toEqual(Array(rotation).fill(expect.stringMatching(reason)));
    dir.write('tls.crt', old.certificate);
    expect(pair.read()).toEqual(old);
  }
});

test('a pair that never was one is the caller\'s to refuse', () => {
  expect(() => writtenPair({ certificate: old.certificate, key: renewed.key }).read()).toThrow(/key values mismatch/);
});
