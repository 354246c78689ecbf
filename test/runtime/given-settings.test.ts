import { join } from 'node:path';
import { RecordingLogger } from './cluster/fixtures';
import { TempDir } from './cluster/temp-dir';
import { ManualClock } from './manual-clock';
import { AuthenticationOptions, optionsFrom } from '../../src/runtime/flags/options';
import { parseFlags } from '../../src/runtime/flags/parse';
import { givenSettings } from '../../src/runtime/given-settings';
import { createCertificateAuthority } from '../simulated-cluster/pki';

let cas: string[];
let dir: TempDir;
let clock: ManualClock;
let logger: RecordingLogger;

beforeAll(async () => {
  cas = (await Promise.all(['old', 'new'].map(createCertificateAuthority))).map(({ certificate }) => certificate);
});

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
  logger = new RecordingLogger();
});

afterEach(() => dir.remove());

function options(...flags: readonly string[]): AuthenticationOptions {
  return optionsFrom(parseFlags(flags)).authentication;
}

test('nothing is given unless a file is named, whatever the names of headers', () => {
  expect(givenSettings(options('--requestheader-username-headers=x-user'), clock, logger)()).toEqual({ clientCa: undefined, requestHeader: undefined });
});

test('with the request header CA, everything about request headers comes from flags', () => {
  const file = dir.write('front-proxy-ca.crt', cas[0]);
  expect(givenSettings(options(`--requestheader-client-ca-file=${file}`, '--requestheader-allowed-names=front-proxy-client'), clock, logger)().requestHeader)
    .toMatchObject({
      clientCa: cas[0],
      allowedNames: ['front-proxy-client'],
      usernameHeaders: ['x-remote-user'],
      groupHeaders: ['x-remote-group'],
      extraHeadersPrefixes: ['x-remote-extra-'],
      uidHeaders: [],
    });
});

test('files are re-read as they rotate; while one cannot be used, the last good one is, which is logged once', () => {
  const settings = givenSettings(options(`--client-ca-file=${dir.write('ca.crt', cas[0])}`), clock, logger);
  expect(settings().clientCa).toBe(cas[0]);
  const path = join(dir.path, 'ca.crt');
  for (const [text, reason] of [
    ['', `${path} is empty`],
    [`${cas[1]}${cas[1].slice(0, 100)}`, 'holds a certificate that cannot be read, number 2 of 2'],
    ['garbage', 'holds no certificate in PEM'],
  ]) {
    dir.write('ca.crt', text);
    clock.advance(5_000);
    expect(settings().clientCa).toBe(cas[0]);
    expect(settings().clientCa).toBe(cas[0]);
    expect(logger.lines.splice(0)).toEqual([`W Keeping the CA certificates in use flag=--client-ca-file path=${path} reason=${reason}`]);
  }
  dir.write('ca.crt', cas[1]);
  clock.advance(5_000);
  expect(settings().clientCa).toBe(cas[1]);
  expect(logger.lines).toEqual([]);
});
